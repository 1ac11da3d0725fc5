/**
 * A flat world with a road, seen by a known camera: exact class maps, so that the scene's answers can be measured
 * against truth. Every cell is sampled 4 × 4 times; the drivable probability is the share of drivable samples,
 * optionally blurred and made noisy the way a network's output is.
 */
import type { ClassMap } from '../../../src/perception/engine';
import { CameraModel, type CameraParameters } from '../../../src/scene/camera-model';
import { CLASS_COUNT } from '../../../src/taxonomy/classes';

/** Class ids used by the world. */
export const ID = {
  road: 0,
  marking: 1,
  sidewalk: 2,
  building: 3,
  fence: 4,
  pole: 5,
  vegetation: 7,
  sky: 8,
  person: 9,
  cyclist: 10,
  vehicle: 11,
  unseen: 255,
} as const;

/** Something upright on the ground: an axis-aligned box, metres in the vehicle frame. */
export interface WorldBox {
  readonly classId: number;
  /** Middle of the near face. */
  readonly x: number;
  readonly z: number;
  readonly width: number;
  readonly height: number;
  readonly length: number;
}

/** A car whose rear is at (x, z). */
export function car(x: number, z: number, length = 4): WorldBox {
  return { classId: ID.vehicle, x, z, width: 1.8, height: 1.5, length };
}

/** A person at (x, z). */
export function person(x: number, z: number): WorldBox {
  return { classId: ID.person, x, z, width: 0.6, height: 1.75, length: 0.3 };
}

/** What lies where. */
export interface World {
  /** Class of the ground at a point. */
  surface(x: number, z: number): number;
  readonly boxes: readonly WorldBox[];
}

/** Shape of a road. Its middle runs along x = offset + heading·z + curvature·z²/2. */
export interface RoadOptions {
  readonly width?: number;
  readonly offset?: number;
  readonly heading?: number;
  /** 1/m, positive to the right. */
  readonly curvature?: number;
  /** Side streets: from z to z, on one side or both. */
  readonly crossing?: {
    readonly from: number;
    readonly to: number;
    readonly side: 'left' | 'right' | 'both';
  };
  readonly markings?: boolean;
  /** Width of the sidewalks; beyond them lies vegetation. 0 for none. */
  readonly sidewalk?: number;
  readonly boxes?: readonly WorldBox[];
}

/** Where the middle of the road lies at z. */
export function roadMiddle(options: RoadOptions, z: number): number {
  return (options.offset ?? 0) + (options.heading ?? 0) * z + ((options.curvature ?? 0) * z * z) / 2;
}

/** A world with one road. */
export function roadWorld(options: RoadOptions = {}): World {
  const half = (options.width ?? 7) / 2;
  const sidewalk = options.sidewalk ?? 2.5;
  const { crossing } = options;
  return {
    boxes: options.boxes ?? [],
    surface(x, z) {
      const across = x - roadMiddle(options, z);
      if (crossing && z >= crossing.from && z <= crossing.to) {
        const open = crossing.side === 'both' || (crossing.side === 'left' ? across < 0 : across > 0);
        if (open || Math.abs(across) <= half) return ID.road;
      }
      const distance = Math.abs(across);
      if (distance > half + sidewalk) return ID.vegetation;
      if (distance > half) return ID.sidewalk;
      if (options.markings) {
        const edge = Math.abs(distance - (half - 0.25)) < 0.08;
        const dash = distance < 0.08 && ((z % 12) + 12) % 12 < 6;
        if (edge || dash) return ID.marking;
      }
      return ID.road;
    },
  };
}

/** How the class map is made of the world. */
export interface RenderOptions {
  readonly cells?: { readonly width: number; readonly height: number };
  /** Standard deviation of the blur of the probability, cells. */
  readonly blur?: number;
  /** Standard deviation of noise on the logit of the probability. */
  readonly noise?: number;
  readonly seed?: number;
  /** Rows at the bottom hidden by the own bonnet, labelled with this class. */
  readonly bonnet?: { readonly rows: number; readonly classId: number };
}

