/** Where in a recording belongs what files say, and what of it is left when somebody takes it along. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readGpx } from '../../../src/telemetry/formats/gpx';
import { readNmea } from '../../../src/telemetry/formats/nmea';
import { bearing, metresBetween } from '../../../src/telemetry/geo';
import { gpxOf } from '../../../src/telemetry/gpx-export';
import { type Clip, layBeside, layInside, layPlace, sameName } from '../../../src/telemetry/lay-track';
import { type Fix, NO_FIX, type Reading } from '../../../src/telemetry/reading';
import { sharedMoment, sharedTrack } from '../../../src/telemetry/share-track';
import { momentAt, placeOf, type Track } from '../../../src/telemetry/track';
import { BEGAN, drive, gpx, lengthOf, nmea } from '../../fixtures/telemetry/recorders';

const MOMENTS = drive(30);

function clip(patch: Partial<Clip> = {}): Clip {
  return {
    name: '20260301_101500_NF.mp4',
    start: 0,
    end: 30,
    containerStart: 0,
    began: [{ ms: BEGAN, zone: 0 }],
    ...patch,
  };
}

const beside = (text: string, name = 'track.gpx') => ({
  name,
  reading: (name.endsWith('gpx') ? readGpx(text) : readNmea(text))!,
});

const inside = (fixes: readonly Partial<Fix>[]): Reading => ({
  format: 'gpmf',
  fixes: fixes.map((fix) => ({ ...NO_FIX, ...fix })),
  clock: 'utc',
  zone: null,
  damaged: 0,
});

/** The drive as it lies in a video. */
const told = (seconds: number): Partial<Fix>[] =>
  drive(seconds).map(({ utc, ...moment }, i) => ({ ...moment, clock: utc, seconds: i }));

describe('inside a video', () => {
  test('times are the file’s, less those of its first picture; the next file goes on', () => {
    const clips = [clip({ end: 10, containerStart: 2 }), clip({ start: 10, end: 20, containerStart: 0 })];
    const track = layInside(clips, [inside(told(15)), inside(told(15))])!;
    expect(track).toMatchObject({ format: 'gpmf', clock: 'file', from: '', left: 0, derived: [] });
    // The first second lies before the first picture; what lies beyond the file's end belongs to nobody.
    expect(track.points.map(({ t }) => t)).toEqual([
      ...Array.from({ length: 10 }, (_, i) => i),
      ...Array.from({ length: 10 }, (_, i) => 10 + i),
    ]);
    expect(track.points[0]!.speed).toBeCloseTo(4, 5);
    expect(track.points[10]!.speed).toBeCloseTo(2, 5);
  });

  test('a file without anything is a hole', () => {
    const clips = [clip({ end: 8 }), clip({ start: 8, end: 20 }), clip({ start: 20, end: 30 })];
    const track = layInside(clips, [inside(told(8)), null, inside(told(10))])!;
    expect(track.holes).toEqual([{ from: 7, to: 20 }]);
    expect(momentAt(track, 5.5)!.speed).toBeCloseTo(7.5, 5);
    expect(momentAt(track, 14)).toBeNull();
    expect(momentAt(track, 7.5)).toMatchObject({ speed: 9 });
    expect(layInside(clips, [null, null, null])).toBeNull();
  });
});

