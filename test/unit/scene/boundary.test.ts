import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import type { ClassMap } from '../../../src/perception/engine';
import { type BoundaryLine, findBoundary, isRoadEdge, placeBoundary } from '../../../src/scene/boundary';
import { checkClassMap, findEgoRegion } from '../../../src/scene/ego-region';
import { crossings } from '../../../src/scene/polyline';
import {
  car,
  ID,
  mirrored,
  person,
  type RoadOptions,
  random,
  render,
  roadMiddle,
  roadWorld,
  testCamera,
  uniform,
} from './synthetic';

// Rendering and properties are slow while others use the machine; a time limit is no assertion.
vi.setConfig({ testTimeout: 60_000 });

const linesOf = (map: ClassMap) => findBoundary(findEgoRegion(map));
const edges = (lines: readonly BoundaryLine[]) => lines.filter((line) => isRoadEdge(line.kind));
const boundaryOf = (map: ClassMap, camera = testCamera()) => {
  const region = findEgoRegion(map);
  return placeBoundary(findBoundary(region), region, camera);
};
const quantile = (values: readonly number[], share: number) =>
  [...values].sort((a, b) => a - b)[Math.floor(share * (values.length - 1))]!;

/** Distances (metres, along x) of edge points from the true edge, out to `reach` metres ahead. */
function errors(map: ClassMap, road: RoadOptions, reach: number, camera = testCamera()): number[] {
  const half = (road.width ?? 7) / 2;
  const out: number[] = [];
  for (const segment of boundaryOf(map, camera).segments) {
    if (!isRoadEdge(segment.kind)) continue;
    for (const { ground } of segment.points) {
      if (!ground || ground.z > reach) continue;
      const truth = roadMiddle(road, ground.z) + (segment.side === 'left' ? -half : half);
      out.push(Math.abs(ground.x - truth));
    }
  }
  return out;
}

/** Random blobs of classes: nothing like a road, everything a contour can trip over. */
const anyMap: fc.Arbitrary<ClassMap> = fc
  .record({
    seed: fc.integer({ min: 1, max: 1e6 }),
    width: fc.integer({ min: 8, max: 48 }),
    height: fc.integer({ min: 8, max: 32 }),
    grain: fc.integer({ min: 1, max: 6 }),
    share: fc.double({ min: 0.3, max: 0.9, noNaN: true }),
  })
  .map(({ seed, width, height, grain, share }) => {
    const next = random(seed);
    const coarse = Array.from({ length: 64 * 64 }, () => next());
    const classes = new Uint8Array(width * height);
    const drivable = new Uint8Array(width * height);
    for (let i = 0; i < classes.length; i++) {
      const blob = coarse[Math.floor(Math.floor(i / width) / grain) * 64 + Math.floor((i % width) / grain)]!;
      const road = blob < share;
      const p = road ? 0.5 + 0.5 * next() : 0.5 * next();
      drivable[i] = Math.round(p * 255);
      classes[i] = road
        ? ID.road
        : [ID.sidewalk, ID.vehicle, ID.unseen, ID.vegetation][Math.floor(blob * 997) % 4]!;
    }
    return { width, height, classes, drivable };
  });

describe('accuracy on truth', () => {
  const straight: RoadOptions = { width: 7, offset: 1.5 };
  const curved: RoadOptions = { width: 7, offset: -0.5, curvature: 0.006 };

  test.each([
    ['straight, exact', straight, {}],
    ['straight, blurred', straight, { blur: 1 }],
    ['curved, blurred and noisy', curved, { blur: 1, noise: 0.5 }],
  ] as const)('%s: the edge lies within a fraction of a cell', (_, road, options) => {
    const found = errors(render(roadWorld(road), testCamera(), options), road, 20);
    expect(found.length).toBeGreaterThan(20);
    expect(quantile(found, 0.5)).toBeLessThan(0.06);
    expect(quantile(found, 0.95)).toBeLessThan(0.25);
  });

  test('the edge is no staircase: it hardly turns from point to point on a straight road', () => {
    const turns: number[] = [];
    for (const { points } of edges(linesOf(render(roadWorld(straight), testCamera())))) {
      for (let i = 1; i < points.length - 1; i++) {
        const [a, b, c] = [points[i - 1]!, points[i]!, points[i + 1]!];
        const turn = Math.atan2(c.y - b.y, c.x - b.x) - Math.atan2(b.y - a.y, b.x - a.x);
        turns.push(Math.abs(Math.atan2(Math.sin(turn), Math.cos(turn))));
      }
    }
    expect(turns.length).toBeGreaterThan(40);
    expect(quantile(turns, 0.9)).toBeLessThan(0.12);
  });

  test('a blurred edge is less certain than a sharp one, and no less well placed', () => {
    const confidence = (blur: number) =>
      boundaryOf(render(roadWorld(straight), testCamera(), { blur })).confidence;
    expect(confidence(0.3)).toBeGreaterThan(0.8);
    expect(confidence(2.5)).toBeLessThan(confidence(0.3) - 0.2);
  });
});

