/**
 * `MaskPainter` with SIMD, for networks like those of the house: twelve to fifteen channels, each a class, no softmax
 * yet.
 *
 * The scores are bilinear between four neighbours of the network's output, so their exponentials are geometric
 * progressions along x, and first value and ratio of a row are progressions along y: exponentials are only taken once
 * for each cell of the output (`cells` of `pixels.wat`), and `row` multiplies its way from pixel to pixel and row to row.
 * In single precision that is exact to about 1e-5 over the largest cells, less than a step of the stored probabilities.
 */

import type { Size } from '../media/size';
import {
  hideRow,
  MaskPainter,
  type PaintOptions,
  type Run,
  runsOf,
  type StreamPainter,
} from './mask-painter';
import { isIdentity, type OutputSpec, scoreStrides } from './output-spec';
import { PixelKernel } from './pixel-kernel';
import { RELEASE_END, RELEASE_START, stateLength } from './postprocess';

/** Slots of a pixel that `paint` is written for: four vectors. */
const SLOTS = 16;

/** Bytes of a cell: powers, ratios along x, and the growth of both along y, floats for each slot. */
const CELL_BYTES = 4 * SLOTS * 4;

/** Words of a run, as `pixels.wat` has it. */
const RUN_WORDS = 5;

/** Score of the slots beyond the channels: no part of any probability. */
const NO_SCORE = -1e6;

/**
 * Scores further apart than this within a cell leave the range of single precision as powers of e (10^±38). Such a
 * frame is painted by the twin in double precision.
 */
const SPREAD_MAX = 80;

/** Whether a network is one this painter can paint. */
export function isSimdPaintable(spec: OutputSpec): boolean {
  return isIdentity(spec) && spec.activation === 'none' && spec.slots === SLOTS;
}

/** Paints the masks of one stream. */
export class SimdPainter implements StreamPainter {
  readonly state: Uint16Array<ArrayBuffer>;
  readonly #spec: OutputSpec;
  readonly #mask: Size;
  readonly #kernel: PixelKernel;
  readonly #twin: MaskPainter;
  /** The network's output as the kernel reads it: sixteen floats for each of its positions. */
  readonly #scores: Float32Array;
  readonly #runs: Int32Array;
  readonly #runStarts: Float32Array;
  readonly #pixels: Uint8Array<ArrayBuffer>;
  readonly #at: {
    readonly scores: number;
    readonly runs: number;
    readonly cells: number;
    readonly drivable: number;
    readonly state: number;
    readonly pixels: number;
  };

  /** @param module the compiled `pixels.wasm` */
  constructor(spec: OutputSpec, mask: Size, module: WebAssembly.Module) {
    this.#spec = spec;
    this.#mask = mask;
    this.#kernel = new PixelKernel(module);
    // A row of the mask has at most one run for each pair of columns, and one at either edge.
    const runsMost = spec.width + 1;
    const scoreFloats = spec.width * spec.height * SLOTS;
    const pixelBytes = mask.width * mask.height * 4;
    this.#at = {
      scores: this.#kernel.reserve(scoreFloats * 4),
      runs: this.#kernel.reserve(runsMost * RUN_WORDS * 4),
      cells: this.#kernel.reserve(runsMost * CELL_BYTES),
      drivable: this.#kernel.reserve(SLOTS * 4),
      state: this.#kernel.reserve(stateLength(mask, spec) * 2),
      pixels: this.#kernel.reserve(pixelBytes),
    };
    const { buffer } = this.#kernel;
    this.#scores = new Float32Array(buffer, this.#at.scores, scoreFloats).fill(NO_SCORE);
    this.#runs = new Int32Array(buffer, this.#at.runs, runsMost * RUN_WORDS);
    this.#runStarts = new Float32Array(buffer, this.#at.runs, runsMost * RUN_WORDS);
    this.#pixels = new Uint8Array(buffer, this.#at.pixels, pixelBytes);
    this.state = new Uint16Array(buffer, this.#at.state, stateLength(mask, spec));
    new Float32Array(buffer, this.#at.drivable, SLOTS).set(spec.drivable);
    this.#twin = new MaskPainter(spec, mask, this.state);
  }

  paint(scores: Float32Array, pixels: Uint8Array, options: PaintOptions): void {
    const { map, smoothing, reset, ignore } = options;
    const { width, height } = this.#mask;
    if (!this.#takeScores(scores)) {
      this.#twin.paint(scores, pixels, options);
      return;
    }
    const across = runsOf(map.x, width, this.#spec.width);
    this.#takeRuns(across);
    const at = this.#at;
    const row = this.#spec.width * SLOTS * 4;
    for (const down of runsOf(map.y, height, this.#spec.height)) {
      const [top, bottom] = [at.scores + down.left * row, at.scores + down.right * row];
      this.#kernel.run.cells(at.runs, across.length, top, bottom, down.start, down.step, at.cells);
      for (let y = down.from; y < down.to; y++)
        this.#kernel.run.row(
          at.runs,
          across.length,
          at.cells,
          at.state + y * width * SLOTS * 2,
          at.pixels + y * width * 4,
          smoothing,
          reset ? 1 : 0,
          RELEASE_START,
          RELEASE_END,
          at.drivable,
        );
    }
    pixels.set(this.#pixels);
    if (ignore) for (let y = 0; y < height; y++) hideRow(pixels, ignore, this.#mask, y);
  }

  /**
   * Lays the scores out for the kernel.
   * @returns whether it may be used: scores anywhere are no further apart than single precision bears
   */
  #takeScores(scores: Float32Array): boolean {
    const { channels, width, height } = this.#spec;
    const strides = scoreStrides(this.#spec);
    const laid = this.#scores;
    let least = Number.POSITIVE_INFINITY;
    let most = Number.NEGATIVE_INFINITY;
    let sum = 0;
    for (let c = 0; c < channels; c++)
      for (let y = 0, to = c; y < height; y++) {
        let from = c * strides.channel + y * strides.row;
        for (let x = 0; x < width; x++, from += strides.column, to += SLOTS) {
          const score = scores[from]!;
          laid[to] = score;
          if (score < least) least = score;
          if (score > most) most = score;
          sum += score;
        }
      }
    // Scores that are no numbers compare to nothing, but make the sum none; they go to the twin as well.
    return most - least <= SPREAD_MAX && Number.isFinite(sum);
  }

  #takeRuns(runs: readonly Run[]): void {
    for (const [i, { from, to, left, right, start, step }] of runs.entries()) {
      const at = i * RUN_WORDS;
      this.#runs[at] = left * SLOTS * 4;
      this.#runs[at + 1] = right * SLOTS * 4;
      this.#runs[at + 2] = to - from;
      this.#runStarts[at + 3] = start;
      this.#runStarts[at + 4] = step;
    }
  }
}
