/** A signal between two loops of one worker: one waits, the other fires. A signal fired early is not lost. */
export class Signal {
  #fired = false;
  #wake: (() => void) | null = null;

  /** Ends the present wait, or the next one at once. */
  fire(): void {
    this.#fired = true;
    this.#wake?.();
  }

  /**
   * Resolves when fired, or after `milliseconds` (never by itself when Infinity). One waiter at a time.
   */
  async wait(milliseconds = Number.POSITIVE_INFINITY): Promise<void> {
    if (!this.#fired)
      await new Promise<void>((resolve) => {
        const timer = Number.isFinite(milliseconds) ? setTimeout(resolve, milliseconds) : undefined;
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    this.#wake = null;
    this.#fired = false;
  }
}
