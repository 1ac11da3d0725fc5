/**
 * The fast twin of `postprocess`, for the WebAssembly engine and any network: the same masks at a few nanoseconds for
 * each channel and pixel. Networks of the house have a faster one yet, `SimdPainter`.
 *
 * Between two neighbouring columns of the network's output the bilinear scores are linear in x, so their exponentials
 * are geometric progressions: one multiplication takes the place of an interpolation and an `exp`. In double precision
 * the progression is exact to about 1e-13 over any cell, and it cannot overflow, since each cell starts from its peak.
 */

import type { Size } from '../media/size';
import { BROKEN_CLASS, UNDECIDED_CLASS, VOID_CLASS } from '../taxonomy/class-list';
import type { IgnoreRegion } from './engine';
import type { AxisMap } from './geometry';
import { insideRegion } from './ignore';
import { isIdentity, type OutputSpec, scoreStrides, standsAlone } from './output-spec';
import {
  blendWeight,
  ID_LEAN,
  type PostprocessOptions,
  RELEASE_START,
  STATE_SCALE,
  stateLength,
} from './postprocess';

/** Scores further apart than this leave the range of a double as powers of e (10^±308) and are taken one by one. */
const SPREAD_MAX = 600;

/** One step of a stored probability. */
const UNIT = 1 / STATE_SCALE;

/** A run of mask pixels between the same two columns (or rows) of the output. */
export interface Run {
  readonly from: number;
  readonly to: number;
  readonly left: number;
  readonly right: number;
  /** Position between the columns at `from`, and its increase from pixel to pixel. */
  readonly start: number;
  readonly step: number;
}

/** Cuts a row (or column) of the mask into runs. */
export function runsOf(axis: AxisMap, pixels: number, cells: number): Run[] {
  const runs: Run[] = [];
  let from = 0;
  while (from < pixels) {
    const at = axis.offset + from * axis.step;
    const left = Math.min(Math.max(Math.floor(at), 0), cells - 1);
    // Left of the first and right of the last cell centre the scores are constant.
    const flat = at < 0 || left === cells - 1;
    const edge = at < 0 ? 0 : left === cells - 1 ? Number.POSITIVE_INFINITY : left + 1;
    let to = from + 1;
    while (to < pixels && axis.offset + to * axis.step < edge) to++;
    const right = flat ? left : left + 1;
    runs.push({ from, to, left, right, start: flat ? 0 : at - left, step: flat ? 0 : axis.step });
    from = to;
  }
  return runs;
}

/** How one frame is to be painted. */
export type PaintOptions = Omit<PostprocessOptions, 'spec' | 'mask'>;

/** Paints the masks of one stream and holds its smoothed probabilities. */
export interface StreamPainter {
  /** `stateLength` values of 1 / 65535, pixel by pixel, as `postprocess` leaves them. */
  readonly state: Uint16Array;
  /**
   * Does what `postprocess` does.
   * @param scores the network's output
   * @param pixels receives the mask, four bytes for each pixel
   */
  paint(scores: Float32Array, pixels: Uint8Array, options: PaintOptions): void;
}

/** Paints masks of any network; keeps its scratch memory between frames. */
export class MaskPainter implements StreamPainter {
  readonly state: Uint16Array;
  readonly #mask: Size;
  readonly #spec: OutputSpec;
  readonly #identity: boolean;
  /** Scores of one mask row at the output's width, and the progressions of one run. */
  readonly #row: Float64Array;
  readonly #powers: Float64Array;
  readonly #ratios: Float64Array;
  readonly #merged: Float64Array;
  /** A plain array: typed or read-only views would cost a check for each pixel. */
  readonly #drivable: readonly number[];
  /** Whether the scores of the present run are too far apart for progressions. */
  #steep = false;

  /** @param state memory for the smoothed probabilities, `stateLength` values; its own by default */
  constructor(spec: OutputSpec, mask: Size, state = new Uint16Array(stateLength(mask, spec))) {
    this.state = state;
    this.#mask = mask;
    this.#spec = spec;
    this.#identity = isIdentity(spec);
    this.#row = new Float64Array(spec.channels * spec.width);
    this.#powers = new Float64Array(spec.channels);
    this.#ratios = new Float64Array(spec.channels);
    this.#merged = new Float64Array(spec.slots);
    this.#drivable = [...spec.drivable.keys()].filter((id) => spec.drivable[id] === 1);
  }

