/** Paint of confidence where nothing else differs: colours from a table, a row of pixels at a time. */
import { packed } from './pixel-math';
import { rampAt } from './ramp';

/** Colours between two steps of confidence's byte, and all of them: finer than canvas and eyes are. */
const FINENESS = 4;
const COLOURS = 255 * FINENESS + 1;

/** The colours at one opacity. */
export class ConfidenceShades {
  /** Premultiplied, as bytes. */
  readonly #words = new Uint32Array(COLOURS);

  readonly #colour: [number, number, number] = [0, 0, 0];

  /** The ramp's own colour of a confidence, 0 to 1. Valid until the next call: pixels along edges ask one by one. */
  exactly(confidence: number): readonly [number, number, number] {
    rampAt(confidence, this.#colour);
    return this.#colour;
  }

  /** @param opacity of the paint, 0 to 1 */
  prepare(opacity: number): void {
    for (let i = 0; i < COLOURS; i++) {
      const [red, green, blue] = this.exactly(i / (COLOURS - 1));
      this.#words[i] = packed(red * opacity, green * opacity, blue * opacity, opacity);
    }
  }

  /** The colour of a confidence, 0 to 255. */
  of(confidence: number): number {
    return this.#words[confidence * FINENESS]!;
  }

  /**
   * Fills pixels between two confidences.
   * @param left,right of the mask pixels on either side, 0 to 255
   * @param part how far from the left one each column lies, 0 to 1
   * @param row place of the row's first pixel in `out`
   * @param from,to columns, the second excluded
   */
  fill(
    left: number,
    right: number,
    part: ArrayLike<number>,
    out: Uint32Array,
    row: number,
    from: number,
    to: number,
  ): void {
    const words = this.#words;
    const begin = left * FINENESS + 0.5;
    const rise = (right - left) * FINENESS;
    // Half a step on, so that cutting off rounds.
    for (let x = from; x < to; x++) out[row + x] = words[(begin + rise * part[x]!) | 0]!;
  }
}
