/**
 * What smoothing and the small class map are made of, for the painters of the processor and for `postprocess.wgsl` and
 * `class-map.wgsl`, which compute the same.
 */

import type { Size } from '../media/size';
import { BROKEN_CLASS, UNDECIDED_CLASS, VOID_CLASS } from '../taxonomy/class-list';
import type { ClassMap, IgnoreRegion } from './engine';
import { classMapSize } from './geometry';
import { insideRegion } from './ignore';
import type { MaskMap, OutputSpec } from './output-spec';

/**
 * Where smoothing begins to let go and where it lets go entirely, as total-variation distance between the newest
 * probabilities and the state. Below the first, differences are the flicker that smoothing is for; above the second
 * the pixel shows another thing than before, and an average would only leave a ghost behind a moving edge.
 */
export const RELEASE_START = 0.35;
export const RELEASE_END = 0.75;

/** Steps of a stored probability: 16-bit fixed point, exact enough that slow averages do not stall (WGSL unorm). */
export const STATE_SCALE = 65535;

/**
 * Positions between the pixels of ids are drawn this much to the first one: halfway between two, a pixel would be a tie
 * that no network has made, and that each engine would round its own way.
 */
export const ID_LEAN = 0.999;

/** Samples along each side of a class-map cell. Probabilities vary slowly over a cell, so four in all suffice. */
const CELL_SAMPLES = 2;

/** One picture's way from scores to mask. */
export interface PostprocessOptions {
  readonly spec: OutputSpec;
  readonly map: MaskMap;
  readonly mask: Size;
  /** Weight of the newest probabilities where nothing moves, 0 to 1. */
  readonly smoothing: number;
  /** The state holds nothing yet. */
  readonly reset: boolean;
  readonly ignore: IgnoreRegion | null;
}

/** Number of 16-bit values that hold the smoothed probabilities of a mask: `slots` for each pixel. */
export function stateLength(mask: Size, { slots }: Pick<OutputSpec, 'slots'>): number {
  return mask.width * mask.height * slots;
}

/**
 * Weight of the newest probabilities in the average: `smoothing` up to a distance of `RELEASE_START`, one from
 * `RELEASE_END` on, and along the cubic 3t² − 2t³ in between.
 * @param distance ½ Σ |newest − state| over the slots, 0 to 1 between distributions
 */
export function blendWeight(smoothing: number, distance: number): number {
  const t = Math.min(Math.max((distance - RELEASE_START) / (RELEASE_END - RELEASE_START), 0), 1);
  return smoothing + (1 - smoothing) * t * t * (3 - 2 * t);
}

/** A probability as the byte a mask holds. */
function toByte(p: number): number {
  return Math.round(Math.min(Math.max(p, 0), 1) * 255);
}

/**
 * Where the samples of the cells lie along an axis of `cells` cells over `pixels` pixels, `stride` apart: that of sample
 * `i` of cell `cell` is the floor of (cell + (i + ½) / samples) · pixels / cells, in whole numbers, so that the shader
 * gets the same.
 */
function samplePositions(cells: number, pixels: number, stride: number): Int32Array {
  const positions = new Int32Array(cells * CELL_SAMPLES);
  for (let n = 0; n < positions.length; n++)
    positions[n] =
      stride * Math.min(pixels - 1, Math.floor(((2 * n + 1) * pixels) / (2 * CELL_SAMPLES * cells)));
  return positions;
}

/** The class with the most of whole numbers, undecided where two have as much. */
function mostOf(values: ArrayLike<number>, from: number, count: number): number {
  let best = 0;
  let tied = false;
  for (let k = 1; k < count; k++) {
    const [value, most] = [values[from + k]!, values[from + best]!];
    if (value === most) tied = true;
    else if (value > most) {
      best = k;
      tied = false;
    }
  }
  return tied ? UNDECIDED_CLASS : best;
}

/**
 * The small map that leaves the engine: for each cell the mean of the smoothed probabilities at four mask pixels, and
 * the verdict on it. Where two classes have the same mean, as along the edges of ids, the cell is what its first pixel
 * is. A cell whose centre is ignored is void; one with a broken pixel is broken.
 * @param state as `postprocess` left it
 */
export function classMap(
  state: Uint16Array,
  spec: Pick<OutputSpec, 'classes' | 'slots' | 'drivable' | 'floor'>,
  mask: Size,
  ignore: IgnoreRegion | null,
): ClassMap {
  const { width, height } = classMapSize(mask.width / mask.height);
  const { classes: count, slots } = spec;
  const classes = new Uint8Array(width * height);
  const drivable = new Uint8Array(width * height);
  // Sums of whole numbers, each taken once: the engine on the processor runs this for every frame.
  const whole = STATE_SCALE * CELL_SAMPLES * CELL_SAMPLES;
  const columns = samplePositions(width, mask.width, slots);
  const rows = samplePositions(height, mask.height, mask.width * slots);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const cell = y * width + x;
      if (ignore && insideRegion(ignore, (x + 0.5) / width, (y + 0.5) / height)) {
        classes[cell] = VOID_CLASS;
        continue;
      }
      const [left, right] = [columns[2 * x]!, columns[2 * x + 1]!];
      const [upper, lower] = [rows[2 * y]!, rows[2 * y + 1]!];
      const [p, q, r, s] = [upper + left, upper + right, lower + left, lower + right];
      const sum = (k: number) => state[p + k]! + state[q + k]! + state[r + k]! + state[s + k]!;
      if (sum(slots - 1) > 0) {
        classes[cell] = BROKEN_CLASS;
        continue;
      }
      let id = 0;
      let most = -1;
      let tied = false;
      let total = 0;
      let road = 0;
      for (let k = 0; k < count; k++) {
        const value = sum(k);
        total += value;
        if (spec.drivable[k]) road += value;
        if (value === most) tied = true;
        else if (value > most) {
          id = k;
          most = value;
          tied = false;
        }
      }
      if (tied) {
        id = mostOf(state, p, count);
        most = id === UNDECIDED_CLASS ? 0 : sum(id);
      }
      classes[cell] = whole - total > most || most < spec.floor * whole ? UNDECIDED_CLASS : id;
      drivable[cell] = toByte(road / whole);
    }
  return { width, height, classes, drivable };
}