/** Deterministic numbers from 0 to 1: a xorshift register (Marsaglia, 2003). */
export function random(seed: number): () => number {
  let state = (seed * 2654435761 + 88172645) >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state / 4294967296;
  };
}

/** The picture every test camera takes: 16:9, small numbers. */
const PICTURE = { width: 1280, height: 720 } as const;

/** A camera as a windscreen carries it, with changes. */
export function testCamera(
  change: Partial<CameraParameters> = {},
  picture: { width: number; height: number } = PICTURE,
) {
  return new CameraModel(
    { height: 1.4, pitch: 0.03, yaw: 0, roll: 0, hfov: 1.1, ...change },
    picture.width,
    picture.height,
  );
}

/** Samples across a cell; the corners come first (see `SAMPLES`). */
const ACROSS = 4;
/** Places of the samples in a cell. Where the four corners agree, the rest is taken to agree, too. */
const SAMPLES = Array.from({ length: ACROSS * ACROSS }, (_, s) => {
  const [i, j] = [s % ACROSS, Math.floor(s / ACROSS)];
  const corner = (i === 0 || i === ACROSS - 1) && (j === 0 || j === ACROSS - 1);
  return { x: (i + 0.5) / ACROSS, y: (j + 0.5) / ACROSS, corner };
}).sort((a, b) => Number(b.corner) - Number(a.corner));

/** Rays through all samples of all cells, by camera and grid: what rendering a drive would compute again and again. */
const rayCache = new WeakMap<CameraModel, Map<string, Float32Array>>();

function raysOf(camera: CameraModel, width: number, height: number): Float32Array {
  const grids = rayCache.get(camera) ?? new Map<string, Float32Array>();
  rayCache.set(camera, grids);
  const key = `${width}x${height}`;
  let rays = grids.get(key);
  if (rays) return rays;
  rays = new Float32Array(width * height * SAMPLES.length * 3);
  let at = 0;
  for (let row = 0; row < height; row++)
    for (let column = 0; column < width; column++)
      for (const { x, y } of SAMPLES) {
        const pixel = { x: ((column + x) / width) * camera.width, y: ((row + y) / height) * camera.height };
        const ray = camera.ray(pixel);
        rays.set([ray.x, ray.y, ray.z], at);
        at += 3;
      }
  grids.set(key, rays);
  return rays;
}

/** Renders the class map of a world. */
export function render(world: World, camera: CameraModel, options: RenderOptions = {}): ClassMap {
  const { width, height } = options.cells ?? { width: 112, height: 63 };
  const rays = raysOf(camera, width, height);
  const eye = camera.parameters.height;
  const classes = new Uint8Array(width * height);
  const share = new Float32Array(width * height);
  const counts = new Uint8Array(CLASS_COUNT);
  for (let cell = 0; cell < classes.length; cell++) {
    counts.fill(0);
    let first = -1;
    let mixed = false;
    for (let s = 0; s < SAMPLES.length; s++) {
      if (s === 4 && !mixed) break;
      const id = classAt(world, eye, rays, (cell * SAMPLES.length + s) * 3);
      if (first < 0) first = id;
      mixed ||= id !== first;
      counts[id]!++;
    }
    share[cell] = mixed ? (counts[ID.road]! + counts[ID.marking]!) / SAMPLES.length : Number(isRoad(first));
    classes[cell] = mixed ? counts.indexOf(Math.max(...counts)) : first;
  }
  const smooth = options.blur ? blurred(share, width, height, options.blur) : share;
  const next = random(options.seed ?? 1);
  const drivable = new Uint8Array(width * height);
  for (let cell = 0; cell < drivable.length; cell++) {
    let p = smooth[cell]!;
    if (options.noise) {
      // Sum of four uniforms: near enough to a Gaussian.
      const gauss = (next() + next() + next() + next() - 2) * Math.sqrt(3) * options.noise;
      const safe = Math.min(0.98, Math.max(0.02, p));
      p = 1 / (1 + Math.exp(-(Math.log(safe / (1 - safe)) + gauss)));
      if (p >= 0.5 && !isRoad(classes[cell]!)) classes[cell] = ID.road;
      if (p < 0.5 && isRoad(classes[cell]!)) classes[cell] = ID.sidewalk;
    }
    drivable[cell] = Math.round(p * 255);
  }
  if (options.bonnet) {
    const from = (height - options.bonnet.rows) * width;
    classes.fill(options.bonnet.classId, from);
    drivable.fill(0, from);
  }
  return { width, height, classes, drivable };
}

