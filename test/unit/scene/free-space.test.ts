import { describe, expect, test, vi } from 'vitest';
import { findBoundary, placeBoundary } from '../../../src/scene/boundary';
import { fitEgoPath } from '../../../src/scene/ego-path';
import { findEgoRegion } from '../../../src/scene/ego-region';
import { type FreeStretch, measureFreeSpace } from '../../../src/scene/free-space';
import { TimeToObstacle } from '../../../src/scene/time-to-obstacle';
import {
  car,
  ID,
  mirrored,
  person,
  type RenderOptions,
  type RoadOptions,
  random,
  render,
  roadWorld,
  testCamera,
  uniform,
} from './synthetic';

// Rendering is slow while others use the machine; a time limit is no assertion.
vi.setConfig({ testTimeout: 60_000 });

const camera = testCamera();
const UNCERTAINTY = { pitch: 0.003, height: 0.03 };

function freeSpaceOf(map: ReturnType<typeof render>) {
  const region = findEgoRegion(map);
  const path = fitEgoPath(placeBoundary(findBoundary(region), region, camera));
  return measureFreeSpace(region, camera, path, UNCERTAINTY);
}
const freeSpace = (road: RoadOptions, options: RenderOptions = {}) =>
  freeSpaceOf(render(roadWorld(road), camera, options));

describe('ahead', () => {
  test.each([6, 12, 25, 40])('free until the car at %d m', (z) => {
    const { ahead } = freeSpace({ boxes: [car(0, z)] }, { blur: 0.7 });
    expect(ahead!.end).toBe('vehicle');
    expect(Math.abs(ahead!.distance - z)).toBeLessThan(Math.max(0.3, 0.08 * z));
    expect(Math.abs(ahead!.distance - z)).toBeLessThan(3 * ahead!.sigma);
    expect(ahead!.from).toBeLessThan(4.5);
  });

  test('follows the bend: the car in the own lane ends it, the one straight ahead does not', () => {
    const bend = (0.012 * 24 * 24) / 2;
    const road: RoadOptions = { width: 9, curvature: 0.012 };
    expect(freeSpace({ ...road, boxes: [car(bend, 24, 1)] }).ahead!.distance).toBeLessThan(26);
    expect(freeSpace({ ...road, boxes: [car(bend - 3.4, 24, 1)] }).ahead!.distance).toBeGreaterThan(30);
  });

  test('a person at the flank ends it, a kerb at the flank does not', () => {
    const flank = freeSpace({ boxes: [person(0.9, 14)] }).ahead!;
    expect(flank.end).toBe('person');
    expect(Math.abs(flank.distance - 14)).toBeLessThan(1.2);
    // Half a metre from the kerb: the flank is over it all the way.
    expect(freeSpace({ offset: -3 }).ahead!.distance).toBeGreaterThan(20);
  });

  test('the own bonnet hides the beginning and ends nothing', () => {
    const open = freeSpace({ boxes: [car(0, 20)] }).ahead!;
    const hidden = freeSpace({ boxes: [car(0, 20)] }, { bonnet: { rows: 12, classId: ID.unseen } }).ahead!;
    expect(hidden.from).toBeGreaterThan(open.from + 0.5);
    expect(hidden.distance).toBeCloseTo(open.distance, 6);
  });

  test('no road: nothing is free; road without end: free as far as is measured', () => {
    expect(freeSpaceOf(uniform(ID.building, 0))).toEqual({ rays: [], ahead: null });
    expect(freeSpaceOf(uniform(ID.road, 1)).ahead).toMatchObject({ end: 'range' });
  });
});

describe('the polar profile', () => {
  test('every ray ends at the kerb or a thing, where it truly is', () => {
    const { rays } = freeSpace({ width: 8, boxes: [car(2, 12)] }, { blur: 0.5 });
    expect(rays.length).toBeGreaterThan(15);
    let checked = 0;
    for (const { bearing, distance, end, from } of rays) {
      if (Math.abs(bearing) < 0.12 || distance <= from) continue;
      const kerb = 4 / Math.abs(Math.sin(bearing));
      const onCar = end === 'vehicle';
      const truth = onCar ? 12 / Math.cos(bearing) : kerb;
      expect(Math.abs(distance - truth)).toBeLessThan(0.12 * truth);
      checked++;
    }
    expect(checked).toBeGreaterThan(8);
    expect(rays.some(({ end }) => end === 'vehicle')).toBe(true);
    expect(rays.some(({ end }) => end === 'kerb')).toBe(true);
  });

  test('a mirrored map has the mirrored profile', () => {
    const map = render(roadWorld({ offset: 1, boxes: [car(-2, 14)] }), camera, { blur: 0.7 });
    const straight = freeSpaceOf(map).rays.map(({ bearing, distance }) => [bearing, distance] as const);
    const flipped = freeSpaceOf(mirrored(map)).rays.map(
      ({ bearing, distance }) => [-bearing, distance] as const,
    );
    flipped.reverse();
    expect(flipped).toHaveLength(straight.length);
    flipped.forEach(([bearing, distance], i) => {
      expect(bearing).toBeCloseTo(straight[i]![0], 9);
      // A point on the line between two cells falls to the right one in both pictures.
      expect(Math.abs(distance / straight[i]![1] - 1)).toBeLessThan(0.03);
    });
  });
});

describe('time to obstacle', () => {
  const STEP = 1 / 15;
  const stretch = (distance: number, end: FreeStretch['end'] = 'vehicle'): FreeStretch => ({
    from: 3,
    distance,
    sigma: 0.03 * distance,
    end,
  });
  const feed = (distances: readonly number[], end: FreeStretch['end'] = 'vehicle') => {
    const clock = new TimeToObstacle();
    return distances.map((distance, i) => clock.update(stretch(distance, end), i * STEP));
  };

  test('closing at 8 m/s from 30 m, with noise', () => {
    const next = random(3);
    const distances = Array.from({ length: 30 }, (_, i) => (30 - 8 * i * STEP) * (1 + 0.02 * (next() - 0.5)));
    const times = feed(distances);
    expect(times[3]).toBeNull();
    expect(times.at(-1)! / (distances.at(-1)! / 8)).toBeGreaterThan(0.85);
    expect(times.at(-1)! / (distances.at(-1)! / 8)).toBeLessThan(1.15);
  });

  test('none while nothing closes in, when the kerb ends the road, or right after something cut in', () => {
    expect(feed(Array.from({ length: 30 }, () => 20)).at(-1)).toBeNull();
    expect(feed(Array.from({ length: 30 }, (_, i) => 20 + i * 0.2)).at(-1)).toBeNull();
    expect(
      feed(
        Array.from({ length: 30 }, (_, i) => 30 - i * 0.5),
        'kerb',
      ).at(-1),
    ).toBeNull();
    expect(feed([...Array.from({ length: 20 }, () => 40), 15]).at(-1)).toBeNull();
  });
});
