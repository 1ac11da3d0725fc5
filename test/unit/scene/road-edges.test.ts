import { expect, test } from 'vitest';
import type { ClassMap } from '../../../src/perception/engine';
import { findBoundary, placeBoundary } from '../../../src/scene/boundary';
import { findEgoRegion } from '../../../src/scene/ego-region';
import { EDGE_POINTS_MAX, EDGES_MAX, type RoadEdge, roadEdgesOf } from '../../../src/scene/road-edges';
import { ID, render, roadWorld, testCamera, uniform } from './synthetic';

function edgesIn(map: ClassMap): RoadEdge[] {
  const camera = testCamera();
  const region = findEgoRegion(map);
  const boundary = placeBoundary(findBoundary(region), region, camera);
  return roadEdgesOf({ boundary, width: camera.width, height: camera.height });
}

test('a straight road has an edge on either side, where it lies in the picture', () => {
  const edges = edgesIn(render(roadWorld({}), testCamera()));
  expect(edges.map((edge) => edge.side)).toEqual(expect.arrayContaining(['left', 'right']));
  for (const { side, points } of edges) {
    expect(points.length).toBeGreaterThan(1);
    expect(points.length).toBeLessThanOrEqual(EDGE_POINTS_MAX);
    for (const { x, y, confidence } of points) {
      for (const share of [x, y, confidence]) {
        expect(share).toBeGreaterThanOrEqual(0);
        expect(share).toBeLessThanOrEqual(1);
      }
      // A road ahead: its left edge lies left of the middle, the right one right of it.
      expect(side === 'left' ? x : 1 - x).toBeLessThan(0.55);
    }
    // From near to far.
    expect(points[0]!.y).toBeGreaterThan(points.at(-1)!.y);
  }
  expect(edges.length).toBeLessThanOrEqual(EDGES_MAX);
});

test('where there is no road there are no edges', () => {
  expect(edgesIn(uniform(ID.building, 0))).toEqual([]);
});
