/**
 * The road's edges alone, without camera and metres: what a dashboard draws on a tile, and small enough to be sent to
 * those who run no network.
 */
import type { ClassMap } from '../perception/engine';
import { type BoundarySide, findBoundary, isRoadEdge } from './boundary';
import { checkClassMap, findEgoRegion } from './ego-region';
import type { LinePoint } from './polyline';

/** A point of an edge. */
export interface EdgePoint {
  /** Shares of the picture's width and height, 0 to 1. */
  readonly x: number;
  readonly y: number;
  /** 0 (a guess) to 1 (a sharp edge). */
  readonly confidence: number;
}

/** A stretch of the road's edge, from near to far. */
export interface RoadEdge {
  readonly side: BoundarySide;
  readonly points: readonly EdgePoint[];
}

/** Stretches at most: a junction has four or five, more is noise. */
export const EDGES_MAX = 8;

/** Points of a stretch at most: between sixteen of them a road's edge is straight to a cell or so. */
export const EDGE_POINTS_MAX = 16;

/**
 * Finds the edges of the ego road.
 * @returns at most `EDGES_MAX` stretches of 2 to `EDGE_POINTS_MAX` points, the longest ones, left before right; none
 *   without a road
 * @throws CarriagewayError `class-map-invalid` for a map that does not fit its size
 */
export function findRoadEdges(map: ClassMap): RoadEdge[] {
  checkClassMap(map);
  const lines = findBoundary(findEgoRegion(map)).filter(
    ({ kind, points }) => isRoadEdge(kind) && points.length > 1,
  );
  const kept = new Set(lines.toSorted((a, b) => b.points.length - a.points.length).slice(0, EDGES_MAX));
  return lines
    .filter((line) => kept.has(line))
    .map(({ side, points }) => ({
      side,
      points: spread(points).map(({ x, y, confidence }) => ({
        x: x / map.width,
        y: y / map.height,
        confidence,
      })),
    }));
}

/** At most `EDGE_POINTS_MAX` of the points, evenly, both ends among them. */
function spread(points: readonly LinePoint[]): readonly LinePoint[] {
  const last = points.length - 1;
  if (last < EDGE_POINTS_MAX) return points;
  return Array.from(
    { length: EDGE_POINTS_MAX },
    (_, i) => points[Math.round((i * last) / (EDGE_POINTS_MAX - 1))]!,
  );
}
