/**
 * A scene against what is really there, where somebody knows (the simulated drive): how far the edges, the obstacles
 * and the camera's pitch are off.
 */

import { ownId } from '../taxonomy/classes';
import { isRoadEdge } from './boundary';
import type { GroundPoint } from './camera-model';
import type { SceneState } from './scene';

const VEHICLE = ownId('vehicle');

/** A point on the ground seen from the camera: along its line of sight and across it. Metres. */
interface TruePoint {
  readonly right: number;
  readonly ahead: number;
}

/** What really is there. Structurally what the simulated drive tells of a moment. */
export interface SceneTruth {
  /** Degrees, downwards. */
  readonly pitchDeg: number;
  /** Metres. */
  readonly height: number;
  /** Near to far. */
  readonly leftKerb: readonly TruePoint[];
  readonly rightKerb: readonly TruePoint[];
  readonly obstacles: readonly {
    readonly at: TruePoint;
    readonly classId: number;
    readonly yawDeg: number;
    readonly length: number;
    readonly width: number;
  }[];
}

/** How far a scene is off. Null where there was nothing to compare. */
export interface SceneError {
  /** Median distance of edge points to the true kerb, metres, nearer than 10 m, 10 to 20 m, and 20 to 40 m. */
  readonly edges: readonly [number | null, number | null, number | null];
  /** Median error of obstacles' distances, share of the distance. */
  readonly distance: number | null;
  /** Degrees, signed: positive when the scene believes to look down too far. */
  readonly pitchDeg: number;
}

/** Turns a true point from the camera's line of sight into the direction of travel. @param yaw the camera's, radians */
export function inVehicleFrame({ right, ahead }: TruePoint, yaw: number): GroundPoint {
  const [sin, cos] = [Math.sin(yaw), Math.cos(yaw)];
  return { x: right * cos + ahead * sin, z: ahead * cos - right * sin };
}

/** Limits of the bands of distance, metres. */
const BANDS = [
  [3, 10],
  [10, 20],
  [20, 40],
] as const;

/** Distances of each edge point to the true kerb of its side, with how far ahead it is. Metres. */
export function edgeErrors(
  state: SceneState,
  truth: SceneTruth,
): { readonly z: number; readonly metres: number }[] {
  const kerbs = {
    left: truth.leftKerb.map((point) => inVehicleFrame(point, state.camera.yaw)),
    right: truth.rightKerb.map((point) => inVehicleFrame(point, state.camera.yaw)),
  };
  const found: { z: number; metres: number }[] = [];
  for (const { side, kind, branch, points } of state.boundary.segments) {
    // Only the own road's edge: what bounds a side street is not the kerb beside us.
    if (!isRoadEdge(kind) || branch > 0) continue;
    for (const { ground } of points) {
      if (!ground || ground.z < BANDS[0][0] || ground.z > BANDS[2][1]) continue;
      found.push({ z: ground.z, metres: distanceTo(kerbs[side], ground) });
    }
  }
  return found;
}

/** How far a scene is off. */
export function sceneError(state: SceneState, truth: SceneTruth): SceneError {
  const errors = edgeErrors(state, truth);
  const band = ([from, to]: readonly [number, number]): number | null =>
    medianOf(errors.filter(({ z }) => z >= from && z < to).map(({ metres }) => metres));
  return {
    edges: [band(BANDS[0]), band(BANDS[1]), band(BANDS[2])],
    distance: medianOf(matchObstacles(state, truth).map(({ seen, real }) => Math.abs(seen - real) / real)),
    pitchDeg: (state.camera.pitch * 180) / Math.PI - truth.pitchDeg,
  };
}

/** Obstacles of the scene with the true ones they are: of the same kind, in the same direction, nearest first. */
export function matchObstacles(
  state: SceneState,
  truth: SceneTruth,
): { readonly seen: number; readonly real: number; readonly index: number; readonly id: number }[] {
  const taken = new Set<number>();
  const pairs: { seen: number; real: number; index: number; id: number }[] = [];
  for (const obstacle of state.obstacles) {
    const { ground, distance } = obstacle;
    if (!ground || distance === null || obstacle.unseen > 0) continue;
    let best: { index: number; off: number; real: number } | null = null;
    truth.obstacles.forEach((candidate, index) => {
      if (taken.has(index) || (candidate.classId === VEHICLE) !== (obstacle.classId === VEHICLE)) return;
      const nearest = nearestPoint(candidate, state.camera.yaw);
      const real = Math.hypot(nearest.x, nearest.z);
      // In the same direction (a car's width, and more when near), and no farther off than distances are uncertain.
      const middle = inVehicleFrame(candidate.at, state.camera.yaw);
      const bearing = Math.abs(Math.atan2(middle.x, middle.z) - Math.atan2(ground.x, ground.z));
      const wide = Math.atan2(Math.max(candidate.width, candidate.length) / 2 + 0.7, real);
      if (bearing > wide || Math.abs(real - distance) > 2 + 0.4 * real) return;
      const off = Math.abs(real - distance);
      if (!best || off < best.off) best = { index, off, real };
    });
    const match = best as { index: number; real: number } | null;
    if (!match) continue;
    taken.add(match.index);
    pairs.push({ seen: distance, real: match.real, index: match.index, id: obstacle.id });
  }
  return pairs;
}

/** The point of an obstacle's footprint nearest to the camera, among corners and sides' middles. */
function nearestPoint(
  { at, yawDeg, length, width }: SceneTruth['obstacles'][number],
  yaw: number,
): GroundPoint {
  const middle = inVehicleFrame(at, yaw);
  const turn = (yawDeg * Math.PI) / 180 + yaw;
  const [sin, cos] = [Math.sin(turn), Math.cos(turn)];
  let best = middle;
  for (const across of [-1, -0.5, 0, 0.5, 1])
    for (const along of [-1, 1]) {
      const [right, ahead] = [(across * width) / 2, (along * length) / 2];
      const point = { x: middle.x + right * cos + ahead * sin, z: middle.z - right * sin + ahead * cos };
      if (Math.hypot(point.x, point.z) < Math.hypot(best.x, best.z)) best = point;
    }
  return best;
}

function distanceTo(line: readonly GroundPoint[], point: GroundPoint): number {
  let best = Number.POSITIVE_INFINITY;
  for (let i = 1; i < line.length; i++) {
    const [a, b] = [line[i - 1]!, line[i]!];
    const [dx, dz] = [b.x - a.x, b.z - a.z];
    const share = ((point.x - a.x) * dx + (point.z - a.z) * dz) / (dx * dx + dz * dz || 1);
    const t = Math.min(1, Math.max(0, share));
    best = Math.min(best, Math.hypot(point.x - a.x - t * dx, point.z - a.z - t * dz));
  }
  return best;
}

/** The median; null of nothing. */
export function medianOf(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
