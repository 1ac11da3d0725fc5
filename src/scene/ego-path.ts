/**
 * Where the vehicle is going if it follows the road: an arc through the origin, parallel to the road's edges. In the
 * vehicle frame both edges are x = offset + slope·z + curvature·z²/2; they are fitted together, so that one visible
 * edge is enough and a side street's kerb is outvoted.
 *
 * The slopes would be the same, were the camera's pitch exact. An error of δ in it adds δ / height to 1 / z, which
 * turns the line x = X into x = X − X·(δ / height)·z. So the slopes may differ, and the heading is what they are at
 * x = 0; else a straight road seen with a wrong pitch would seem to bend.
 */
import { type Boundary, isRoadEdge } from './boundary';
import { LeastSquares } from './least-squares';

/** The ego path and the road around it, metres in the vehicle frame. */
export interface EgoPath {
  /** Slope dx/dz of the road at the camera. */
  readonly heading: number;
  /** 1/m, positive to the right. */
  readonly curvature: number;
  /** One standard deviation of the curvature. */
  readonly curvatureSigma: number;
  /** Where the road's left edge runs beside the camera (negative: to the left); null when it was not seen. */
  readonly left: number | null;
  readonly right: number | null;
}

/** Points farther away say little of the path, and near the horizon the smoothing rounds the road's tip. Metres. */
const REACH = 32;
/** What is known beforehand (standard deviations): vehicles drive along roads, and roads bend at 1/50 m at most. */
const HEADING_PRIOR = 0.06;
const CURVATURE_PRIOR = 0.01;
/** Beside the camera an edge is anywhere within this; only keeps the equations solvable. Metres. */
const OFFSET_PRIOR = 20;
/**
 * By how much the edges' slopes may differ: a pitch wrong by 3 degrees at 1.4 m over a road of 7 m. Not less once the
 * camera is known, or a camera that was knocked would make roads bend and never be found again.
 */
const SLOPES_PRIOR = 0.25;
/** Standard deviation of an edge point sideways: near, and what each metre of distance adds. Metres. */
const NEAR_SIGMA = 0.15;
const SIGMA_PER_METRE = 0.02;
/** Residuals beyond this many standard deviations lose their say (Cauchy weights). */
const OUTLIER = 2;
/** Rounds of reweighting; the weights hardly change after three. */
const ROUNDS = 3;
/** Steepest edge, sideways per metre ahead, that can be the own road's: at 1/50 m it is reached beyond 30 m. */
const STEEPEST = 0.7;
/** Least variance of the residuals against what is expected that is believed. */
const LEAST_SCATTER = 0.1;
/** Points whose errors are alike: the smoothing along the boundary, and the network's stride. */
const CORRELATED = 4;
/** Fewer points than this make no edge. */
const FEWEST = 5;

/** Straight ahead: what is assumed where no edge is seen. */
export const STRAIGHT_PATH: EgoPath = {
  heading: 0,
  curvature: 0,
  curvatureSigma: CURVATURE_PRIOR,
  left: null,
  right: null,
};

/** Lateral position of the path at a distance, metres. */
export function pathAt(path: EgoPath, z: number): number {
  return path.heading * z + (path.curvature * z * z) / 2;
}

