/**
 * How far the road ahead is seen to be free: along rays from under the camera (a polar profile), and along the ego
 * path as one number. Distances are to where drivable ground ends in the picture, with one standard deviation from
 * the camera's pitch and height and from the size of a cell. What is hidden is not free. No safety system.
 */
import { CLASSES, classIdOf } from '../taxonomy/classes';
import type { CameraModel, CameraUncertainty, GroundPoint } from './camera-model';
import { type BoundaryKind, kindOfClass } from './contour';
import { type EgoPath, pathAt } from './ego-path';
import { EGO, type EgoRegion, UNSEEN } from './ego-region';
import { CONTACT_SIGMA } from './obstacles';

/** What ends free ground: a kind of boundary, or `range` when it is free as far as is measured. */
export type FreeEnd = BoundaryKind | 'range';

/** Whether free ground ends at something one could run into, which may move. */
export function isObstacle(end: FreeEnd): boolean {
  return end === 'vehicle' || end === 'person' || end === 'cyclist';
}

/** Whether a distance (metres, with one standard deviation) says anything: less surely known than its own length, not. */
export function isKnown(free: { readonly distance: number; readonly sigma: number }): boolean {
  return free.sigma < free.distance;
}

/** A stretch of free ground. Metres along the ground from the point under the camera. */
export interface FreeStretch {
  /** Where the ground comes into view; what lies before is not seen. */
  readonly from: number;
  /** Where free ground ends; equal to `from` when there is none. */
  readonly distance: number;
  /** One standard deviation of `distance`. */
  readonly sigma: number;
  readonly end: FreeEnd;
}

/** One ray of the polar profile. */
interface FreeRay extends FreeStretch {
  /** Radians from straight ahead, positive to the right. */
  readonly bearing: number;
}

/** Free ground of one frame. */
export interface FreeSpace {
  /** From left to right; only rays whose ground is in the picture. Empty when there is no road. */
  readonly rays: readonly FreeRay[];
  /** Along the ego path, as wide as a vehicle; null when there is no road. */
  readonly ahead: FreeStretch | null;
}

/** The rays: 3 degrees apart is a car's width at 35 m; ± 48 degrees is what wide lenses see of the ground. */
const BEARINGS: readonly number[] = Array.from({ length: 33 }, (_, i) => ((i - 16) * 3 * Math.PI) / 180);
/** Nothing is measured farther than this: at 100 m a row of the class map spans some 40 m. Metres. */
const RANGE = 100;
/** A march begins just before the ground comes into view, between these distances. Metres. */
const NEAREST = [0.5, 5] as const;
/** Offsets from the path's middle that must be free, metres: a car of 1.8 m. */
const LANE = [-0.9, -0.45, 0, 0.45, 0.9] as const;
/** Steps per row of the class map: half a cell, so that nothing of a cell is stepped over. */
const STEPS_PER_ROW = 2;
/** Steps past the end in which to look for what ends it: past blurred cells. */
const LOOK_BEHIND = 6;

/** What a vehicle's flank must not touch, though its middle has free road: upright things, not a kerb or paint. */
const SOLID = new Set<number>([
  ...CLASSES.filter(({ group }) => group === 'vehicle' || group === 'living').map(({ id }) => id as number),
  classIdOf('fence')!,
]);

/** Measures the free ground of a frame. */
export function measureFreeSpace(
  region: EgoRegion,
  camera: CameraModel,
  path: EgoPath,
  uncertainty: CameraUncertainty,
): FreeSpace {
  if (region.count === 0) return { rays: [], ahead: null };
  const grid = new Sampler(region, camera);
  const sigmaOf = (distance: number) =>
    camera.distanceUncertainty(distance, (CONTACT_SIGMA * camera.height) / region.map.height, uncertainty);
  const rays: FreeRay[] = [];
  for (const bearing of BEARINGS) {
    const [side, ahead] = [Math.sin(bearing), Math.cos(bearing)];
    const stretch = march(grid, (r) => grid.middle({ x: r * side, z: r * ahead }));
    if (stretch) rays.push({ bearing, ...stretch, sigma: sigmaOf(stretch.distance) });
  }
  const ahead = march(grid, (z) => grid.lane(pathAt(path, z), z));
  return { rays, ahead: ahead && { ...ahead, sigma: sigmaOf(ahead.distance) } };
}

/** What a step of a march sees: null outside the picture. */
interface Step {
  /** Drivable level, 0 to 1; the road's edge is at 0.5. */
  readonly level: number;
  /** Hidden by the bonnet or the ignore region: neither free nor blocked. */
  readonly unseen: boolean;
  readonly classId: number;
}

/**
 * Walks outwards until the level falls below 0.5. Steps are even in 1 / distance, which is even in the picture.
 * @returns null when no step lies in the picture
 */
