/** A worker whose script may load before anybody uses it. */

/** Makes workers of one kind; one of them ahead of who takes it. */
export class AheadWorker {
  #waiting: Worker | null = null;

  constructor(private readonly make: () => Worker) {}

  /** Begins one. What goes wrong is not told here: whoever takes one meets it again, and says so. */
  prepare(): void {
    try {
      const worker = this.make();
      worker.addEventListener('error', (event) => {
        if (this.#waiting !== worker) return;
        event.preventDefault();
        this.#waiting = null;
      });
      this.#waiting = worker;
    } catch {}
  }

  /** The one that was begun, else a new one. It is the caller's to end. */
  take(): Worker {
    const worker = this.#waiting ?? this.make();
    this.#waiting = null;
    return worker;
  }
}