describe('beside a video', () => {
  test('by a clock with a zone', () => {
    const track = layBeside([clip()], [beside(gpx(drive(40, BEGAN - 5000)))])!;
    expect(track).toMatchObject({ clock: 'matched', from: 'track.gpx', zone: 0 });
    expect(track.derived).toEqual(['speed', 'heading']);
    expect(momentAt(track, 0)!.longitude).toBeCloseTo(drive(40)[5]!.longitude, 7);
    expect(momentAt(track, 10)!.utc).toBe(BEGAN + 10_000);
    // Worked out from places: 13.9 m/s to the east.
    expect(momentAt(track, 10)!.speed).toBeCloseTo(13.9, 1);
    expect(momentAt(track, 8)!.heading).toBeCloseTo(90, 0);
  });

  test.for([-300, 60, 345, 570])('a recorder %s minutes ahead whose video says so to nobody', (zone) => {
    const local = clip({ began: [{ ms: BEGAN + zone * 60_000, zone: null }] });
    for (const each of [beside(gpx(MOMENTS)), beside(nmea(MOMENTS), '20260301_101500_N.nmea')]) {
      const track = layBeside([local], [each])!;
      expect(track).toMatchObject({ clock: 'zone', zone });
      expect(momentAt(track, 10)!.utc).toBe(BEGAN + 10_000);
    }
  });

  test('a long track that would fit in several zones is a guess, and is said to be', () => {
    const long = drive(7200, BEGAN - 3_600_000);
    const track = layBeside([clip({ began: [{ ms: BEGAN, zone: null }] })], [beside(gpx(long))])!;
    expect(track.clock).toBe('assumed');
    expect(momentAt(track, 10)!.utc).toBe(BEGAN + 10_000);
  });

  test('another day is laid at the beginning, as a guess; seconds move it', () => {
    const other = gpx(drive(30, BEGAN + 5 * 86_400_000 + 1234));
    const track = layBeside([clip()], [beside(other)])!;
    expect(track.clock).toBe('assumed');
    expect(track.points[0]!.t).toBe(0);
    const moved = layBeside([clip()], [beside(other)], 4)!;
    expect(momentAt(moved, 0)!.longitude).toBeCloseTo(MOMENTS[4]!.longitude, 7);
  });

  test('each file with a video’s name belongs to that video, whatever its clock', () => {
    const clips = [
      clip({ name: 'A0001F.mp4', end: 30, began: [] }),
      clip({ name: 'A0002F.mp4', start: 30, end: 60, began: [] }),
    ];
    const track = layBeside(clips, [beside(nmea(drive(10, BEGAN + 9e9)), 'A0002F.nmea')])!;
    expect(track.points[0]!.t).toBe(30);
    expect(track.points.at(-1)!.t).toBe(39);
  });

  test('a header that tells when the recording ended is not believed against the name', () => {
    const ended = clip({
      began: [
        { ms: BEGAN + 30_000, zone: 0 },
        { ms: BEGAN, zone: null },
      ],
    });
    const track = layBeside([ended], [beside(nmea(MOMENTS), '20260301_101500_N.nmea')])!;
    expect(track).toMatchObject({ clock: 'matched', zone: 0 });
    expect(momentAt(track, 10)!.utc).toBe(BEGAN + 10_000);
    const alone = layBeside(
      [{ ...ended, began: ended.began.slice(0, 1) }],
      [beside(nmea(MOMENTS), '20260301_101500_N.nmea')],
    )!;
    expect(alone.clock).toBe('assumed');
    expect(alone.points[0]!.t).toBe(0);
  });

  test('names', () => {
    expect(sameName('20260301_101500_NF.mp4', '20260301_101500_N.gps')).toBe(true);
    expect(sameName('FILE260301-101500F.MP4', 'file260301-101500f.NMEA')).toBe(true);
    expect(sameName('a.mp4', 'a.gpx')).toBe(true);
    expect(sameName('a1.mp4', 'a.gpx')).toBe(false);
    expect(sameName('20260301_101500_NF.mp4', '20260301_101600_NF.gps')).toBe(false);
  });
});

