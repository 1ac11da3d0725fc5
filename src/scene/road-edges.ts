/**
 * The road's edges alone, without camera and metres: what a dashboard draws on a tile, and small enough to be sent to
 * those who run no network.
 */
import { type BoundarySide, isRoadEdge } from './boundary';
import type { SceneState } from './scene';

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
 * The edges of the ego road in a scene, as they were held still in time.
 * @returns at most `EDGES_MAX` stretches of 2 to `EDGE_POINTS_MAX` points, the longest ones, left before right; none
 *   without a road
 */
export function roadEdgesOf({
  boundary,
  width,
  height,
}: Pick<SceneState, 'boundary' | 'width' | 'height'>): RoadEdge[] {
  const lines = boundary.segments.filter(({ kind, points }) => isRoadEdge(kind) && points.length > 1);
  const kept = new Set(lines.toSorted((a, b) => b.points.length - a.points.length).slice(0, EDGES_MAX));
  return lines
    .filter((line) => kept.has(line))
    .map(({ side, points }) => ({
      side,
      points: spread(points).map(({ x, y, confidence }) => ({ x: x / width, y: y / height, confidence })),
    }));
}

/** At most `EDGE_POINTS_MAX` of the points, evenly, both ends among them. */
function spread<Point>(points: readonly Point[]): readonly Point[] {
  const last = points.length - 1;
  if (last < EDGE_POINTS_MAX) return points;
  return Array.from(
    { length: EDGE_POINTS_MAX },
    (_, i) => points[Math.round((i * last) / (EDGE_POINTS_MAX - 1))]!,
  );
}
