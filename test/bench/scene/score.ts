/** Figures of a scene run: found geometry against truth and labels. Pure arithmetic. */
import { isRoadEdge } from '../../../src/scene/boundary.ts';
import { edgeErrors, matchObstacles, type SceneTruth } from '../../../src/scene/scene-truth.ts';
import type { PlainMap, SceneResult } from './job.ts';

/** A label map of a picture: class ids, 255 for nobody knows. */
export interface Labels {
  readonly width: number;
  readonly height: number;
  readonly ids: Uint8Array;
}

/** Obstacles farther than this are neither asked for nor counted, metres: a car there is four cells high. */
const OBSTACLE_RANGE = 35;
/** How far beside the kerb an obstacle still counts, metres: the scene's own limit. */
const BESIDE = 3;
/** Pixels of the picture around an obstacle's middle that must show its class for it to count as visible. */
const VISIBLE_SHARE = 0.5;
/** Neighbourhood in which labels' edges are looked for; farther than that an edge is wrong, whatever the number. */
const SEARCH = 40;

/** Distances of found edge points to the labels' nearest edge of drivable ground, in picture pixels. */
export function boundaryPixels({ state }: SceneResult, labels: Labels): number[] {
  const drivable = (x: number, y: number): boolean | null => {
    if (x < 0 || y < 0 || x >= labels.width || y >= labels.height) return null;
    const id = labels.ids[y * labels.width + x]!;
    return id === 255 ? null : id <= 1;
  };
  const isEdge = (x: number, y: number): boolean => {
    const here = drivable(x, y);
    if (here !== true) return false;
    return [drivable(x - 1, y), drivable(x + 1, y), drivable(x, y - 1), drivable(x, y + 1)].includes(false);
  };
  const [sx, sy] = [labels.width / state.width, labels.height / state.height];
  const found: number[] = [];
  for (const { kind, points } of state.boundary.segments) {
    if (!isRoadEdge(kind)) continue;
    for (const point of points) {
      const [x, y] = [point.x * sx, point.y * sy];
      let best = SEARCH;
      for (let dy = -SEARCH; dy <= SEARCH; dy++) {
        if (Math.abs(dy) >= best) continue;
        for (let dx = -SEARCH; dx <= SEARCH; dx++) {
          const [px, py] = [Math.round(x) + dx, Math.round(y) + dy];
          const off = Math.hypot(px + 0.5 - x, py + 0.5 - y);
          if (off < best && isEdge(px, py)) best = off;
        }
      }
      found.push(best);
    }
  }
  return found;
}

/** Distances of edge points to the true kerb, metres, from and to so many metres ahead. */
export function boundaryMetres({ state, truth }: SceneResult, from: number, to: number): number[] {
  if (!truth) return [];
  return edgeErrors(state, truth).flatMap(({ z, metres }) => (z >= from && z < to ? [metres] : []));
}

/** Found and true obstacles of a frame, and how far off the distances of those that match are (shares). */
export function obstacleCounts(
  result: SceneResult,
  labels: Labels,
): {
  readonly found: number;
  readonly real: number;
  readonly matched: number;
  readonly errors: readonly number[];
} {
  const { state, truth } = result;
  if (!truth) return { found: 0, real: 0, matched: 0, errors: [] };
  const near = state.obstacles.filter(
    ({ distance, unseen }) => distance !== null && distance <= OBSTACLE_RANGE && unseen === 0,
  );
  const pairs = matchObstacles(state, truth).filter(({ id }) => near.some((obstacle) => obstacle.id === id));
  const visible = truth.obstacles.filter((obstacle) => isVisible(obstacle, result, truth, labels));
  return {
    found: near.length,
    real: visible.length,
    matched: pairs.filter(({ index }) => visible.includes(truth.obstacles[index]!)).length,
    errors: pairs.map(({ seen, real }) => Math.abs(seen - real) / real),
  };
}

