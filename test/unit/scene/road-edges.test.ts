import { expect, test } from 'vitest';
import { EDGE_POINTS_MAX, EDGES_MAX, findRoadEdges } from '../../../src/scene/road-edges';
import { ID, render, roadWorld, testCamera, uniform } from './synthetic';

test('a straight road has an edge on either side, where it lies in the picture', () => {
  const edges = findRoadEdges(render(roadWorld({}), testCamera()));
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

test('where there is no road there are no edges; a map that does not fit its size is refused', () => {
  expect(findRoadEdges(uniform(ID.building, 0))).toEqual([]);
  expect(() =>
    findRoadEdges({ width: 8, height: 8, classes: new Uint8Array(3), drivable: new Uint8Array(64) }),
  ).toThrow(expect.objectContaining({ code: 'class-map-invalid' }));
});