/** The class map mirrored left to right. */
export function mirrored(map: ClassMap): ClassMap {
  const flip = (values: Uint8Array) => {
    const out = new Uint8Array(values.length);
    for (let row = 0; row < map.height; row++)
      for (let column = 0; column < map.width; column++)
        out[row * map.width + column] = values[row * map.width + map.width - 1 - column]!;
    return out;
  };
  return { width: map.width, height: map.height, classes: flip(map.classes), drivable: flip(map.drivable) };
}

/** A class map of one class. */
export function uniform(classId: number, probability: number, width = 112, height = 63): ClassMap {
  return {
    width,
    height,
    classes: new Uint8Array(width * height).fill(classId),
    drivable: new Uint8Array(width * height).fill(Math.round(probability * 255)),
  };
}

const isRoad = (id: number) => id === ID.road || id === ID.marking;

function classAt(world: World, eye: number, rays: Float32Array, at: number): number {
  const [rayX, rayY, rayZ] = [rays[at]!, rays[at + 1]!, rays[at + 2]!];
  let nearest = rayY < 0 ? -eye / rayY : Number.POSITIVE_INFINITY;
  let seen = -1;
  for (const box of world.boxes) {
    const [enterX, leaveX] = slab(rayX, box.x - box.width / 2, box.x + box.width / 2);
    if (leaveX <= 0 || enterX >= nearest) continue;
    const [enterY, leaveY] = slab(rayY, -eye, box.height - eye);
    const [enterZ, leaveZ] = slab(rayZ, box.z, box.z + box.length);
    const enter = Math.max(enterX, enterY, enterZ);
    if (enter <= 0 || enter >= Math.min(nearest, leaveX, leaveY, leaveZ)) continue;
    nearest = enter;
    seen = box.classId;
  }
  if (seen >= 0) return seen;
  if (Number.isFinite(nearest) && rayZ > 0) return world.surface(rayX * nearest, rayZ * nearest);
  return rayY / Math.hypot(rayX, rayZ) < 0.12 ? ID.building : ID.sky;
}

/** Where a ray from the origin is between two planes, in lengths of the ray. */
function slab(direction: number, low: number, high: number): readonly [number, number] {
  const a = low / (direction || 1e-12);
  const b = high / (direction || 1e-12);
  return a < b ? [a, b] : [b, a];
}

function blurred(values: Float32Array, width: number, height: number, sigma: number): Float32Array {
  const radius = Math.ceil(sigma * 3);
  const kernel = Array.from({ length: 2 * radius + 1 }, (_, i) =>
    Math.exp(-((i - radius) ** 2) / (2 * sigma ** 2)),
  );
  const total = kernel.reduce((sum, k) => sum + k, 0);
  const pass = (from: Float32Array, across: boolean) => {
    const out = new Float32Array(from.length);
    const step = across ? 1 : width;
    for (let row = 0; row < height; row++)
      for (let column = 0; column < width; column++) {
        const at = row * width + column;
        const [before, after] = across ? [column, width - 1 - column] : [row, height - 1 - row];
        let sum = 0;
        for (let k = -radius; k <= radius; k++)
          sum += from[at + Math.min(after, Math.max(-before, k)) * step]! * kernel[k + radius]!;
        out[at] = sum / total;
      }
    return out;
  };
  return pass(pass(values, true), false);
}
