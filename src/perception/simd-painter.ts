/**
 * `MaskPainter` with SIMD, for networks like those of the house: twelve to fifteen channels, each a class, no softmax
 * yet.
 *
 * The scores are bilinear between four neighbours of the network's output, so their exponentials are geometric
 * progressions along x, and first value and ratio of a row are progressions along y: exponentials are only taken once
 * for each cell of the output, and `paint` of `pixels.wat` multiplies its way from pixel to pixel and row to row. In
 * single precision that is exact to about 1e-5 over the largest cells, less than a step of the stored probabilities.
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

/** Floats of a cell: powers, ratios along x, and the growth of both along y, for each slot. */
const CELL_FLOATS = 4 * SLOTS;

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
  readonly #cells: Float32Array;
  readonly #pixels: Uint8Array<ArrayBuffer>;
  readonly #at: {
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
    const cellFloats = (spec.width + 1) * CELL_FLOATS;
    const pixelBytes = mask.width * mask.height * 4;
    this.#at = {
      cells: this.#kernel.reserve(cellFloats * 4),
      drivable: this.#kernel.reserve(SLOTS * 4),
      state: this.#kernel.reserve(stateLength(mask, spec) * 2),
      pixels: this.#kernel.reserve(pixelBytes),
    };
    const { buffer } = this.#kernel;
    this.#cells = new Float32Array(buffer, this.#at.cells, cellFloats);
    this.#pixels = new Uint8Array(buffer, this.#at.pixels, pixelBytes);
    this.state = new Uint16Array(buffer, this.#at.state, stateLength(mask, spec));
    new Float32Array(buffer, this.#at.drivable, SLOTS).set(spec.drivable);
    this.#twin = new MaskPainter(spec, mask, this.state);
  }

  paint(scores: Float32Array, pixels: Uint8Array, options: PaintOptions): void {
    const { map, smoothing, reset, ignore } = options;
    const { width, height } = this.#mask;
    if (this.#tooSteep(scores)) {
      this.#twin.paint(scores, pixels, options);
      return;
    }
    const across = runsOf(map.x, width, this.#spec.width);
    for (const down of runsOf(map.y, height, this.#spec.height)) {
      for (const [i, run] of across.entries()) this.#prepareCell(scores, i, run, down);
      for (let y = down.from; y < down.to; y++)
        for (let i = 0; i < across.length; i++) {
          const run = across[i]!;
          const first = y * width + run.from;
          this.#kernel.run.paint(
            this.#at.cells + i * CELL_FLOATS * 4,
            run.to - run.from,
            this.#at.state + first * SLOTS * 2,
            this.#at.pixels + first * 4,
            smoothing,
            reset ? 1 : 0,
            RELEASE_START,
            RELEASE_END,
            this.#at.drivable,
          );
        }
    }
    pixels.set(this.#pixels);
    if (ignore) for (let y = 0; y < height; y++) hideRow(pixels, ignore, this.#mask, y);
  }

  /** Whether scores anywhere are further apart than single precision bears. */
  #tooSteep(scores: Float32Array): boolean {
    let least = Number.POSITIVE_INFINITY;
    let most = Number.NEGATIVE_INFINITY;
    let sum = 0;
    for (let i = 0; i < scores.length; i++) {
      const score = scores[i]!;
      if (score < least) least = score;
      if (score > most) most = score;
      sum += score;
    }
    // Scores that are no numbers compare to nothing, but make the sum none; they go to the twin as well.
    return !(most - least <= SPREAD_MAX) || !Number.isFinite(sum);
  }

  /** Powers and ratios of one cell at its first pixel. */
  #prepareCell(scores: Float32Array, index: number, run: Run, down: Run): void {
    const strides = scoreStrides(this.#spec);
    const topLeft = down.left * strides.row + run.left * strides.column;
    const topRight = down.left * strides.row + run.right * strides.column;
    const bottomLeft = down.right * strides.row + run.left * strides.column;
    const bottomRight = down.right * strides.row + run.right * strides.column;
    const { channels } = this.#spec;
    let peak = Number.NEGATIVE_INFINITY;
    for (let c = 0; c < channels; c++) {
      const o = c * strides.channel;
      peak = Math.max(
        peak,
        scores[o + topLeft]!,
        scores[o + topRight]!,
        scores[o + bottomLeft]!,
        scores[o + bottomRight]!,
      );
    }
    const cells = this.#cells;
    for (let c = 0, at = index * CELL_FLOATS; c < channels; c++, at++) {
      const o = c * strides.channel;
      const corner = scores[o + topLeft]!;
      const along = scores[o + topRight]! - corner;
      const below = scores[o + bottomLeft]! - corner;
      const twist = scores[o + bottomRight]! - corner - along - below;
      const slope = along + down.start * twist;
      const first = corner + down.start * below + run.start * slope;
      cells[at] = Math.exp(first - peak);
      cells[at + SLOTS] = Math.exp(run.step * slope);
      cells[at + 2 * SLOTS] = Math.exp(down.step * (below + run.start * twist));
      cells[at + 3 * SLOTS] = Math.exp(run.step * down.step * twist);
    }
  }
}
