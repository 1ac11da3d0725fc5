/**
 * CPU reference of `postprocess.wgsl` and `class-map.wgsl`: scores at the network's output size to the mask at drawing
 * size, pixel by pixel, written to be read. The WebAssembly engine computes the same with `MaskPainter`.
 */

import type { Size } from '../media/size';
import { CLASS_COUNT, DRIVABLE_CLASS_IDS, isDrivable, VOID_CLASS } from '../taxonomy/classes';
import type { ClassMap, IgnoreRegion } from './engine';
import { classMapSize } from './geometry';
import { insideRegion } from './ignore';
import { type MaskMap, type OutputSpec, scoreStrides } from './output-spec';

/**
 * Where smoothing begins to let go and where it lets go entirely, as total-variation distance between the newest
 * probabilities and the state. Below the first, differences are the flicker that smoothing is for; above the second
 * the pixel shows another thing than before, and an average would only leave a ghost behind a moving edge.
 */
export const RELEASE_START = 0.35;
export const RELEASE_END = 0.75;

/** Steps of a stored probability: 16-bit fixed point, exact enough that slow averages do not stall (WGSL unorm). */
export const STATE_SCALE = 65535;

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

/** Number of 16-bit values that hold the smoothed probabilities of a mask: 12 for each pixel. */
export function stateLength(mask: Size): number {
  return mask.width * mask.height * CLASS_COUNT;
}

/**
 * Weight of the newest probabilities in the average: `smoothing` up to a distance of `RELEASE_START`, one from
 * `RELEASE_END` on, and along the cubic 3t² − 2t³ in between.
 * @param distance ½ Σ |newest − state| over the classes, 0 to 1
 */
export function blendWeight(smoothing: number, distance: number): number {
  const t = Math.min(Math.max((distance - RELEASE_START) / (RELEASE_END - RELEASE_START), 0), 1);
  return smoothing + (1 - smoothing) * t * t * (3 - 2 * t);
}

/**
 * Probabilities of the channels at a point of the output grid: bilinear scores, then softmax unless the network has
 * already applied one.
 * @param x, y grid coordinates, clamped to the grid
 */
function probabilitiesAt(scores: Float32Array, spec: OutputSpec, x: number, y: number): number[] {
  const strides = scoreStrides(spec);
  const cx = Math.min(Math.max(x, 0), spec.width - 1);
  const cy = Math.min(Math.max(y, 0), spec.height - 1);
  const x0 = Math.floor(cx);
  const y0 = Math.floor(cy);
  const x1 = Math.min(x0 + 1, spec.width - 1);
  const y1 = Math.min(y0 + 1, spec.height - 1);
  const values: number[] = [];
  for (let c = 0; c < spec.channels; c++) {
    const at = (px: number, py: number) =>
      scores[c * strides.channel + py * strides.row + px * strides.column] ?? 0;
    const top = at(x0, y0) * (1 - (cx - x0)) + at(x1, y0) * (cx - x0);
    const bottom = at(x0, y1) * (1 - (cx - x0)) + at(x1, y1) * (cx - x0);
    values.push(top * (1 - (cy - y0)) + bottom * (cy - y0));
  }
  if (spec.activation === 'softmax') return values;
  const peak = Math.max(...values);
  const powers = values.map((z) => Math.exp(z - peak));
  const total = powers.reduce((a, b) => a + b, 0);
  return powers.map((p) => p / total);
}

/**
 * Probabilities of the twelve classes at a mask pixel. Channels of the same class add up; channels without a class
 * are dropped and the rest keeps its size, so what is missing to 1 is the probability of "nothing we have a name for".
 */
export function classProbabilities(
  scores: Float32Array,
  spec: OutputSpec,
  map: MaskMap,
  x: number,
  y: number,
): number[] {
  const merged = new Array<number>(CLASS_COUNT).fill(0);
  const channels = probabilitiesAt(
    scores,
    spec,
    map.x.offset + x * map.x.step,
    map.y.offset + y * map.y.step,
  );
  for (const [channel, p] of channels.entries()) {
    const id = spec.classOfChannel[channel] ?? VOID_CLASS;
    if (id < CLASS_COUNT) merged[id]! += p;
  }
  return merged;
}

/** What is painted for one distribution. */
export interface Verdict {
  /** Class id, 255 when the dropped channels outweigh every class. */
  readonly id: number;
  /** Probability of the class, 0 for void. */
  readonly confidence: number;
  /** Probability of road and lane marking together. */
  readonly drivable: number;
}

/** Argmax (the lowest id wins a tie), confidence and drivable probability of a distribution over the classes. */
export function verdictOf(probabilities: readonly number[]): Verdict {
  let id = 0;
  let total = 0;
  let drivable = 0;
  for (const [k, p] of probabilities.entries()) {
    if (p > (probabilities[id] ?? 0)) id = k;
    total += p;
    if (isDrivable(k)) drivable += p;
  }
  const confidence = probabilities[id] ?? 0;
  return 1 - total > confidence ? { id: VOID_CLASS, confidence: 0, drivable } : { id, confidence, drivable };
}

