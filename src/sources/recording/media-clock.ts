/**
 * The clock of a recording: where playback stands, in seconds of media time. Pure: it is told what time it is and
 * starts no timer, so that a test can step it and a player can ask it as often as it likes.
 */

/** Source of wall time in milliseconds; monotonic (`performance.now`). */
export type WallClock = () => number;

/** A clock that runs, stands, jumps and goes at any speed, within [0, duration]. */
export class MediaClock {
  /** Media time in seconds at the moment `#anchorWall`. */
  #anchorMedia = 0;
  #anchorWall = 0;
  #playing = false;
  #rate = 1;

  /**
   * @param wall wall time in milliseconds
   * @param duration length in seconds; the clock stands still there. Infinity when unknown
   */
  constructor(
    private readonly wall: WallClock,
    readonly duration: number,
  ) {}

  /** Whether media time advances; stays true at the end until somebody pauses. */
  get playing(): boolean {
    return this.#playing;
  }

  /** Seconds of media time for each second of wall time, above 0. */
  get rate(): number {
    return this.#rate;
  }

  /** Media time now, in seconds, 0 to `duration`. */
  get now(): number {
    if (!this.#playing) return this.#anchorMedia;
    const elapsed = (this.wall() - this.#anchorWall) / 1000;
    return this.#clamp(this.#anchorMedia + elapsed * this.#rate);
  }

  /** Whether playback stands at the end. */
  get atEnd(): boolean {
    return this.now >= this.duration;
  }

  /** Lets time run from where it stands. */
  play(): void {
    this.#anchor(this.now);
    this.#playing = true;
  }

  /** Holds time where it is. */
  pause(): void {
    this.#anchor(this.now);
    this.#playing = false;
  }

  /** Jumps to `seconds`, clamped into the recording; runs on if it was running. */
  seek(seconds: number): void {
    this.#anchor(this.#clamp(seconds));
  }

  /**
   * Changes the speed without a jump.
   * @throws RangeError when `rate` is not a positive finite number
   */
  setRate(rate: number): void {
    if (!(rate > 0 && Number.isFinite(rate))) throw new RangeError(`A speed of ${rate} is not possible.`);
    this.#anchor(this.now);
    this.#rate = rate;
  }

  /**
   * Wall milliseconds until media time reaches `seconds`: 0 when it has been reached, Infinity while the clock stands.
   */
  millisecondsUntil(seconds: number): number {
    const missing = seconds - this.now;
    if (missing <= 0) return 0;
    return this.#playing ? (missing / this.#rate) * 1000 : Number.POSITIVE_INFINITY;
  }

  #anchor(media: number): void {
    this.#anchorMedia = media;
    this.#anchorWall = this.wall();
  }

  #clamp(seconds: number): number {
    return Number.isNaN(seconds) ? 0 : Math.min(Math.max(seconds, 0), this.duration);
  }
}
