/** The scene's metres against those driven: what stands still decides, traffic does not. */
import { describe, expect, test } from 'vitest';
import { approachesOf, checkDrive, differs, drivenAt } from '../../../src/jobs/drive-check';
import type { FrameRecord } from '../../../src/jobs/frame-record';
import type { Track, TrackPoint } from '../../../src/telemetry/track';

const SPEED = 10;

function trackOf(moment: (t: number) => Partial<TrackPoint>, seconds = 60): Track {
  const nothing = { utc: null, latitude: null, longitude: null, steering: null, brake: null };
  return {
    points: Array.from({ length: seconds + 1 }, (_, t) => ({
      ...nothing,
      ...{ t, speed: SPEED, heading: 90 },
      ...moment(t),
    })),
    format: 'gpx',
    from: 'a.gpx',
    clock: 'file',
    zone: null,
    holes: [],
    derived: [],
    left: 0,
  };
}

/**
 * A drive of a minute past a thing every 20 m, seen from 60 m on.
 * @param scale metres that are seen for each real one
 * @param own speed of the n-th thing along the road, metres a second
 */
function driveBy(scale: number, own: (n: number) => number = () => 0): FrameRecord[] {
  return Array.from({ length: 600 }, (_, i) => {
    const t = i / 10;
    const obstacles = Array.from({ length: 32 }, (_, n) => ({
      id: n,
      classId: 11,
      box: [0, 0, 0.1, 0.1] as [number, number, number, number],
      // A tremble of a per cent, the same each time.
      distance: scale * (20 * n + own(n) * t - SPEED * t) * (1 + 0.01 * Math.sin(37 * i + n)),
      inPath: false,
    })).filter(({ distance }) => distance > 0 && distance < 60);
    return { n: i, t, obstacles, events: [] } as unknown as FrameRecord;
  });
}

describe('metres of the scene and metres driven', () => {
  test.for([1, 0.85, 1.2])('things that stand still tell the scale: %f', (scale) => {
    const check = checkDrive(
      approachesOf(
        driveBy(scale),
        trackOf(() => ({})),
      ),
    )!;
    expect(check.ratio).toBeCloseTo(scale, 1);
    expect(Math.abs(check.ratio - scale)).toBeLessThan(0.03);
    expect(check.sigma).toBeLessThan(0.02);
    expect(differs(check)).toBe(scale !== 1);
  });

  test('traffic along and against the road does not count', () => {
    // Every third thing drives along, every third one comes up.
    const mixed = driveBy(0.9, (n) => [0, 8, -12][n % 3]!);
    const check = checkDrive(
      approachesOf(
        mixed,
        trackOf(() => ({})),
      ),
    )!;
    expect(Math.abs(check.ratio - 0.9)).toBeLessThan(0.04);
  });

  test('where nothing stands still, nothing is said', () => {
    expect(
      checkDrive(
        approachesOf(
          driveBy(1, () => 9),
          trackOf(() => ({})),
        ),
      ),
    ).toBeNull();
  });

  test('bends do not count, where the heading is known', () => {
    const bent = trackOf((t) => ({ heading: (t * 20) % 360 }));
    expect(approachesOf(driveBy(1), bent)).toEqual([]);
    expect(
      approachesOf(
        driveBy(1),
        trackOf(() => ({ heading: null })),
      ).length,
    ).toBeGreaterThan(20);
  });

  test('a standing vehicle, one without a speed, and a cut have no approaches', () => {
    expect(
      approachesOf(
        driveBy(1),
        trackOf(() => ({ speed: 0 })),
      ),
    ).toEqual([]);
    expect(
      approachesOf(
        driveBy(1),
        trackOf(() => ({ speed: null })),
      ),
    ).toEqual([]);
    const cut = driveBy(1).map((record) => ({ ...record, events: [{ type: 'scene-cut' }] }));
    expect(
      approachesOf(
        cut,
        trackOf(() => ({})),
      ),
    ).toEqual([]);
  });

  test('the way driven is the speed over time, and begins anew behind what is not known', () => {
    const records = [0, 1, 2, 3, 4, 5].map((t) => ({ t }) as FrameRecord);
    const known = trackOf((t) => ({ speed: 2 * t }), 5);
    expect(drivenAt(records, known)).toEqual([0, 1, 4, 9, 16, 25]);
    const broken = trackOf((t) => ({ speed: t === 2 || t === 3 ? null : 2 * t }), 5);
    expect(drivenAt(records, broken)).toEqual([0, 1, null, null, 1, 10]);
  });
});