function march(grid: Sampler, stepAt: (distance: number) => Step | null): Omit<FreeStretch, 'sigma'> | null {
  const { steps, nearest } = grid;
  const inverse = (i: number) => 1 / nearest + (i / steps) * (1 / RANGE - 1 / nearest);
  let from: number | null = null;
  let free: number | null = null;
  let before = 1;
  for (let i = 0; i <= steps; i++) {
    const distance = 1 / inverse(i);
    const step = stepAt(distance);
    if (!step) {
      if (from === null) continue;
      return { from, distance: free ?? from, end: 'picture-edge' };
    }
    if (step.unseen) continue;
    from ??= distance;
    if (step.level < 0.5) {
      const last = free ?? from;
      // The crossing lies between the last free step and this one, evenly in 1 / distance.
      const share = before > step.level ? (before - 0.5) / (before - step.level) : 0;
      const edge = free === null ? from : 1 / (1 / last + share * (1 / distance - 1 / last));
      return { from, distance: edge, end: endAt(step, stepAt, inverse, i) };
    }
    free = distance;
    before = step.level;
  }
  return from === null ? null : { from, distance: free ?? from, end: free === null ? 'unseen' : 'range' };
}

/** What ends the ground: the first thing behind the edge that is not ground itself. */
function endAt(
  step: Step,
  stepAt: (distance: number) => Step | null,
  inverse: (i: number) => number,
  index: number,
): FreeEnd {
  let kind = kindOfClass(step.classId);
  for (let i = 1; kind === 'unclear' && i <= LOOK_BEHIND && inverse(index + i) > 0; i++) {
    const next = stepAt(1 / inverse(index + i));
    if (next) kind = kindOfClass(next.classId);
  }
  return kind;
}

/** Looks things up on the class map by their place on the ground. */
class Sampler {
  /** Steps of a march from nearest to farthest. */
  readonly steps: number;
  /** Where a march begins, metres. */
  readonly nearest: number;
  readonly #scaleX: number;
  readonly #scaleY: number;

  constructor(
    private readonly region: EgoRegion,
    private readonly camera: CameraModel,
  ) {
    const { width, height } = region.map;
    this.#scaleX = width / camera.width;
    this.#scaleY = height / camera.height;
    const bottom = camera.imageToGround({ x: camera.width / 2, y: camera.height });
    this.nearest = Math.min(NEAREST[1], Math.max(NEAREST[0], 0.9 * (bottom?.z ?? 0)));
    // From the nearest ground to the horizon a march crosses focal · height / nearest pixels of rows.
    const rows = ((camera.focal * camera.parameters.height) / this.nearest) * this.#scaleY;
    this.steps = Math.ceil(rows * STEPS_PER_ROW);
  }

  /** The step at a point of the ground. */
  middle(point: GroundPoint): Step | null {
    const pixel = this.camera.groundToImage(point);
    if (!pixel) return null;
    const x = pixel.x * this.#scaleX;
    const y = pixel.y * this.#scaleY;
    const { width, height, classes } = this.region.map;
    if (!(x >= 0 && y >= 0 && x < width && y < height)) return null;
    const row = Math.floor(y);
    const cell = row * width + Math.floor(x);
    const kind = this.region.cells[cell];
    // Rows below the first one with road show a dashboard, say, whatever the network makes of it; but a vehicle or a
    // person there is real until proven otherwise.
    const below = row > this.region.lowestRow && !SOLID.has(classes[cell]!);
    if (kind === UNSEEN || below) return { level: 1, unseen: true, classId: classes[cell]! };
    return { level: this.#level(x, y), unseen: false, classId: kind === EGO ? 0 : classes[cell]! };
  }

  /** The least free step across the lane. Flanks outside the picture, or over a kerb, do not block. */
  lane(middle: number, z: number): Step | null {
    const centre = this.middle({ x: middle, z });
    if (!centre) return null;
    let worst = centre;
    for (const offset of LANE) {
      if (offset === 0) continue;
      const flank = this.middle({ x: middle + offset, z });
      if (!flank || flank.unseen || flank.level >= worst.level || !SOLID.has(flank.classId)) continue;
      worst = flank;
    }
    return worst;
  }

  /** The region's level between the middles of cells, bilinear. */
  #level(x: number, y: number): number {
    const { width, height } = this.region.map;
    const fx = Math.min(width - 1, Math.max(0, x - 0.5));
    const fy = Math.min(height - 1, Math.max(0, y - 0.5));
    const left = Math.min(width - 2, Math.floor(fx));
    const top = Math.min(height - 2, Math.floor(fy));
    const sx = fx - left;
    const sy = fy - top;
    const { level } = this.region;
    const at = top * width + left;
    const upper = level[at]! * (1 - sx) + level[at + 1]! * sx;
    const lower = level[at + width]! * (1 - sx) + level[at + width + 1]! * sx;
    return upper * (1 - sy) + lower * sy;
  }
}