describe('impossible places', () => {
  const at = (seconds: number, latitude: number | null, longitude: number | null): Partial<Fix> => ({
    seconds,
    latitude,
    longitude,
  });

  test('beyond the earth, nowhere, and where nobody drives in a second are left out', () => {
    const fixes = told(20);
    fixes[4] = at(4, 0, 0);
    fixes[7] = at(7, 91, 13);
    fixes[9] = at(9, 53, 13);
    fixes[12] = { ...at(12, Number.NaN, 13), speed: 5000, heading: 720 };
    const track = layInside([clip()], [inside(fixes)])!;
    expect(track.left).toBe(4);
    expect(track.points.filter((point) => placeOf(point)).length).toBe(16);
    const whole = layInside([clip()], [inside(told(20))])!;
    expect(lengthOf(track.points)).toBeCloseTo(lengthOf(whole.points), 0);
  });

  test('a receiver that begins somewhere else', () => {
    const fixes = told(20);
    for (const i of [0, 1, 2]) fixes[i] = at(i, 10, 10);
    const track = layInside([clip()], [inside(fixes)])!;
    expect(track.points.filter((point) => placeOf(point)).map(({ t }) => t)[0]).toBe(3);
    expect(track.left).toBe(3);
  });

  test('whatever numbers are told: times rise, values are possible, what is between lies between', () => {
    const wild = fc.oneof(
      fc.double(),
      fc.constantFrom(0, -90, 90, 180, -180, 360, 1e308, Number.NaN),
      fc.double({ min: -100, max: 100 }),
    );
    const fix = fc.record({
      seconds: fc.oneof(fc.double({ min: -5, max: 40 }), wild),
      latitude: fc.oneof(fc.double({ min: 51.999, max: 52.001 }), wild),
      longitude: wild,
      speed: wild,
      heading: wild,
      steering: wild,
      clock: wild,
    });
    fc.assert(
      fc.property(
        fc.array(fix, { maxLength: 40 }),
        fc.double({ min: -2, max: 40, noNaN: true }),
        (fixes, t) => {
          const track = layInside([clip()], [inside(fixes)]);
          if (!track) return;
          const times = track.points.map((point) => point.t);
          expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
          for (const { latitude, longitude, speed, heading } of [
            ...track.points,
            ...(momentAt(track, t) ? [momentAt(track, t)!] : []),
          ]) {
            expect(latitude === null).toBe(longitude === null);
            if (latitude !== null) expect(Math.abs(latitude)).toBeLessThanOrEqual(90);
            if (speed !== null) expect(speed >= 0 && speed <= 120).toBe(true);
            if (heading !== null) expect(heading >= 0 && heading < 360).toBe(true);
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});

test('nothing is drawn beyond a point that begins a hair later', () => {
  const track = layInside(
    [clip()],
    [
      inside([
        { seconds: 0, speed: 0 },
        { seconds: 0.001, speed: 90 },
      ]),
    ],
  )!;
  expect(momentAt(track, -5e-7)!.speed).toBe(0);
});

test('headings turn through north the short way', () => {
  const track = layInside(
    [clip()],
    [
      inside([
        { seconds: 0, heading: 350, speed: 1 },
        { seconds: 2, heading: 10, speed: 3 },
      ]),
    ],
  )!;
  expect(momentAt(track, 1)!.heading).toBeCloseTo(0, 6);
  expect(momentAt(track, 1)!.speed).toBeCloseTo(2, 6);
});

test('distances and directions', () => {
  // A degree of a meridian of the mean sphere.
  expect(metresBetween({ latitude: 52, longitude: 13 }, { latitude: 53, longitude: 13 })).toBeCloseTo(
    111_195,
    0,
  );
  expect(bearing({ latitude: 0, longitude: 179.9 }, { latitude: 0, longitude: -179.9 })).toBeCloseTo(90, 6);
});

describe('what leaves', () => {
  const track = (): Track => layInside([clip()], [inside(told(30))])!;

  test('no place unless it is asked for', () => {
    const shared = sharedTrack(track(), { places: false, cut: 0 });
    expect(shared.points.every((point) => placeOf(point) === null)).toBe(true);
    expect(shared.points[5]!.speed).toBeCloseTo(7, 6);
    expect(gpxOf(shared, 'x')).toBeNull();
  });

  test('start and end are cut in metres, and what leads there with them', () => {
    const whole = track();
    const [home, goal] = [placeOf(whole.points[0]!)!, placeOf(whole.points.at(-1)!)!];
    const shared = sharedTrack(whole, { places: true, cut: 60 });
    const kept = shared.points.filter((point) => placeOf(point));
    expect(kept.length).toBeGreaterThan(10);
    for (const point of kept) {
      expect(metresBetween(placeOf(point)!, home)).toBeGreaterThan(60);
      expect(metresBetween(placeOf(point)!, goal)).toBeGreaterThan(60);
    }
    const cut = shared.points.filter((point) => !placeOf(point));
    expect(cut.every(({ heading }) => heading === null)).toBe(true);
    // Between the last one that was cut and the first that was not, too.
    const border = shared.points.find((point) => placeOf(point))!.t;
    expect(sharedMoment(shared, border - 0.5)!.latitude).toBeNull();
    expect(sharedMoment(shared, border + 0.5)!.latitude).not.toBeNull();
    expect(gpxOf(sharedTrack(whole, { places: true, cut: 5000 }), 'x')).toBeNull();
  });

  test('GPX is read again as it was written; a hole begins another segment; names are text', () => {
    const fixes = told(30).filter((_, i) => i < 8 || i > 20);
    const text = gpxOf(layInside([clip()], [inside(fixes)])!, 'a <b> & c', { from: 2, to: 25 })!;
    expect(text.match(/<trkseg>/g)).toHaveLength(2);
    expect(text).toContain('<name>a &lt;b&gt; &amp; c</name>');
    const again = readGpx(text)!;
    expect(again.fixes).toHaveLength(6 + 5);
    expect(again.fixes[0]).toMatchObject({ clock: BEGAN + 2000, speed: 4, heading: 90 });
    expect(again.fixes[0]!.longitude).toBeCloseTo(MOMENTS[2]!.longitude, 6);
  });

  test('a place alone is one point', () => {
    expect(layPlace({ latitude: 27.9881, longitude: 86.925 })!.points).toHaveLength(1);
    expect(layPlace({ latitude: 0, longitude: 0 })).toBeNull();
  });
});
