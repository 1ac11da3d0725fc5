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

/**
 * What was done to hold the picture's rate: one frame in so many is segmented from now on, since drawing fell behind or
 * since there is room again; or a smaller network runs.
 */
export type GovernorNote =
  | { readonly kind: 'stride'; readonly stride: number; readonly why: 'behind' | 'room' }
  | { readonly kind: 'smaller'; readonly model: string };

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
  #note: GovernorNote | null = null;

  /** Every how many frames one is segmented; 1 to `STRIDE_MAX`. */
  get stride(): number {
    return this.#stride;
  }

  /** What it last did; null when it did nothing. */
  get note(): GovernorNote | null {
    return this.#note;
  }

  /** Takes one observation in `live` mode; in `synced` mode the picture waits for masks, and nothing is to be held. */
  observe(input: GovernorInput): void {
    if (input.sourceFps <= 0) return;
    const behind = input.pictureFps < input.sourceFps * BEHIND;
    this.#bad = behind && input.busy > BUSY ? this.#bad + 1 : 0;
    this.#good = !behind && input.busy < BUSY ? this.#good + 1 : 0;
    if (this.#bad >= RAISE_AFTER && this.#stride < STRIDE_MAX) this.#move(this.#stride * 2, 'behind');
    else if (this.#good >= LOWER_AFTER && this.#stride > 1) this.#move(this.#stride / 2, 'room');
  }

  /** Notes what was decided elsewhere (a change of tier). */
  say(note: GovernorNote): void {
    this.#note = note;
  }

  /** Back to every frame (another source, another network, another mode). */
  reset(): void {
    this.#stride = 1;
    this.#bad = 0;
    this.#good = 0;
  }

  #move(stride: number, why: 'behind' | 'room'): void {
    this.#stride = stride;
    this.#bad = 0;
    this.#good = 0;
    this.#note = { kind: 'stride', stride, why };
  }
}