describe('what bounds the road', () => {
  test('sidewalks make kerbs, grass makes vegetation', () => {
    const kinds = (sidewalk: number) =>
      new Set(edges(linesOf(render(roadWorld({ sidewalk }), testCamera()))).map((line) => line.kind));
    expect(kinds(2.5)).toContain('kerb');
    expect(kinds(2.5)).not.toContain('vehicle');
    expect(kinds(0)).toContain('vegetation');
    expect(kinds(0)).not.toContain('kerb');
  });

  test('a parked car ends the kerb before it and after it; no kerb is drawn through it', () => {
    const road: RoadOptions = { width: 8, boxes: [car(3.4, 12)] };
    const camera = testCamera();
    const { segments } = boundaryOf(render(roadWorld(road), camera), camera);
    const right = segments.filter((segment) => segment.side === 'right');
    expect(right.some((segment) => segment.kind === 'vehicle')).toBe(true);
    const kerb = right.filter((segment) => segment.kind === 'kerb').flatMap((segment) => segment.points);
    const hidden = kerb.filter(({ ground }) => ground && ground.z > 12.5 && ground.z < 15.5);
    expect(hidden).toHaveLength(0);
    expect(kerb.some(({ ground }) => ground && ground.z < 11)).toBe(true);
  });

  test('a side street gives a gap and a second branch', () => {
    const world = roadWorld({ width: 7, crossing: { from: 14, to: 24, side: 'left' } });
    const left = linesOf(render(world, testCamera({ hfov: 0.9 }))).filter((line) => line.side === 'left');
    const branches = new Set(edges(left).map((line) => line.branch));
    expect(branches.size).toBe(2);
    // Across the mouth of the street no edge is drawn: no edge point lies near where the kerb would run.
    const camera = testCamera({ hfov: 0.9 });
    const mouth = boundaryOf(render(world, camera), camera)
      .segments.filter((segment) => segment.side === 'left' && isRoadEdge(segment.kind))
      .flatMap((segment) => segment.points)
      .filter(({ ground }) => ground && ground.z > 16 && ground.z < 22 && Math.abs(ground.x + 3.5) < 1);
    expect(mouth).toHaveLength(0);
  });

  test('the own bonnet, labelled as vehicle or masked out, is not taken for the end of the road', () => {
    for (const classId of [ID.vehicle, ID.unseen]) {
      const map = render(roadWorld(), testCamera(), { bonnet: { rows: 10, classId } });
      const region = findEgoRegion(map);
      expect(region.count).toBeGreaterThan(500);
      expect(region.lowestRow).toBe(map.height - 11);
      const lines = findBoundary(region);
      expect(lines.some((line) => line.kind === 'vehicle')).toBe(false);
      expect(edges(lines).length).toBeGreaterThanOrEqual(2);
    }
  });
});

describe('where there is nothing to find', () => {
  test('no road: no boundary, no confidence', () => {
    const { segments, confidence } = boundaryOf(uniform(ID.building, 0.02));
    expect(segments).toEqual([]);
    expect(confidence).toBe(0);
  });

  test('road everywhere: only the picture’s edge, no confidence', () => {
    const { segments, confidence } = boundaryOf(uniform(ID.road, 0.98));
    expect(segments.every((segment) => segment.kind === 'picture-edge')).toBe(true);
    expect(confidence).toBe(0);
  });

  test('upside down: the road hangs from the top and is not ours', () => {
    const camera = testCamera({ roll: Math.PI });
    expect(findEgoRegion(render(roadWorld(), camera)).count).toBe(0);
  });

  test('a patch of reflected road on a dashboard is not the ego road', () => {
    const map = render(roadWorld(), testCamera(), { bonnet: { rows: 14, classId: ID.building } });
    const bottom = (map.height - 3) * map.width + 50;
    for (let i = 0; i < 12; i++) map.drivable[bottom + i] = 250;
    const region = findEgoRegion(map);
    expect(region.cells[bottom]).toBe(0);
    expect(region.count).toBeGreaterThan(500);
  });
});

describe('properties', () => {
  test('lines never cross themselves or each other', () => {
    fc.assert(
      fc.property(anyMap, (map) => {
        expect(crossings(linesOf(map).map((line) => line.points)).size).toBe(0);
      }),
      { numRuns: 300 },
    );
  });

  test('a mirrored map has the mirrored boundary', () => {
    const road = fc.record({
      offset: fc.double({ min: -2, max: 2, noNaN: true }),
      curvature: fc.double({ min: -0.01, max: 0.01, noNaN: true }),
      noise: fc.constantFrom(0, 0.4),
      seed: fc.integer({ min: 1, max: 1000 }),
    });
    const key = (side: string, kind: string, branch: number) => `${side} ${kind} ${branch}`;
    fc.assert(
      fc.property(road, ({ offset, curvature, noise, seed }) => {
        const world = roadWorld({ offset, curvature, boxes: [person(offset + 4, 12)] });
        const map = render(world, testCamera(), { blur: 0.8, noise, seed, cells: { width: 64, height: 36 } });
        const straight = linesOf(map);
        const flipped = linesOf(mirrored(map));
        const seen = straight.map((line) =>
          [key(line.side, line.kind, line.branch), ...line.points.map((p) => p.x.toFixed(6))].join(),
        );
        const back = flipped.map((line) =>
          [
            key(line.side === 'left' ? 'right' : 'left', line.kind, line.branch),
            ...line.points.map((p) => (map.width - p.x).toFixed(6)),
          ].join(),
        );
        expect(back.sort()).toEqual(seen.sort());
      }),
      { numRuns: 40 },
    );
  });
});

test.each([
  ['too few classes', { width: 8, height: 8, classes: new Uint8Array(63), drivable: new Uint8Array(64) }],
  ['empty', { width: 0, height: 0, classes: new Uint8Array(0), drivable: new Uint8Array(0) }],
])('a class map that does not fit its size is refused: %s', (_, map) => {
  expect(() => checkClassMap(map)).toThrow(/class map/);
});