/** Whether an obstacle is near enough, on or beside the road, and not hidden: its class shows where it stands. */
function isVisible(
  obstacle: SceneTruth['obstacles'][number],
  { state }: SceneResult,
  truth: SceneTruth,
  labels: Labels,
): boolean {
  const { right, ahead } = obstacle.at;
  if (ahead < 4 || Math.hypot(right, ahead) > OBSTACLE_RANGE) return false;
  const kerbAt = (kerb: SceneTruth['leftKerb']) =>
    kerb.reduce((best, point) =>
      Math.abs(point.ahead - ahead) < Math.abs(best.ahead - ahead) ? point : best,
    ).right;
  if (right < kerbAt(truth.leftKerb) - BESIDE || right > kerbAt(truth.rightKerb) + BESIDE) return false;
  // The true camera, as far as it is told: pinhole, its height and pitch, looking along its own line of sight.
  const focal = labels.width / 2 / Math.tan(state.camera.hfov / 2);
  const pitch = (truth.pitchDeg * Math.PI) / 180;
  const tall = 0.7 - truth.height;
  const depth = ahead * Math.cos(pitch) - tall * Math.sin(pitch);
  const x = labels.width / 2 + (right * focal) / depth;
  const y = labels.height / 2 - ((ahead * Math.sin(pitch) + tall * Math.cos(pitch)) * focal) / depth;
  let [hits, all] = [0, 0];
  for (let dy = -2; dy <= 2; dy++)
    for (let dx = -2; dx <= 2; dx++) {
      const [px, py] = [Math.round(x) + dx, Math.round(y) + dy];
      if (px < 0 || py < 0 || px >= labels.width || py >= labels.height) continue;
      all++;
      if (labels.ids[py * labels.width + px] === obstacle.classId) hits++;
    }
  return all > 0 && hits / all >= VISIBLE_SHARE;
}

/** Counts of cells that changed between two frames. */
export interface Flicker {
  readonly label: number;
  readonly raw: number;
  readonly smoothed: number;
  /** Cells that are right, of all cells, for raw and smoothed. */
  readonly rightRaw: number;
  readonly rightSmoothed: number;
  readonly cells: number;
}

/** Changes between consecutive frames: of the labels, and of the network's answer before and after smoothing. */
export function flickerOf(
  before: SceneResult,
  after: SceneResult,
  labelsBefore: Labels,
  labelsAfter: Labels,
): Flicker {
  const { width, height } = after.raw;
  const counts = { label: 0, raw: 0, smoothed: 0, rightRaw: 0, rightSmoothed: 0, cells: 0 };
  const labelAt = (labels: Labels, cell: number): number => {
    const x = Math.floor((((cell % width) + 0.5) * labels.width) / width);
    const y = Math.floor(((Math.floor(cell / width) + 0.5) * labels.height) / height);
    return labels.ids[y * labels.width + x]!;
  };
  const changed = (a: PlainMap, b: PlainMap, i: number): number => (a.classes[i] === b.classes[i] ? 0 : 1);
  for (let i = 0; i < width * height; i++) {
    const [was, is] = [labelAt(labelsBefore, i), labelAt(labelsAfter, i)];
    if (was === 255 || is === 255) continue;
    counts.cells++;
    counts.label += was === is ? 0 : 1;
    counts.raw += changed(before.raw, after.raw, i);
    counts.smoothed += changed(before.smoothed, after.smoothed, i);
    counts.rightRaw += after.raw.classes[i] === is ? 1 : 0;
    counts.rightSmoothed += after.smoothed.classes[i] === is ? 1 : 0;
  }
  return counts;
}

/** Degrees by which the pitch that was found is off. */
export function pitchError({ state, truth }: SceneResult): number | null {
  return truth && Math.abs((state.camera.pitch * 180) / Math.PI - truth.pitchDeg);
}

/** The value below which a share `q` of the values lies; null of nothing. */
export function quantile(values: readonly number[], q: number): number | null {
  if (values.length === 0) return null;
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))]!;
}
