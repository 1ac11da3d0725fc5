import { expect, test, vi } from 'vitest';
import { type BoundaryLine, findBoundary, isRoadEdge } from '../../../src/scene/boundary';
import { BoundaryTracker } from '../../../src/scene/boundary-tracker';
import { findEgoRegion } from '../../../src/scene/ego-region';
import { crossings } from '../../../src/scene/polyline';
import { type RenderOptions, type RoadOptions, render, roadWorld, testCamera } from './synthetic';

// Rendering is slow while others use the machine; a time limit is no assertion.
vi.setConfig({ testTimeout: 60_000 });

const camera = testCamera();
const lines = (road: RoadOptions, options: RenderOptions = {}) =>
  findBoundary(findEgoRegion(render(roadWorld(road), camera, options)));

/** Where the right edge crosses a row, cells. */
function crossingAt(boundary: readonly BoundaryLine[], row: number): number | null {
  for (const { side, kind, points } of boundary) {
    if (side !== 'right' || !isRoadEdge(kind)) continue;
    for (let i = 1; i < points.length; i++) {
      const [a, b] = [points[i - 1]!, points[i]!];
      if (a.y >= row && b.y < row) return a.x + ((a.y - row) / (a.y - b.y)) * (b.x - a.x);
    }
  }
  return null;
}

const spread = (values: readonly number[]) => {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
};

const STEP = 1 / 30;

test('noise on a still road moves the tracked edge less than the raw one', () => {
  const tracker = new BoundaryTracker();
  const raw: number[] = [];
  const stable: number[] = [];
  for (let seed = 1; seed <= 24; seed++) {
    const found = lines({}, { blur: 1.2, noise: 1, seed });
    const tracked = tracker.update(found, STEP);
    expect(crossings(tracked.map((line) => line.points)).size).toBe(0);
    if (seed < 6) continue;
    raw.push(crossingAt(found, 40)!);
    stable.push(crossingAt(tracked, 40)!);
  }
  expect(spread(stable)).toBeLessThan(0.7 * spread(raw));
});

test('an edge that moves is followed within a third of a cell', () => {
  const tracker = new BoundaryTracker();
  let worst = 0;
  for (let i = 0; i < 15; i++) {
    const found = lines({ offset: i * 0.02 }, { blur: 1 });
    const tracked = tracker.update(found, STEP);
    worst = Math.max(worst, Math.abs(crossingAt(tracked, 45)! - crossingAt(found, 45)!));
  }
  expect(worst).toBeGreaterThan(0);
  expect(worst).toBeLessThan(0.34);
});

test('a jump is taken at once, and after a reset nothing of the past is left', () => {
  const [here, there] = [lines({ offset: 0 }), lines({ offset: 1 })];
  const near = lines({ offset: 0.1 });
  const tracker = new BoundaryTracker();
  tracker.update(here, STEP);
  const jumped = tracker.update(there, STEP);
  expect(crossingAt(jumped, 50)).toBeCloseTo(crossingAt(there, 50)!, 6);
  tracker.reset();
  expect(tracker.update(near, STEP)).toEqual(near);
});

test('what is hidden now is not drawn from memory', () => {
  const tracker = new BoundaryTracker();
  tracker.update(lines({}), STEP);
  expect(tracker.update([], STEP)).toEqual([]);
});