/** A probability as the byte a mask holds. */
function toByte(p: number): number {
  return Math.round(Math.min(Math.max(p, 0), 1) * 255);
}

/**
 * Upsamples, smooths and decides every pixel of a mask.
 *
 * Smoothing: state ← state + w (newest − state), with w = `blendWeight(smoothing, ½ Σ |newest − state|)`, and w = 1
 * after a reset. The decision is taken on the new state. Ignored pixels are void in the mask, but their state goes on.
 * @param scores the network's output, in the manifest's layout
 * @param state `stateLength(mask)` values of 1 / 65535, pixel by pixel, moved to where the picture is now (`moveState`);
 *   read unless `reset`, then overwritten
 * @returns the mask, four bytes for each pixel: class, confidence, drivable, 255
 */
export function postprocess(
  scores: Float32Array,
  state: Uint16Array,
  options: PostprocessOptions,
): Uint8Array<ArrayBuffer> {
  const { spec, map, mask, smoothing, reset, ignore } = options;
  const pixels = new Uint8Array(mask.width * mask.height * 4);
  for (let y = 0; y < mask.height; y++)
    for (let x = 0; x < mask.width; x++) {
      const index = y * mask.width + x;
      const newest = classProbabilities(scores, spec, map, x, y);
      const old = newest.map((_, k) => (state[index * CLASS_COUNT + k] ?? 0) / STATE_SCALE);
      const distance = newest.reduce((sum, p, k) => sum + Math.abs(p - (old[k] ?? 0)), 0) / 2;
      const weight = reset ? 1 : blendWeight(smoothing, distance);
      const smoothed = newest.map((p, k) => (reset ? p : (old[k] ?? 0) + weight * (p - (old[k] ?? 0))));
      for (const [k, p] of smoothed.entries())
        state[index * CLASS_COUNT + k] = Math.floor(0.5 + STATE_SCALE * Math.min(Math.max(p, 0), 1));
      const hidden = ignore !== null && insideRegion(ignore, (x + 0.5) / mask.width, (y + 0.5) / mask.height);
      const verdict = hidden ? { id: VOID_CLASS, confidence: 0, drivable: 0 } : verdictOf(smoothed);
      pixels.set([verdict.id, toByte(verdict.confidence), toByte(verdict.drivable), 255], index * 4);
    }
  return pixels;
}

/**
 * Mask pixel that sample `i` of cell `cell` reads along an axis of `cells` cells over `pixels` pixels: the floor of
 * (cell + (i + ½) / samples) · pixels / cells, in whole numbers, so that the shader gets the same.
 */
function samplePosition(cell: number, i: number, cells: number, pixels: number): number {
  const doubled = (2 * CELL_SAMPLES * cell + 2 * i + 1) * pixels;
  return Math.min(pixels - 1, Math.floor(doubled / (2 * CELL_SAMPLES * cells)));
}

/**
 * The small map that leaves the engine: for each cell the mean of the smoothed probabilities at four mask pixels, and
 * the verdict on it. A cell whose centre is ignored is void.
 * @param state as `postprocess` left it
 */
export function classMap(state: Uint16Array, mask: Size, ignore: IgnoreRegion | null): ClassMap {
  const { width, height } = classMapSize(mask.width / mask.height);
  const classes = new Uint8Array(width * height);
  const drivable = new Uint8Array(width * height);
  // Sums of whole numbers: the engine on the processor runs this for every frame.
  const whole = STATE_SCALE * CELL_SAMPLES * CELL_SAMPLES;
  const sums = new Uint32Array(CLASS_COUNT);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const cell = y * width + x;
      if (ignore !== null && insideRegion(ignore, (x + 0.5) / width, (y + 0.5) / height)) {
        classes[cell] = VOID_CLASS;
        continue;
      }
      sums.fill(0);
      for (let j = 0; j < CELL_SAMPLES; j++)
        for (let i = 0; i < CELL_SAMPLES; i++) {
          const px = samplePosition(x, i, width, mask.width);
          const py = samplePosition(y, j, height, mask.height);
          const base = (py * mask.width + px) * CLASS_COUNT;
          for (let k = 0; k < CLASS_COUNT; k++) sums[k]! += state[base + k]!;
        }
      let best = 0;
      let total = 0;
      for (let k = 0; k < CLASS_COUNT; k++) {
        if (sums[k]! > sums[best]!) best = k;
        total += sums[k]!;
      }
      let road = 0;
      for (let i = 0; i < DRIVABLE_CLASS_IDS.length; i++) road += sums[DRIVABLE_CLASS_IDS[i]!]!;
      classes[cell] = whole - total > sums[best]! ? VOID_CLASS : best;
      drivable[cell] = toByte(road / whole);
    }
  return { width, height, classes, drivable };
}
