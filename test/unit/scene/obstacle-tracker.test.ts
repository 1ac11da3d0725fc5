import { describe, expect, test } from 'vitest';
import { ObstacleTracker } from '../../../src/scene/obstacle-tracker';
import type { Obstacle } from '../../../src/scene/obstacles';
import { ID, random, testCamera } from './synthetic';

const camera = testCamera();

/** A car-sized obstacle at a place on the ground, as a frame would show it. */
function at(x: number, z: number, classId: number = ID.vehicle): Obstacle {
  const width = classId === ID.vehicle ? 1.8 : 0.6;
  const from = camera.groundToImage({ x: x - width / 2, z })!;
  const to = camera.groundToImage({ x: x + width / 2, z })!;
  const top = camera.groundToImage({ x, z }, 1.5)!;
  return {
    classId,
    box: { x: from.x, y: top.y, width: to.x - from.x, height: from.y - top.y },
    contact: [from, to],
    contactSeen: true,
    ground: { x, z },
    distance: Math.hypot(x, z),
    distanceSigma: z * 0.03,
    standing: 'road',
    inPath: Math.abs(x) < 1.2,
    confidence: 1,
  };
}

const STEP = 1 / 15;

/** Feeds frames and collects what happened. */
function run(frames: readonly (readonly Obstacle[])[], step = STEP) {
  const tracker = new ObstacleTracker();
  const log: string[] = [];
  const ids: number[][] = [];
  let last: ReturnType<ObstacleTracker['update']> | null = null;
  frames.forEach((obstacles, index) => {
    last = tracker.update(obstacles, index * step);
    for (const { id } of last.entered) log.push(`${index}+${id}`);
    for (const { id } of last.left) log.push(`${index}-${id}`);
    ids.push(last.obstacles.map(({ id }) => id));
  });
  return { log, ids, last: last!, tracker };
}

test('it enters after three frames, keeps its id, survives a blink, and leaves once', () => {
  const seen = [at(0, 15)];
  const frames = [seen, seen, seen, seen, [], [], seen, ...Array.from({ length: 12 }, () => [])];
  const { log, ids } = run(frames);
  expect(log).toEqual(['2+1', '14-1']);
  expect(ids[5]).toEqual([1]);
});

test('a flicker of two frames never becomes an obstacle', () => {
  const { log } = run([[at(0, 15)], [at(0, 15)], [], [], [], [], []]);
  expect(log).toEqual([]);
});

test('two cars that pass each other keep their ids', () => {
  const frames = Array.from({ length: 30 }, (_, i) => [at(-2.2, 10 + i * 0.5), at(2.2, 25 - i * 0.5)]);
  const { log, last } = run(frames);
  expect(log).toEqual(['2+1', '2+2']);
  expect(last.obstacles.find(({ id }) => id === 1)!.ground!.x).toBe(-2.2);
});

test('a person in front of a car is not continued as the car', () => {
  const { ids } = run([
    ...Array.from({ length: 4 }, () => [at(0, 12, ID.person)]),
    ...Array.from({ length: 4 }, () => [at(0, 12.2)]),
  ]);
  expect(ids.at(-1)).toEqual([1, 2]);
});

describe('closing speed', () => {
  const approach = (speed: number, noise: number) => {
    const next = random(7);
    const frames = Array.from({ length: 45 }, (_, i) => {
      const z = 30 - speed * i * STEP;
      return [at(0, z * (1 + noise * (next() - 0.5)))];
    });
    return run(frames).last.obstacles[0]!;
  };

  test('is found from distances, exact and noisy', () => {
    expect(approach(6, 0).closing).toBeCloseTo(6, 0);
    expect(Math.abs(approach(6, 0.03).closing! - 6)).toBeLessThan(2);
    expect(Math.abs(approach(0, 0).closing!)).toBeLessThan(0.01);
  });

  test('is not told before half a second', () => {
    expect(run(Array.from({ length: 5 }, () => [at(0, 20)])).last.obstacles[0]!.closing).toBeNull();
  });
});

test('a reset lets everything leave and starts new ids', () => {
  const { tracker } = run(Array.from({ length: 4 }, () => [at(0, 15)]));
  expect(tracker.reset(1).map(({ id }) => id)).toEqual([1]);
  tracker.update([at(0, 15)], 1.1);
  tracker.update([at(0, 15)], 1.2);
  expect(tracker.update([at(0, 15)], 1.3).entered.map(({ id }) => id)).toEqual([2]);
});
