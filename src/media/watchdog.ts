/**
 * Tells a worker that thinks from one that is gone. Any sign of life resets it; after a while of silence it asks for a
 * ping; when that stays unanswered too, it gives up. Times in milliseconds on any steady clock.
 */

/** After this much silence the worker is asked. Reports come about once a second: five in a row were missed. */
const PING_AFTER = 5_000;

/**
 * After this much silence it is given up. A frame of a large network on one slow WebAssembly thread, or a shader that is
 * compiled in software, blocks the worker for many seconds: less would kill machines that are merely slow.
 */
const SILENT_AFTER = 30_000;

/** The same while a network is loaded: compiling hundreds of megabytes blocks the worker for long. */
const SILENT_AFTER_LOADING = 120_000;

/** A gap between two ticks longer than this means that the page itself slept, not the worker. */
const NAP = 4_000;

/** What to do now. */
export type Verdict = 'fine' | 'ping' | 'silent';

/** Judges silence. Call `tick` every second or so. */
export class Watchdog {
  #heard: number;
  #ticked: number;
  #pinged = false;
  #patience = 1;

  constructor(now: number) {
    this.#heard = now;
    this.#ticked = now;
  }

  /** The worker gave a sign of life. */
  hear(now: number): void {
    this.#heard = now;
    this.#pinged = false;
  }

  /** A new worker starts. Each restart doubles the patience: a machine too slow for it must not restart for ever. */
  restart(now: number): void {
    this.hear(now);
    this.#ticked = now;
    this.#patience = Math.min(8, this.#patience * 2);
  }

  /** @param loading whether a network is being loaded */
  tick(now: number, loading: boolean): Verdict {
    const napped = now - this.#ticked > NAP;
    this.#ticked = now;
    if (napped) {
      this.hear(now);
      return 'fine';
    }
    const silence = now - this.#heard;
    if (silence >= (loading ? SILENT_AFTER_LOADING : SILENT_AFTER) * this.#patience) return 'silent';
    if (silence < PING_AFTER || this.#pinged) return 'fine';
    this.#pinged = true;
    return 'ping';
  }
}
