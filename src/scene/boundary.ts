/**
 * Left and right edge of the ego road, from the contour of the ego region.
 *
 * The contour is cut at its lowest and at its highest place: what lies between, walking up on the left, is the left
 * edge, and the same on the right. An edge is split into segments wherever what bounds it changes. A junction shows
 * as an edge that runs into the side street, leaves the picture (a gap), and comes back as the next branch. Nothing
 * is drawn through what hides the edge: a vehicle's outline is a segment of its own kind.
 */
import type { CameraModel, GroundPoint } from './camera-model';
import { type BoundaryKind, type ContourVertex, traceContour } from './contour';
import type { EgoRegion } from './ego-region';
import { crossings, type LinePoint, resample, smooth } from './polyline';

/** Side of the ego road. */
export type BoundarySide = 'left' | 'right';

/** One stretch of an edge with one kind of bound, on the class map's grid, from near to far. */
export interface BoundaryLine {
  readonly side: BoundarySide;
  readonly kind: BoundaryKind;
  /** 0 from the vehicle on, one more each time the edge left the picture and came back. */
  readonly branch: number;
  /** Cells. */
  readonly points: readonly LinePoint[];
}

/** A point of the boundary as it is shown and measured. */
interface BoundaryPoint {
  /** Pixels of the picture. */
  readonly x: number;
  readonly y: number;
  /** 0 (a guess, or the picture's edge) to 1 (a sharp edge). */
  readonly confidence: number;
  /** Metres in the vehicle frame; null at and above the horizon. */
  readonly ground: GroundPoint | null;
}

/** A stretch of an edge in the picture and on the ground. */
interface BoundarySegment extends Omit<BoundaryLine, 'points'> {
  readonly points: readonly BoundaryPoint[];
}

/** Both edges of the ego road. */
export interface Boundary {
  /** Left edge from near to far, then the right one. Kinds `picture-edge` and `unseen` mark where no edge is seen. */
  readonly segments: readonly BoundarySegment[];
  /** 0 (no road, or no edge in the picture) to 1. */
  readonly confidence: number;
}

/** Kinds that end a line: past them, the road's edge is hidden or outside. The others are the road's own edge. */
const BREAKS: ReadonlySet<BoundaryKind> = new Set(['person', 'cyclist', 'vehicle', 'picture-edge', 'unseen']);

/** Whether a segment of this kind is the road's own edge, not something before it or the end of the picture. */
export function isRoadEdge(kind: BoundaryKind): boolean {
  return !BREAKS.has(kind);
}

/** Spacing while smoothing, cells: finer than the grid, so that both kinds of grid crossings count alike. */
const FINE = 0.5;
/** Smoothing along the line, in cells: bridges the steps of a saturated probability, whose treads are 2 to 5 cells. */
const SIGMA = 1.5;
/** Spacing of the result, cells: what the smoothing leaves needs no more. */
const SPACING = 1;
/** Shortest own edge, in contour vertices (about two cells): shorter ones are corners between two hidden parts. */
const SHORTEST = 4;
/** Vertices to either side that vote on a vertex's kind: less than a car's length in the distance, more than noise. */
const VOTERS = 2;
/** Length of seen edge, as a share of the picture's height, from which a boundary counts as fully seen. */
const FULLY_SEEN = 0.5;

/** A stretch of contour that is smoothed as one: own edge whatever its kinds, or one kind of hidden edge. */
interface Run {
  readonly side: BoundarySide;
  readonly branch: number;
  readonly vertices: readonly ContourVertex[];
}

/**
 * Finds the edges of the ego road. Empty when there is no road. The lines cross neither themselves nor each other:
 * contours never do, and a smoothed stretch that does (where the road is a cell wide) falls back to its contour.
 */
export function findBoundary(region: EgoRegion): BoundaryLine[] {
  const runs: Run[] = [];
  for (const piece of region.pieces) {
    const [left, right] = halves(traceContour(region, piece));
    runs.push(...runsOf(left, 'left'), ...runsOf(right, 'right'));
  }
  const shaped = runs.map((run) => linesOf(run, true));
  for (const tangle of [tangledRuns(shaped), runs.keys()]) {
    for (const index of tangle) shaped[index] = linesOf(runs[index]!, false);
    if (tangledRuns(shaped).size === 0) break;
  }
  return shaped.flat();
}

/** Places lines in the picture and on the ground. */
export function placeBoundary(
  lines: readonly BoundaryLine[],
  region: EgoRegion,
  camera: CameraModel,
): Boundary {
  const scaleX = camera.width / region.map.width;
  const scaleY = camera.height / region.map.height;
  let seen = 0;
  let trusted = 0;
  const segments = lines.map((line): BoundarySegment => {
    const points = line.points.map((point): BoundaryPoint => {
      const x = point.x * scaleX;
      const y = point.y * scaleY;
      return { x, y, confidence: point.confidence, ground: camera.imageToGround({ x, y }) };
    });
    if (line.kind !== 'picture-edge' && line.kind !== 'unseen')
      for (const point of points) {
        seen += SPACING;
        trusted += SPACING * point.confidence;
      }
    return { side: line.side, kind: line.kind, branch: line.branch, points };
  });
  const coverage = Math.min(1, seen / (FULLY_SEEN * region.map.height));
  return { segments, confidence: seen > 0 ? (trusted / seen) * coverage : 0 };
}

