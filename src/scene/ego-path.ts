/**
 * Where the vehicle is going if it follows the road: an arc through the origin, parallel to the road's edges. In the
 * vehicle frame both edges are x = offset + heading·z + curvature·z²/2 with a common heading and curvature; they are
 * fitted together, so that one visible edge is enough and a side street's kerb is outvoted.
 */
import { type Boundary, isRoadEdge } from './boundary';
import { LeastSquares } from './least-squares';

/** The ego path and the road around it, metres in the vehicle frame. */
export interface EgoPath {
  /** Slope dx/dz of the road at the camera. */
  readonly heading: number;
  /** 1/m, positive to the right. */
  readonly curvature: number;
  /** Where the road's left edge runs beside the camera (negative: to the left); null when it was not seen. */
  readonly left: number | null;
  readonly right: number | null;
}

/** Straight ahead: what is assumed where no edge is seen. */
export const STRAIGHT_PATH: EgoPath = { heading: 0, curvature: 0, left: null, right: null };

/** Points farther away than this say little of the path and much of the camera's pitch. Metres. */
const REACH = 45;
/** What is known beforehand (standard deviations): vehicles drive along roads, and roads bend at 1/50 m at most. */
const HEADING_PRIOR = 0.06;
const CURVATURE_PRIOR = 0.01;
/** Beside the camera an edge is anywhere within this; only keeps the equations solvable. Metres. */
const OFFSET_PRIOR = 20;
/** Standard deviation of an edge point sideways: near, and what each metre of distance adds. Metres. */
const NEAR_SIGMA = 0.15;
const SIGMA_PER_METRE = 0.02;
/** Residuals beyond this many standard deviations lose their say (Cauchy weights). */
const OUTLIER = 2;
/** Rounds of reweighting; the weights hardly change after three. */
const ROUNDS = 3;
/** Steepest edge, sideways per metre ahead, that can be the own road's: at 1/50 m it is reached beyond 30 m. */
const STEEPEST = 0.7;
/** Fewer points than this make no edge. */
const FEWEST = 5;

/** Lateral position of the path at a distance, metres. */
export function pathAt(path: EgoPath, z: number): number {
  return path.heading * z + (path.curvature * z * z) / 2;
}

/** Fits the path to the placed boundary. */
export function fitEgoPath(boundary: Boundary): EgoPath {
  const points: { x: number; z: number; right: number; weight: number; trust: number }[] = [];
  const counts = [0, 0];
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
      counts[right]!++;
    }
  }
  if (points.length < FEWEST) return STRAIGHT_PATH;
  let solution: Float64Array | null = null;
  for (let round = 0; round < ROUNDS; round++) {
    const equations = new LeastSquares(4);
    equations.add([1, 0, 0, 0], 0, 1 / HEADING_PRIOR ** 2);
    equations.add([0, 1, 0, 0], 0, 1 / CURVATURE_PRIOR ** 2);
    equations.add([0, 0, 1, 0], 0, 1 / OFFSET_PRIOR ** 2);
    equations.add([0, 0, 0, 1], 0, 1 / OFFSET_PRIOR ** 2);
    for (const { x, z, right, weight, trust } of points)
      equations.add([z, (z * z) / 2, 1 - right, right], x, weight * trust);
    solution = equations.solve();
    if (!solution) return STRAIGHT_PATH;
    const [heading, curvature, left, rightOffset] = solution as unknown as [number, number, number, number];
    for (const point of points) {
      const expected =
        heading * point.z + (curvature * point.z ** 2) / 2 + (point.right ? rightOffset : left);
      const residual = (point.x - expected) * Math.sqrt(point.weight);
      point.trust = 1 / (1 + (residual / OUTLIER) ** 2);
    }
  }
  return {
    heading: solution![0]!,
    curvature: solution![1]!,
    left: counts[0]! >= FEWEST ? solution![2]! : null,
    right: counts[1]! >= FEWEST ? solution![3]! : null,
  };
}
