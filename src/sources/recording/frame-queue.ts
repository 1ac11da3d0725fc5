/**
 * Decoded frames on their way to be shown, in order of presentation. The queue owns what is in it: a frame leaves it
 * by being taken (and is then the taker's) or by being closed here.
 */

/** What the queue holds: anything that has a time and must be closed. */
export interface QueuedFrame {
  /** Presentation time in seconds of media time. */
  readonly seconds: number;
  close(): void;
}

/** A bounded queue ordered by time. */
export class FrameQueue<T extends QueuedFrame> {
  readonly #frames: T[] = [];

  /** @param capacity most frames held; the producer waits while it is `full` */
  constructor(readonly capacity: number) {}

  /** Number of frames held. */
  get size(): number {
    return this.#frames.length;
  }

  /** Whether the producer should wait. */
  get full(): boolean {
    return this.#frames.length >= this.capacity;
  }

  /** The frame that comes next, still owned by the queue; undefined when empty. */
  get first(): Readonly<Pick<T, 'seconds'>> | undefined {
    return this.#frames[0];
  }

  /** Time in seconds at which the next frame becomes due after `now`; undefined when none is held. */
  nextTimeAfter(now: number): number | undefined {
    return this.#frames.find((frame) => frame.seconds > now)?.seconds;
  }

  /** Takes a frame over. Frames come in order of presentation. */
  push(frame: T): void {
    this.#frames.push(frame);
  }

  /**
   * Closes every frame that a newer due one has overtaken.
   * @param now media time in seconds
   * @returns how many were closed
   */
  dropOvertaken(now: number): number {
    let dropped = 0;
    while ((this.#frames[1]?.seconds ?? Number.POSITIVE_INFINITY) <= now) {
      this.#frames.shift()?.close();
      dropped++;
    }
    return dropped;
  }

  /** Gives away the newest frame that is due at `now`, closing those it overtakes; null when none is due. */
  takeDue(now: number): T | null {
    this.dropOvertaken(now);
    const first = this.#frames[0];
    if (!first || first.seconds > now) return null;
    this.#frames.shift();
    return first;
  }

  /** Gives away the first frame, due or not; null when empty. */
  takeFirst(): T | null {
    return this.#frames.shift() ?? null;
  }

  /** Closes everything. */
  clear(): void {
    for (const frame of this.#frames) frame.close();
    this.#frames.length = 0;
  }
}