/**
 * Cuts a closed clockwise contour into its left and right side, both from below to above. What runs along the very
 * bottom belongs to neither; a flat top is shared fairly, so that a mirrored picture has the mirrored sides.
 */
function halves(contour: readonly ContourVertex[]): [ContourVertex[], ContourVertex[]] {
  const n = contour.length;
  let bottom = Number.NEGATIVE_INFINITY;
  let top = Number.POSITIVE_INFINITY;
  for (const { y } of contour) {
    bottom = Math.max(bottom, y);
    top = Math.min(top, y);
  }
  const extreme = (level: number, sign: 1 | -1) => {
    let best = -1;
    for (let i = 0; i < n; i++) {
      if (Math.abs(contour[i]!.y - level) > 1e-6) continue;
      if (best < 0 || (contour[i]!.x - contour[best]!.x) * sign > 0) best = i;
    }
    return best;
  };
  const walk = (from: number, to: number) => {
    const out: ContourVertex[] = [];
    for (let i = from; ; i = (i + 1) % n) {
      out.push(contour[i]!);
      if (i === to) return out;
    }
  };
  const topLeft = extreme(top, -1);
  const topRight = extreme(top, 1);
  const left = walk(extreme(bottom, -1), topLeft);
  const right = walk(topRight, extreme(bottom, 1)).reverse();
  const roof = walk(topLeft, topRight);
  const half = Math.ceil(roof.length / 2);
  left.push(...roof.slice(1, half));
  right.push(...roof.slice(roof.length - half, -1).reverse());
  return [left, right];
}

/** Splits one side into runs, dropping those too short to mean anything. */
function runsOf(vertices: readonly ContourVertex[], side: BoundarySide): Run[] {
  const kinds = vertices.map((_, i) => votedKind(vertices, i));
  const runs: Run[] = [];
  let branch = 0;
  let edgeSeen = false;
  for (let from = 0, to = 0; from < vertices.length; from = to) {
    const first = kinds[from]!;
    const same = isRoadEdge(first) ? isRoadEdge : (kind: BoundaryKind) => kind === first;
    to = from + 1;
    while (to < vertices.length && same(kinds[to]!)) to++;
    if (first === 'picture-edge' && edgeSeen) branch++;
    if (to - from < (isRoadEdge(first) ? SHORTEST : 2)) continue;
    edgeSeen ||= isRoadEdge(first);
    const run = vertices.slice(from, to).map(({ x, y, confidence }, i) => {
      return { x, y, kind: kinds[from + i]!, confidence };
    });
    runs.push({ side, branch, vertices: run });
  }
  return runs;
}

/** The lines of a run, one for each kind in it; smoothed, or as the contour has them. */
function linesOf(run: Run, smoothed: boolean): BoundaryLine[] {
  const points = smoothed
    ? resample(smooth(resample(run.vertices, FINE), SIGMA / FINE), SPACING)
    : run.vertices;
  return byKind(points).map((part) => ({
    side: run.side,
    kind: part[0]!.kind,
    branch: run.branch,
    points: part,
  }));
}

/** Indices of runs whose lines cross themselves or others. */
function tangledRuns(shaped: readonly (readonly BoundaryLine[])[]): Set<number> {
  const owner = shaped.flatMap((lines, index) => lines.map(() => index));
  const tangled = crossings(shaped.flat().map((line) => line.points));
  return new Set([...tangled].map((line) => owner[line]!));
}

/** The kind most of a vertex's neighbours along the contour have; its own where opinions are even. */
function votedKind(side: readonly ContourVertex[], index: number): BoundaryKind {
  const own = side[index]!.kind;
  if (own === 'picture-edge' || own === 'unseen') return own;
  const from = Math.max(0, index - VOTERS);
  const to = Math.min(side.length - 1, index + VOTERS);
  const votes = (kind: BoundaryKind) => {
    let count = 0;
    for (let i = from; i <= to; i++) if (side[i]!.kind === kind) count++;
    return count;
  };
  let winner = own;
  let most = votes(own);
  for (let i = from; i <= to; i++) {
    const { kind } = side[i]!;
    if (kind === winner || kind === 'picture-edge' || kind === 'unseen') continue;
    const count = votes(kind);
    if (count > most) [winner, most] = [kind, count];
  }
  return winner;
}

/** Cuts a run where the kind changes; the point of the change belongs to both, so that no gap shows. */
function byKind(points: readonly LinePoint[]): LinePoint[][] {
  const parts: LinePoint[][] = [];
  let part: LinePoint[] = [];
  for (const point of points) {
    const last = part.at(-1);
    if (last && last.kind !== point.kind) {
      part.push(point);
      parts.push(part);
      part = [];
    }
    part.push(point);
  }
  if (part.length > 1) parts.push(part);
  return parts;
}
