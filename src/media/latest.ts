/**
 * Newest wins, for settings: a dragged slider makes a hundred values a second, the worker gets the one that matters
 * and is never sent a second while it works on the first.
 */
export class Latest<T> {
  #next: { readonly value: T } | null = null;
  /** What was pushed last, as long as it is not there. */
  #pending: { readonly value: T } | null = null;
  #running = false;
  #drained: Promise<void> = Promise.resolve();

  /**
   * @param send gives one value away; a rejection is passed to `failed` and does not stop later values
   */
  constructor(
    private readonly send: (value: T) => Promise<void>,
    private readonly failed: (thrown: unknown) => void,
  ) {}

  /** Sends `value`, or keeps it until the one before has arrived. */
  push(value: T): void {
    this.#next = { value };
    this.#pending = this.#next;
    if (!this.#running) this.#drained = this.#drain();
  }

  /** What was pushed last, while it has not arrived; null when everything has. */
  get pending(): T | null {
    return this.#pending?.value ?? null;
  }

  /** Resolves once all that was pushed has arrived, or something newer in its place. */
  settled(): Promise<void> {
    return this.#drained;
  }

  async #drain(): Promise<void> {
    this.#running = true;
    while (this.#next) {
      const { value } = this.#next;
      this.#next = null;
      try {
        await this.send(value);
      } catch (thrown) {
        this.failed(thrown);
      }
    }
    this.#pending = null;
    this.#running = false;
  }
}
