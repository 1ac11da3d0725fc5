/** First come, first served: the one lock that keeps asynchronous work from overlapping. */
export class Mutex {
  #tail: Promise<void> = Promise.resolve();
  #pending = 0;

  /** Whether nobody holds the lock or waits for it. */
  get idle(): boolean {
    return this.#pending === 0;
  }

  /** Runs `work` after all earlier work has settled, whether that succeeded or not; passes on its outcome. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    const before = this.#tail;
    let release = () => {};
    this.#tail = new Promise((resolve) => {
      release = resolve;
    });
    this.#pending++;
    try {
      await before;
      return await work();
    } finally {
      this.#pending--;
      release();
    }
  }
}
