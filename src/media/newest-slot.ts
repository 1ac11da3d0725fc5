/**
 * A place for one frame: a newer one closes and replaces the one that waits. It is what makes a stream
 * newest-wins: whatever the network's speed, it never works on a picture older than it must.
 */
import type { TimedFrame } from './timed-frame';

/** A frame and when it reached the worker. */
export interface WaitingFrame {
  readonly timed: TimedFrame;
  /** `performance.now()` at arrival, milliseconds. */
  readonly arrival: number;
  /** Whether the network saw it before. */
  readonly repeated?: boolean;
}

/** Owns at most one waiting frame. */
export class NewestSlot implements Disposable {
  #waiting: WaitingFrame | null = null;

  /** Whether a frame waits. */
  get full(): boolean {
    return this.#waiting !== null;
  }

  /**
   * Takes ownership of a frame.
   * @returns whether an older frame was dropped for it
   */
  put(waiting: WaitingFrame): boolean {
    const dropped = this.#waiting;
    this.#waiting = waiting;
    dropped?.timed.frame.close();
    return dropped !== null;
  }

  /** Gives the waiting frame away, and with it the duty to close it; null when none waits. */
  take(): WaitingFrame | null {
    const waiting = this.#waiting;
    this.#waiting = null;
    return waiting;
  }

  /** Closes what waits. */
  [Symbol.dispose](): void {
    this.take()?.timed.frame.close();
  }
}
