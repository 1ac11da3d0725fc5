/** The track as a map: to scale, north up, coloured, and found again under the pointer. */
import { describe, expect, test } from 'vitest';
import type { FrameRecord } from '../../../src/jobs/frame-record';
import { WRITTEN_IN_ENGLISH } from '../../../src/media/written-words';
import { driveCurves } from '../../../src/studio/track/drive-curves';
import { originWords } from '../../../src/studio/track/drive-words';
import { drawnAt, layMap, MAP, timeNear } from '../../../src/studio/track/track-map';
import type { Track, TrackPoint } from '../../../src/telemetry/track';
import { formatPlace, formatSpeed, windOf } from '../../../src/telemetry/words';
import { drive, lengthOf } from '../../fixtures/telemetry/recorders';

function trackOf(points: readonly Partial<TrackPoint>[]): Track {
  const none = {
    utc: null,
    latitude: null,
    longitude: null,
    speed: null,
    heading: null,
    steering: null,
    brake: null,
  };
  return {
    points: points.map((point, t) => ({ ...none, t, ...point })),
    format: 'gpmf',
    from: '',
    clock: 'file',
    zone: null,
    holes: [],
    derived: [],
    left: 0,
  };
}

const DRIVE = trackOf(drive(40).map(({ utc: _utc, ...moment }) => moment));

describe('the map', () => {
  test('is drawn to scale: lengths of the drawing are those of the drive', () => {
    const map = layMap(DRIVE, 'speed', [])!;
    const metres = map.bar.metres / map.bar.units;
    let drawn = 0;
    for (const [i, dot] of map.dots.entries())
      if (i > 0) drawn += Math.hypot(dot.x - map.dots[i - 1]!.x, dot.y - map.dots[i - 1]!.y);
    expect((drawn * metres) / lengthOf(DRIVE.points)).toBeCloseTo(1, 2);
    expect(map.bar.units).toBeLessThanOrEqual(MAP.width / 4);
  });

  test('has all of it inside, east right and north up', () => {
    const { dots } = layMap(DRIVE, 'speed', [])!;
    for (const { x, y } of dots) {
      expect(x).toBeGreaterThanOrEqual(MAP.margin - 1e-6);
      expect(x).toBeLessThanOrEqual(MAP.width - MAP.margin + 1e-6);
      expect(y).toBeGreaterThanOrEqual(MAP.margin - 1e-6);
      expect(y).toBeLessThanOrEqual(MAP.height - MAP.margin + 1e-6);
    }
    expect(dots[10]!.x).toBeGreaterThan(dots[0]!.x);
    expect(dots.at(-1)!.y).toBeLessThan(dots[20]!.y);
  });

  test('goes on across the date line', () => {
    const track = trackOf(
      [179.999, 180, -179.999].map((longitude) => ({ latitude: 0, longitude, speed: 1 })),
    );
    const map = layMap(track, 'speed', [])!;
    expect(map.dots.map(({ x }) => x)).toEqual(map.dots.map(({ x }) => x).toSorted((a, b) => a - b));
    const { x, y } = drawnAt(map, { latitude: 0, longitude: -179.999 });
    expect(x).toBeCloseTo(map.dots[2]!.x, 6);
    expect(y).toBeCloseTo(map.dots[2]!.y, 6);
  });

  test('tells the time of the point that is pointed at', () => {
    const map = layMap(DRIVE, 'speed', [])!;
    for (const n of [0, 13, 39]) expect(timeNear(map, map.dots[n]!.x + 0.1, map.dots[n]!.y)).toBe(n);
  });

  test('colours by speed, and breaks where nothing is known', () => {
    const map = layMap(DRIVE, 'speed', [])!;
    expect(map.values!.low).toBeCloseTo(2, 6);
    expect(map.values!.high).toBeCloseTo(13.9, 6);
    expect(map.lines[0]!.step).toBe(0);
    expect(map.lines.at(-1)!.step).toBe(4);
    const broken = layMap({ ...DRIVE, holes: [{ from: 19, to: 20 }] }, 'speed', [])!;
    expect(broken.lines).toHaveLength(map.lines.length + 1);
    const plain = layMap(DRIVE, 'drivable', [])!;
    expect(plain.values).toBeNull();
    expect(plain.lines.map(({ step }) => step)).toEqual([-1]);
  });

  test('colours by what the network saw, where it was analysed', () => {
    // The first half is analysed; its drivable share falls.
    const records = Array.from({ length: 20 }, (_, t) => ({ t, drivable: 0.5 - t / 50 }) as FrameRecord);
    const map = layMap(DRIVE, 'drivable', records)!;
    expect(map.values).toEqual({ low: 0.5 - 19 / 50, high: 0.5 });
    expect(map.lines[0]!.step).toBe(4);
    expect(map.lines.at(-1)!.step).toBe(-1);
  });

  test('of a car that stands is not its receiver’s noise, and of none is none', () => {
    const still = trackOf([0, 1, 2].map((i) => ({ latitude: 52 + i * 1e-6, longitude: 13, speed: 0 })));
    const map = layMap(still, 'speed', [])!;
    expect(Math.abs(map.dots[2]!.y - map.dots[0]!.y)).toBeLessThan(2);
    expect(layMap(trackOf([{ speed: 3 }]), 'speed', [])).toBeNull();
  });
});

test('curves: as high as the speed, broken in holes and where the heading passes north', () => {
  const curves = driveCurves(
    trackOf(
      Array.from({ length: 11 }, (_, i) => ({
        speed: i,
        heading: i < 5 ? 350 : 10,
        steering: 5 * i,
        brake: i > 8,
      })),
    ),
    10,
  );
  expect(curves.fastest).toBe(10);
  expect(curves.speed.startsWith('M0 94.0')).toBe(true);
  expect(curves.speed.endsWith('L1000 6.0')).toBe(true);
  expect(curves.heading.match(/M/g)).toHaveLength(2);
  expect(curves.steering.startsWith('M0 50.0')).toBe(true);
  expect(curves.brake.startsWith('M8')).toBe(true);
  expect(driveCurves(trackOf([{ speed: 1 }]), 100).speed.match(/L/g)?.length ?? 0).toBeLessThan(15);
});

test('words', () => {
  expect(formatSpeed(10, 'km/h')).toBe('36');
  expect(formatSpeed(10, 'mph')).toBe('22');
  expect(formatSpeed(null, 'mph')).toBe('–');
  expect([0, 44, 180, 359].map(windOf)).toEqual(['N', 'NE', 'S', 'N']);
  const place = { latitude: -33.5, longitude: 151.25 };
  expect(formatPlace(place, WRITTEN_IN_ENGLISH)).toBe('33.50000° S, 151.25000° E');
  expect(formatPlace(place, { point: ',', winds: { E: 'O' } })).toBe('33,50000° S, 151,25000° O');
  expect(originWords({ ...DRIVE, format: 'gpx', from: 'a.gpx', clock: 'zone', zone: -210, left: 2 })).toBe(
    'From GPX, a.gpx; by its clock; the recorder’s is UTC−3:30; 2 impossible or damaged left out.',
  );
});
