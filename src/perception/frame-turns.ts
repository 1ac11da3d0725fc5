/**
 * When an engine in a worker takes its next frame: while the network works on one, the next is read, so that it waits for
 * nothing; but no earlier than that takes, so that the newest frame is the one that is read.
 */

/** Frames on their way at a time: the one in the network, and the one that is read for it. */
const FRAMES_MAX = 2;

/** Milliseconds by which reading begins before it must: timers and messages are late now and then. */
const MARGIN = 6;

/** Weight of the newest measurement in the running means. */
const NEWEST = 0.3;

/** What it needs of the world. */
export interface TurnsWorld {
  /** Milliseconds, monotonic. */
  now(): number;
  wait(milliseconds: number): Promise<void>;
}

const WORLD: TurnsWorld = {
  now: () => performance.now(),
  wait: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
};

/** Gives turns, first come, first served. */
export class FrameTurns {
  #taken = 0;
  readonly #waiting: (() => void)[] = [];
  /** Those who wait for anything to change. */
  #watching: (() => void)[] = [];
  /** When the network began with what it works on. */
  #began = 0;
  #busy: number | null = null;
  #reading = 0;

  constructor(private readonly world: TurnsWorld = WORLD) {}

  /** Milliseconds the network needs for a frame, of late; null before the first. */
  get busy(): number | null {
    return this.#busy;
  }

  /** Waits for a turn; `leave` ends it. */
  async enter(): Promise<void> {
    if (this.#taken < FRAMES_MAX) {
      this.#taken++;
      if (this.#taken === 1) this.#began = this.world.now();
      return;
    }
    // Whoever leaves hands its turn over.
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /**
   * Ends a turn.
   * @param took milliseconds of making the frame ready, of the network's work on it, and since that was done (the network
   * may work on the next one since then); null when it failed
   */
  leave(took: { readonly reading: number; readonly working: number; readonly since?: number } | null): void {
    if (took) {
      const first = this.#busy === null;
      this.#busy = first ? took.working : mean(this.#busy ?? 0, took.working);
      this.#reading = first ? took.reading : mean(this.#reading, took.reading);
    }
    this.#began = this.world.now() - (took?.since ?? 0);
    const next = this.#waiting.shift();
    if (next) next();
    else this.#taken--;
    for (const watching of this.#watching.splice(0)) watching();
  }

  /**
   * Resolves when it is time to read another frame, or to have it made where that takes `ahead` milliseconds.
   */
  async vacant(ahead = 0): Promise<void> {
    while (this.#taken > 0) {
      const change = new Promise<void>((resolve) => this.#watching.push(resolve));
      const full = this.#taken >= FRAMES_MAX;
      // What has to be made first may be begun while both turns are taken.
      if ((full && ahead === 0) || this.#busy === null) {
        await change;
        continue;
      }
      const done = this.#began + this.#busy * this.#taken;
      const left = done - this.#reading - MARGIN - ahead - this.world.now();
      if (left <= 0) return;
      await Promise.race([this.world.wait(left), change]);
    }
  }
}

function mean(before: number, now: number): number {
  return before + NEWEST * (now - before);
}
