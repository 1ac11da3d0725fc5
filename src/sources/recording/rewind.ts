/**
 * Runs a recording backwards. Decoders only run forwards, so each picture is a jump to the frame that is due: as many
 * pictures as the machine manages, each at its time.
 */
import type { WallClock } from './media-clock';

/** What it needs of a player. */
export interface RewindHost {
  /** Shows the frame at `seconds`; resolves when it was sent, or something else took its place. */
  show(seconds: number): Promise<void>;
  /** Time of the frame at or before `seconds`. */
  before(seconds: number): Promise<number>;
  /** The start was reached. */
  atStart(): void;
}

/** Milliseconds between two looks while the same frame is still due: half a frame at 60 a second. */
const LOOK_AGAIN = 8;

/** At most one run at a time. */
export class Rewind {
  /** Seconds of the recording for each second, above 0; null when playing forwards. */
  rate: number | null = null;
  #run: object | null = null;

  constructor(
    private readonly host: RewindHost,
    private readonly wall: WallClock,
  ) {}

  /** Whether time runs backwards now. */
  get running(): boolean {
    return this.#run !== null;
  }

  /** Runs back from `seconds` until stopped or at the start. */
  start(seconds: number): void {
    void this.#back(seconds);
  }

  stop(): void {
    this.#run = null;
  }

  async #back(from: number): Promise<void> {
    const run = {};
    this.#run = run;
    const began = this.wall();
    let shown = from;
    while (this.#run === run && this.rate !== null) {
      const due = from - ((this.wall() - began) / 1000) * this.rate;
      const seconds = await this.host.before(Math.max(0, due)).catch(() => 0);
      if (this.#run !== run) return;
      if (seconds < shown) {
        shown = seconds;
        await this.host.show(seconds);
      } else await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN));
      if (due <= 0 && this.#run === run) {
        this.host.atStart();
        return;
      }
    }
  }
}
