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
export const PICTURE = { width: 1280, height: 720 } as const;

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

/** Renders the class map of a world. */
export function render(world: World, camera: CameraModel, options: RenderOptions = {}): ClassMap {
  const { width, height } = options.cells ?? { width: 112, height: 63 };
  const classes = new Uint8Array(width * height);
  const share = new Float32Array(width * height);
  const samples = 4;
  // Where the corners of a cell agree, the rest of it is taken to agree, too: thrice as fast.
  const corners = [0, samples - 1, samples * (samples - 1), samples * samples - 1];
  const inner = Array.from({ length: samples * samples }, (_, s) => s).filter((s) => !corners.includes(s));
  const counts = new Uint16Array(CLASS_COUNT);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      counts.fill(0);
      const sample = (s: number) => {
        const x = ((column + ((s % samples) + 0.5) / samples) / width) * camera.width;
        const y = ((row + (Math.floor(s / samples) + 0.5) / samples) / height) * camera.height;
        counts[classAt(world, camera, x, y)]!++;
      };
      for (const s of corners) sample(s);
      if (Math.max(...counts) === corners.length) counts[counts.indexOf(corners.length)] = samples * samples;
      else for (const s of inner) sample(s);
      const cell = row * width + column;
      share[cell] = (counts[ID.road]! + counts[ID.marking]!) / (samples * samples);
      classes[cell] = counts.indexOf(Math.max(...counts));
    }
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

function classAt(world: World, camera: CameraModel, x: number, y: number): number {
  const ray = camera.ray({ x, y });
  const eye = camera.parameters.height;
  let nearest = ray.y < 0 ? -eye / ray.y : Number.POSITIVE_INFINITY;
  let seen = -1;
  for (const box of world.boxes) {
    let enter = 0;
    let leave = nearest;
    const slab = (origin: number, direction: number, low: number, high: number) => {
      const a = (low - origin) / direction;
      const b = (high - origin) / direction;
      enter = Math.max(enter, Math.min(a, b));
      leave = Math.min(leave, Math.max(a, b));
    };
    slab(0, ray.x || 1e-12, box.x - box.width / 2, box.x + box.width / 2);
    slab(eye, ray.y || 1e-12, 0, box.height);
    slab(0, ray.z || 1e-12, box.z, box.z + box.length);
    if (enter < leave && enter > 0) {
      nearest = enter;
      seen = box.classId;
    }
  }
  if (seen >= 0) return seen;
  if (Number.isFinite(nearest) && ray.z > 0) return world.surface(ray.x * nearest, ray.z * nearest);
  return ray.y / Math.hypot(ray.x, ray.z) < 0.12 ? ID.building : ID.sky;
}

function blurred(values: Float32Array, width: number, height: number, sigma: number): Float32Array {
  const radius = Math.ceil(sigma * 3);
  const kernel = Array.from({ length: 2 * radius + 1 }, (_, i) =>
    Math.exp(-((i - radius) ** 2) / (2 * sigma ** 2)),
  );
  const total = kernel.reduce((sum, k) => sum + k, 0);
  const pass = (from: Float32Array, across: boolean) => {
    const out = new Float32Array(from.length);
    for (let row = 0; row < height; row++)
      for (let column = 0; column < width; column++) {
        let sum = 0;
        for (let k = -radius; k <= radius; k++) {
          const x = across ? Math.min(width - 1, Math.max(0, column + k)) : column;
          const y = across ? row : Math.min(height - 1, Math.max(0, row + k));
          sum += from[y * width + x]! * kernel[k + radius]!;
        }
        out[row * width + column] = sum / total;
      }
    return out;
  };
  return pass(pass(values, true), false);
}