/** Fits the path to the placed boundary. */
export function fitEgoPath(boundary: Boundary): EgoPath {
  const points = pointsOf(boundary);
  const rightCount = points.reduce((count, point) => count + point.right, 0);
  const leftCount = points.length - rightCount;
  if (points.length < FEWEST) return STRAIGHT_PATH;
  let fit: readonly [left: number, right: number, bend: number, leftAt: number, rightAt: number] | null =
    null;
  let variance = CURVATURE_PRIOR ** 2;
  let scatter = 1;
  for (let round = 0; round < ROUNDS; round++) {
    const equations = new LeastSquares(5);
    equations.add([0.5, 0.5, 0, 0, 0], 0, 1 / HEADING_PRIOR ** 2);
    equations.add([1, -1, 0, 0, 0], 0, 1 / SLOPES_PRIOR ** 2);
    equations.add([0, 0, 1, 0, 0], 0, 1 / CURVATURE_PRIOR ** 2);
    equations.add([0, 0, 0, 1, 0], 0, 1 / OFFSET_PRIOR ** 2);
    equations.add([0, 0, 0, 0, 1], 0, 1 / OFFSET_PRIOR ** 2);
    for (const { x, z, right, weight, trust } of points)
      equations.add([(1 - right) * z, right * z, (z * z) / 2, 1 - right, right], x, weight * trust);
    const solution = equations.solve();
    if (!solution) return STRAIGHT_PATH;
    fit = [solution[0]!, solution[1]!, solution[2]!, solution[3]!, solution[4]!];
    variance = equations.variance(2) ?? variance;
    let [total, squares] = [0, 0];
    for (const point of points) {
      const { x, z, right, weight } = point;
      const [slope, offset] = right ? [fit[1], fit[4]] : [fit[0], fit[3]];
      const residual = (x - offset - slope * z - (fit[2] * z * z) / 2) * Math.sqrt(weight);
      point.trust = 1 / (1 + (residual / OUTLIER) ** 2);
      total += point.trust;
      squares += point.trust * residual ** 2;
    }
    scatter = squares / total;
  }
  const [leftSlope, rightSlope, curvature, left, right] = fit!;
  return {
    heading: headingBetween(leftSlope, rightSlope, left, right, leftCount, rightCount),
    curvature,
    // Neighbouring points err together; what they scatter says how much.
    curvatureSigma: Math.min(
      CURVATURE_PRIOR,
      Math.sqrt(variance * CORRELATED * Math.max(LEAST_SCATTER, scatter)),
    ),
    left: leftCount >= FEWEST ? left : null,
    right: rightCount >= FEWEST ? right : null,
  };
}

/** A point of an edge on the ground. */
interface EdgePoint {
  readonly x: number;
  readonly z: number;
  /** 1 on the right edge, 0 on the left. */
  readonly right: 0 | 1;
  /** Inverse variance. */
  readonly weight: number;
  /** Falls from 1 as the point turns out to be none of the road's. */
  trust: number;
}

function pointsOf(boundary: Boundary): EdgePoint[] {
  const points: EdgePoint[] = [];
  for (const segment of boundary.segments) {
    if (!isRoadEdge(segment.kind)) continue;
    const right = segment.side === 'right' ? 1 : 0;
    for (const [index, { ground, confidence }] of segment.points.entries()) {
      if (!ground || ground.z < 0.5 || ground.z > REACH) continue;
      // Where the edge turns into a side street it says nothing of the own road.
      const before = segment.points[index - 1]?.ground ?? ground;
      const after = segment.points[index + 1]?.ground ?? ground;
      if (Math.abs(after.x - before.x) > STEEPEST * Math.abs(after.z - before.z)) continue;
      const sigma = NEAR_SIGMA + SIGMA_PER_METRE * ground.z;
      points.push({ x: ground.x, z: ground.z, right, weight: confidence / sigma ** 2, trust: 1 });
    }
  }
  return points;
}

/** The slope at x = 0, between those of two edges; the one edge's own where the other was not seen. */
function headingBetween(
  leftSlope: number,
  rightSlope: number,
  left: number,
  right: number,
  leftCount: number,
  rightCount: number,
): number {
  if (rightCount < FEWEST) return leftSlope;
  if (leftCount < FEWEST) return rightSlope;
  // Edges that seem to cross beside the camera are no road's; their mean is as good as anything.
  if (right - left < 1) return (leftSlope + rightSlope) / 2;
  const share = Math.min(1, Math.max(0, -left / (right - left)));
  return leftSlope + share * (rightSlope - leftSlope);
}
