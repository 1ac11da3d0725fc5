/**
 * Holds the picture's rate: when drawing falls behind the source while the network keeps the device busy, only every
 * n-th frame is segmented (the stride); when there is room again, the stride shrinks. It says what it did.
 *
 * Raising is quick (two bad seconds), lowering slow (eight good ones): a rate that swings is worse than a low one.
 */

/** The largest stride: beyond it a mask is older than half a second at 30 pictures a second. */
export const STRIDE_MAX = 16;

/** Picture rate over source rate below which drawing counts as behind: one frame in ten missed is visible. */
const BEHIND = 0.9;

/** Share of time an inference is in flight above which the network is the likely cause. */
const BUSY = 0.8;

/** Bad, and good, observations in a row before the stride moves. */
const RAISE_AFTER = 2;
const LOWER_AFTER = 8;

/** One observation, about a second apart. */
export interface GovernorInput {
  readonly sourceFps: number;
  readonly pictureFps: number;
  /** Share of the last second during which an inference was in flight, 0 to 1. */
  readonly busy: number;
}

/** Chooses the stride. */
export class Governor {
  #stride = 1;
  #bad = 0;
  #good = 0;
  #said = '';

  /** Every how many frames one is segmented; 1 to `STRIDE_MAX`. */
  get stride(): number {
    return this.#stride;
  }

  /** What it last did, for people; empty when it did nothing. */
  get said(): string {
    return this.#said;
  }

  /** Takes one observation in `live` mode; in `synced` mode the picture waits for masks, and nothing is to be held. */
  observe(input: GovernorInput): void {
    if (input.sourceFps <= 0) return;
    const behind = input.pictureFps < input.sourceFps * BEHIND;
    this.#bad = behind && input.busy > BUSY ? this.#bad + 1 : 0;
    this.#good = !behind && input.busy < BUSY ? this.#good + 1 : 0;
    if (this.#bad >= RAISE_AFTER && this.#stride < STRIDE_MAX)
      this.#move(this.#stride * 2, 'to hold the picture’s rate');
    else if (this.#good >= LOWER_AFTER && this.#stride > 1)
      this.#move(this.#stride / 2, 'since there is room again');
  }

  /** Notes what was decided elsewhere (a change of tier). */
  say(text: string): void {
    this.#said = text;
  }

  /** Back to every frame (another source, another network, another mode). */
  reset(): void {
    this.#stride = 1;
    this.#bad = 0;
    this.#good = 0;
  }

  #move(stride: number, why: string): void {
    this.#stride = stride;
    this.#bad = 0;
    this.#good = 0;
    this.#said = `${stride === 1 ? 'Every frame' : `One frame in ${stride}`} is segmented, ${why}.`;
  }
}
