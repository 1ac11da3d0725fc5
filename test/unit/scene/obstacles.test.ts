import { describe, expect, test, vi } from 'vitest';
import { findBoundary, placeBoundary } from '../../../src/scene/boundary';
import type { CameraModel } from '../../../src/scene/camera-model';
import { fitEgoPath, STRAIGHT_PATH } from '../../../src/scene/ego-path';
import { findEgoRegion } from '../../../src/scene/ego-region';
import { findObstacles, type Obstacle } from '../../../src/scene/obstacles';
import {
  car,
  ID,
  person,
  type RenderOptions,
  type RoadOptions,
  render,
  roadWorld,
  testCamera,
} from './synthetic';

// Rendering is slow while others use the machine; a time limit is no assertion.
vi.setConfig({ testTimeout: 60_000 });

const UNCERTAINTY = { pitch: 0.003, height: 0.03 };

function obstaclesOf(
  road: RoadOptions,
  options: RenderOptions = {},
  camera: CameraModel = testCamera(),
): Obstacle[] {
  const region = findEgoRegion(render(roadWorld(road), camera, options));
  const path = fitEgoPath(placeBoundary(findBoundary(region), region, camera));
  return findObstacles(region, camera, path, UNCERTAINTY);
}

describe('distance', () => {
  test.each([6, 10, 15, 25, 40])('a car %d m ahead is found there', (z) => {
    const found = obstaclesOf({ boxes: [car(0.3, z)] }, { blur: 0.7 });
    expect(found).toHaveLength(1);
    const [obstacle] = found as [Obstacle];
    expect(obstacle.classId).toBe(ID.vehicle);
    expect(obstacle.standing).toBe('road');
    expect(obstacle.contactSeen).toBe(true);
    expect(obstacle.inPath).toBe(true);
    expect(Math.abs(obstacle.ground!.z - z) / z).toBeLessThan(0.08);
    expect(Math.abs(obstacle.ground!.x - 0.3)).toBeLessThan(0.3);
    expect(Math.abs(obstacle.distance! - z)).toBeLessThan(3 * obstacle.distanceSigma!);
  });

  test('farther is less certain', () => {
    const sigma = (z: number) => obstaclesOf({ boxes: [car(0, z)] })[0]!.distanceSigma!;
    expect(sigma(30)).toBeGreaterThan(3 * sigma(10));
  });

  test('a bonnet that hides the contact makes the distance a bound, and says so', () => {
    const found = obstaclesOf({ boxes: [car(0, 4)] }, { bonnet: { rows: 22, classId: ID.unseen } });
    expect(found.map((obstacle) => obstacle.contactSeen)).toEqual([false]);
  });
});

describe('where it stands', () => {
  test('people: on the road, on the sidewalk beside it, and far off in the grass', () => {
    const found = obstaclesOf({
      width: 7,
      sidewalk: 3,
      boxes: [person(1, 10), person(4.6, 9), person(-14, 16)],
    });
    const near = (x: number) => found.find((obstacle) => Math.abs(obstacle.ground!.x - x) < 0.6);
    expect(near(1)).toMatchObject({ classId: ID.person, standing: 'road', inPath: true });
    expect(near(4.6)).toMatchObject({ classId: ID.person, standing: 'beside', inPath: false });
    expect(near(-14)).toBeUndefined();
  });

  test('on a bend, the car in the own lane is in the path and the one straight ahead is not', () => {
    const road: RoadOptions = { width: 8, curvature: 0.012 };
    const bend = (z: number) => (0.012 * z * z) / 2;
    expect(obstaclesOf({ ...road, boxes: [car(bend(24), 24, 1)] })[0]!.inPath).toBe(true);
    expect(obstaclesOf({ ...road, boxes: [car(bend(24) - 2.9, 24, 1)] })[0]!.inPath).toBe(false);
  });

  test('a cyclist is one, though most of it looks like a person', () => {
    const rider = { classId: ID.person, x: 2, z: 9, width: 0.6, height: 1.8, length: 0.5 };
    const bicycle = { classId: ID.cyclist, x: 2, z: 8.9, width: 0.6, height: 0.9, length: 1.7 };
    const found = obstaclesOf({ boxes: [rider, bicycle] });
    expect(found.map((obstacle) => obstacle.classId)).toEqual([ID.cyclist]);
  });
});

test('cars parked behind each other that touch in the picture are told apart', () => {
  const found = obstaclesOf({ width: 10, boxes: [car(3.4, 8), car(3, 20)] });
  const distances = found.map((obstacle) => obstacle.ground!.z).sort((a, b) => a - b);
  expect(distances).toHaveLength(2);
  expect(Math.abs(distances[0]! - 8)).toBeLessThan(0.6);
  expect(Math.abs(distances[1]! - 20)).toBeLessThan(1.2);
});

test('specks of two cells are no obstacles, and without a road there are none', () => {
  const map = render(roadWorld(), testCamera());
  for (const cell of [45 * 112 + 56, 45 * 112 + 57]) {
    map.classes[cell] = ID.vehicle;
    map.drivable[cell] = 20;
  }
  const region = findEgoRegion(map);
  expect(findObstacles(region, testCamera(), STRAIGHT_PATH, UNCERTAINTY)).toEqual([]);
  expect(obstaclesOf({ boxes: [car(0, 12)] }, {}, testCamera({ roll: Math.PI }))).toEqual([]);
});