  paint(scores: Float32Array, pixels: Uint8Array, options: PaintOptions): void {
    const { map, smoothing, reset, ignore } = options;
    const { state } = this;
    const mask = this.#mask;
    const runs = runsOf(map.x, mask.width, this.#spec.width);
    if (this.#spec.activation === 'ids') {
      this.#paintIds(scores, pixels, options);
      return;
    }
    for (let y = 0; y < mask.height; y++) {
      this.#interpolateRow(scores, map.y.offset + y * map.y.step);
      for (const run of runs) {
        this.#begin(run);
        this.#paintRun(run, state, pixels, y * mask.width, reset ? 1 : smoothing);
      }
      if (ignore) hideRow(pixels, ignore, mask, y);
    }
  }

  /** Scores of one row of the mask, interpolated between two rows of the output. */
  #interpolateRow(scores: Float32Array, position: number): void {
    const { width, height, channels } = this.#spec;
    const strides = scoreStrides(this.#spec);
    const y = Math.min(Math.max(position, 0), height - 1);
    const top = Math.floor(y) * strides.row;
    const bottom = Math.min(Math.floor(y) + 1, height - 1) * strides.row;
    const f = y - Math.floor(y);
    for (let x = 0, to = 0; x < width; x++)
      for (let c = 0; c < channels; c++, to++) {
        const at = c * strides.channel + x * strides.column;
        this.#row[to] = scores[top + at]! * (1 - f) + scores[bottom + at]! * f;
      }
  }

  /** Sets up the progressions of a run: powers and ratios after a softmax-to-be, values and steps otherwise. */
  #begin(run: Run): void {
    const { channels, activation } = this.#spec;
    const row = this.#row;
    const left = run.left * channels;
    const right = run.right * channels;
    let peak = Number.NEGATIVE_INFINITY;
    let lowest = Number.POSITIVE_INFINITY;
    for (let c = 0; c < channels; c++) {
      peak = Math.max(peak, row[left + c]!, row[right + c]!);
      lowest = Math.min(lowest, row[left + c]!, row[right + c]!);
    }
    this.#steep = activation === 'none' && peak - lowest > SPREAD_MAX;
    for (let c = 0; c < channels; c++) {
      const slope = row[right + c]! - row[left + c]!;
      const first = row[left + c]! + run.start * slope;
      this.#powers[c] = activation === 'none' ? Math.exp(first - peak) : first;
      this.#ratios[c] = activation === 'none' ? Math.exp(run.step * slope) : run.step * slope;
    }
  }

