import { expect, test, vi } from 'vitest';
import { findBoundary, placeBoundary } from '../../../src/scene/boundary';
import { fitEgoPath, pathAt, STRAIGHT_PATH } from '../../../src/scene/ego-path';
import { findEgoRegion } from '../../../src/scene/ego-region';
import { car, ID, type RoadOptions, render, roadWorld, testCamera, uniform } from './synthetic';

// Rendering is slow while others use the machine; a time limit is no assertion.
vi.setConfig({ testTimeout: 60_000 });

const camera = testCamera();
const pathOf = (road: RoadOptions) => {
  const region = findEgoRegion(render(roadWorld(road), camera, { blur: 0.7 }));
  return fitEgoPath(placeBoundary(findBoundary(region), region, camera));
};

test.each([
  ['straight', { offset: 1 }],
  ['bending right', { offset: -1, curvature: 0.008 }],
  ['bending left', { offset: 1.7, curvature: -0.01 }],
  ['at an angle', { offset: 0, heading: 0.05 }],
  ['with a side street', { offset: 1, crossing: { from: 12, to: 20, side: 'right' } }],
  ['with one edge hidden by parked cars', { offset: 0, boxes: [car(-3, 6), car(-3, 12), car(-3, 18)] }],
] satisfies [string, RoadOptions][])('the path follows the road: %s', (_, road: RoadOptions) => {
  const path = pathOf(road);
  const expected = (z: number) => (road.heading ?? 0) * z + ((road.curvature ?? 0) * z * z) / 2;
  for (const z of [8, 15, 25]) expect(Math.abs(pathAt(path, z) - expected(z))).toBeLessThan(0.3 + 0.02 * z);
  expect(path.right! - (road.offset ?? 0)).toBeCloseTo(3.5, 0);
});

test('without edges it is straight ahead', () => {
  const region = findEgoRegion(uniform(ID.road, 0.99));
  expect(fitEgoPath(placeBoundary(findBoundary(region), region, camera))).toEqual(STRAIGHT_PATH);
});
