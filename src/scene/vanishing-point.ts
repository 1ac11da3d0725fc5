/**
 * The point most lines of a frame run to. Every pair of lines proposes one; the proposal that most lines agree with
 * is refined over those by least squares (RANSAC with all pairs, since there are few).
 */
import type { PixelPoint } from './camera-model';
import { LeastSquares } from './least-squares';
import type { SeenLine } from './road-lines';

/** A vanishing point with what is known of it. */
export interface VanishingPoint extends PixelPoint {
  /** Standard deviations, pixels. */
  readonly sigmaX: number;
  readonly sigmaY: number;
  /** How many lines agree. */
  readonly lines: number;
}

/** Lines this near to parallel in the picture meet anywhere; sine of the angle between them. */
const PARALLEL = 0.12;
/** A line agrees when its direction misses the point by no more than this many of its standard deviations ... */
const AGREES_SIGMAS = 2.5;
/** ... or this angle, whichever is larger, radians: roads bend a little even where they look straight. */
const AGREES_ANGLE = 0.02;
/** Most lines that are paired up; more only cost time. The longest are kept. */
const MOST_LINES = 24;
/** Rounds of refinement: the weights depend on the point only weakly. */
const ROUNDS = 3;

/**
 * Finds the vanishing point.
 * @param plausible says whether a point may be one at all (inside the limits of pitch and yaw)
 * @returns null when fewer than two lines that are not parallel agree on a plausible point
 */
export function findVanishingPoint(
  lines: readonly SeenLine[],
  plausible: (point: PixelPoint) => boolean,
): VanishingPoint | null {
  const list = [...lines].sort((a, b) => b.length - a.length).slice(0, MOST_LINES);
  let best: SeenLine[] = [];
  let start: PixelPoint | null = null;
  let most = 0;
  for (let i = 0; i < list.length; i++) {
    for (let j = i + 1; j < list.length; j++) {
      const point = meet(list[i]!, list[j]!);
      if (!point || !plausible(point)) continue;
      const agreeing = list.filter((line) => agrees(line, point));
      const score = agreeing.reduce((sum, line) => sum + line.length, 0);
      if (agreeing.length < 2 || score <= most) continue;
      [best, start, most] = [agreeing, point, score];
    }
  }
  return start && refine(best, start, plausible);
}

function meet(a: SeenLine, b: SeenLine): PixelPoint | null {
  const sine = a.direction.x * b.direction.y - a.direction.y * b.direction.x;
  if (Math.abs(sine) < PARALLEL) return null;
  const [dx, dy] = [b.middle.x - a.middle.x, b.middle.y - a.middle.y];
  const t = (dx * b.direction.y - dy * b.direction.x) / sine;
  return { x: a.middle.x + t * a.direction.x, y: a.middle.y + t * a.direction.y };
}

/** Whether a line points at a point that lies beyond its upper end. */
function agrees(line: SeenLine, point: PixelPoint): boolean {
  const [dx, dy] = [point.x - line.middle.x, point.y - line.middle.y];
  const distance = Math.sqrt(dx * dx + dy * dy);
  const along = dx * line.direction.x + dy * line.direction.y;
  // Road lines lie on the ground, below the point they run to.
  if (along > -line.length / 4) return false;
  const miss = Math.abs(dx * line.direction.y - dy * line.direction.x) / distance;
  return miss <= Math.max(AGREES_ANGLE, AGREES_SIGMAS * line.sigma);
}

function refine(
  lines: readonly SeenLine[],
  start: PixelPoint,
  plausible: (point: PixelPoint) => boolean,
): VanishingPoint | null {
  let point = start;
  let [xx, xy, yy] = [0, 0, 0];
  for (let round = 0; round < ROUNDS; round++) {
    const equations = new LeastSquares(2);
    [xx, xy, yy] = [0, 0, 0];
    for (const { middle, direction, sigma } of lines) {
      // The line's normal form; an error of its direction grows with the distance to the point.
      const normal = { x: direction.y, y: -direction.x };
      const distance = Math.hypot(point.x - middle.x, point.y - middle.y);
      const weight = 1 / (sigma * distance) ** 2;
      equations.add([normal.x, normal.y], normal.x * middle.x + normal.y * middle.y, weight);
      xx += weight * normal.x * normal.x;
      xy += weight * normal.x * normal.y;
      yy += weight * normal.y * normal.y;
    }
    const solution = equations.solve();
    if (!solution) return null;
    point = { x: solution[0]!, y: solution[1]! };
  }
  const determinant = xx * yy - xy * xy;
  if (!(determinant > 0) || !plausible(point)) return null;
  return {
    ...point,
    sigmaX: Math.sqrt(yy / determinant),
    sigmaY: Math.sqrt(xx / determinant),
    lines: lines.length,
  };
}