  /**
   * Merges and settles the pixels of one run. With `#settle` the hot loop of the engines on the processor beside the
   * network itself, hence the local names and the repeated loops: they keep every array access unboxed.
   * @param line index of the row's first pixel
   * @param smoothing 1 leaves the state unread
   */
  #paintRun(run: Run, state: Uint16Array, pixels: Uint8Array, line: number, smoothing: number): void {
    const powers = this.#powers;
    const ratios = this.#ratios;
    const merged = this.#merged;
    const identity = this.#identity;
    const steep = this.#steep;
    const { channels, activation, classOfChannel, classes } = this.#spec;
    const softmax = activation === 'none';
    const apart = standsAlone(activation);
    const logits = activation === 'logits';
    for (let x = run.from; x < run.to; x++) {
      let gain = 1;
      if (softmax) {
        let total = 0;
        if (steep) total = this.#restart(run, x);
        else for (let c = 0; c < channels; c++) total += powers[c]!;
        gain = 1 / total;
      }
      if (logits) this.#mergeLogits();
      else if (identity) for (let c = 0; c < channels; c++) merged[c] = powers[c]! * gain;
      else {
        for (let k = 0; k < classes; k++) merged[k] = 0;
        for (let c = 0; c < channels; c++) {
          const id = classOfChannel[c]!;
          if (id >= classes) continue;
          merged[id] = apart ? Math.max(merged[id]!, powers[c]!) : merged[id]! + powers[c]! * gain;
        }
      }
      if (softmax) for (let c = 0; c < channels; c++) powers[c]! *= ratios[c]!;
      else for (let c = 0; c < channels; c++) powers[c]! += ratios[c]!;
      this.#settle(state, pixels, line + x, smoothing);
    }
  }

  /** A sigmoid of each channel; of channels that mean the same class the most counts. What is not finite stays none. */
  #mergeLogits(): void {
    const { channels, classOfChannel, classes } = this.#spec;
    const merged = this.#merged;
    for (let k = 0; k < classes; k++) merged[k] = 0;
    for (let c = 0; c < channels; c++) {
      const id = classOfChannel[c]!;
      const logit = this.#powers[c]!;
      if (!Number.isFinite(logit)) merged[0] = Number.NaN;
      else if (id < classes) merged[id] = Math.max(merged[id]!, 1 / (1 + Math.exp(-logit)));
    }
  }

  /** Each neighbour of the output counts for the class whose number it holds, as far as it is near. */
  #paintIds(ids: Float32Array, pixels: Uint8Array, { map, smoothing, reset, ignore }: PaintOptions): void {
    const { width, height, classOfChannel, classes } = this.#spec;
    const mask = this.#mask;
    const merged = this.#merged;
    const add = (at: number, share: number): void => {
      const id = classOfChannel[Math.round(ids[at]!)] ?? UNDECIDED_CLASS;
      if (id < classes) merged[id]! += share;
      // What is no number makes the sum none, as with scores.
      else if (!Number.isFinite(ids[at]!)) merged[0] = Number.NaN;
    };
    for (let y = 0; y < mask.height; y++) {
      const py = Math.min(Math.max(map.y.offset + y * map.y.step, 0), height - 1);
      const top = Math.floor(py) * width;
      const bottom = Math.min(Math.floor(py) + 1, height - 1) * width;
      const fy = ID_LEAN * (py - Math.floor(py));
      for (let x = 0; x < mask.width; x++) {
        const px = Math.min(Math.max(map.x.offset + x * map.x.step, 0), width - 1);
        const left = Math.floor(px);
        const right = Math.min(left + 1, width - 1);
        const fx = ID_LEAN * (px - left);
        merged.fill(0);
        add(top + left, (1 - fx) * (1 - fy));
        add(top + right, fx * (1 - fy));
        add(bottom + left, (1 - fx) * fy);
        add(bottom + right, fx * fy);
        this.#settle(this.state, pixels, y * mask.width + x, reset ? 1 : smoothing);
      }
      if (ignore) hideRow(pixels, ignore, mask, y);
    }
  }

  /** Smooths, decides and stores what was merged for one pixel. */
  #settle(state: Uint16Array, pixels: Uint8Array, index: number, smoothing: number): void {
    const merged = this.#merged;
    const drivable = this.#drivable;
    const { classes, slots, floor } = this.#spec;
    const base = index * slots;
    if (smoothing < 1 && state[base + slots - 1] === 0) {
      let distance = 0;
      for (let k = 0; k < classes; k++) distance += Math.abs(merged[k]! - state[base + k]! * UNIT);
      distance /= 2;
      const weight = distance <= RELEASE_START ? smoothing : blendWeight(smoothing, distance);
      for (let k = 0; k < classes; k++) {
        const old = state[base + k]! * UNIT;
        merged[k] = old + weight * (merged[k]! - old);
      }
    }
    let id = 0;
    let best = -1;
    let tied = false;
    let total = 0;
    for (let k = 0; k < classes; k++) {
      const p = merged[k]!;
      total += p;
      state[base + k] = p * STATE_SCALE + 0.5;
      if (p > best) {
        best = p;
        id = k;
        tied = false;
      } else if (p === best) tied = true;
    }
    const at = index * 4;
    pixels[at + 3] = 255;
    if (!Number.isFinite(total)) {
      state.fill(STATE_SCALE, base, base + slots);
      pixels[at] = BROKEN_CLASS;
      pixels[at + 1] = 0;
      pixels[at + 2] = 0;
      return;
    }
    for (let k = classes; k < slots; k++) state[base + k] = 0;
    let road = 0;
    for (let i = 0; i < drivable.length; i++) road += merged[drivable[i]!]!;
    const none = tied || best < floor || 1 - total > best;
    pixels[at] = none ? UNDECIDED_CLASS : id;
    pixels[at + 1] = none ? 0 : best * 255 + 0.5;
    pixels[at + 2] = Math.min(road, 1) * 255 + 0.5;
  }

  /** Powers of pixel `x` computed directly, from its own peak; returns their sum. */
  #restart(run: Run, x: number): number {
    const { channels } = this.#spec;
    const row = this.#row;
    const f = run.start + (x - run.from) * run.step;
    let peak = Number.NEGATIVE_INFINITY;
    for (let c = 0; c < channels; c++) {
      const z = row[run.left * channels + c]! * (1 - f) + row[run.right * channels + c]! * f;
      this.#powers[c] = z;
      peak = Math.max(peak, z);
    }
    let total = 0;
    for (let c = 0; c < channels; c++) {
      this.#powers[c] = Math.exp(this.#powers[c]! - peak);
      total += this.#powers[c]!;
    }
    return total;
  }
}

/** Makes the ignored pixels of one finished row void. */
export function hideRow(pixels: Uint8Array, ignore: IgnoreRegion, mask: Size, y: number): void {
  for (let x = 0; x < mask.width; x++)
    if (insideRegion(ignore, (x + 0.5) / mask.width, (y + 0.5) / mask.height))
      pixels.set([VOID_CLASS, 0, 0, 255], (y * mask.width + x) * 4);
}
