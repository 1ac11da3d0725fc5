/**
 * Time of a drive. It runs with the wall clock, but a frame that came late never makes the car jump: on a machine that
 * draws slowly the street goes by in slow motion, every metre of it.
 */

/** The longest step of media time between two frames, in seconds: at 50 km/h the car moves 1.4 m. */
const STEP_MAX = 0.1;

/** Media time in seconds; wall time in milliseconds. */
export class DriveClock {
  #seconds = 0;
  #last: number | null = null;

  /** @param interval wall milliseconds between two frames at least */
  constructor(private readonly interval: number) {}

  /** Wall milliseconds until the next frame is due. */
  due(now: number): number {
    return this.#last === null ? 0 : Math.max(0, this.#last + this.interval - now);
  }

  /** Begins a frame. @returns its media time in seconds */
  advance(now: number): number {
    if (this.#last !== null) this.#seconds += Math.min(STEP_MAX, (now - this.#last) / 1000);
    this.#last = now;
    return this.#seconds;
  }

  /** Goes to another moment; the next frame shows it. */
  jump(seconds: number): void {
    this.#seconds = seconds;
    this.#last = null;
  }

  /** Forgets when the last frame was: the time until the next one does not count (after a pause). */
  rest(): void {
    this.#last = null;
  }
}
