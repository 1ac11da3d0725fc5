/**
 * Small statistics over the last moments: rates and quantiles that a display can show without jumping.
 */

/** A stream of which nothing was heard for so many windows has stopped. */
const STOPPED_AFTER_WINDOWS = 5;

/** Events per second over a window; over the last two events where they are further apart than that. */
export class RollingRate {
  readonly #times: number[] = [];

  /** @param windowMs length of the window in milliseconds */
  constructor(private readonly windowMs = 2000) {}

  /** Notes one event at `now` (milliseconds). */
  tick(now: number): void {
    this.#times.push(now);
    this.#trim(now);
  }

  /** Events per second; 0 with fewer than two, and after a long silence. */
  rate(now: number): number {
    this.#trim(now);
    const first = this.#times[0];
    if (first === undefined || this.#times.length < 2) return 0;
    if (now - this.#times.at(-1)! > STOPPED_AFTER_WINDOWS * this.windowMs) return 0;
    // Up to now rather than to the last event: a stream that has stopped falls towards zero.
    return ((this.#times.length - 1) * 1000) / Math.max(1, now - first);
  }

  #trim(now: number): void {
    // Two stay: without a GPU a mask may take longer than a window, and that is a rate as well.
    while (this.#times.length > 2 && this.#times[0]! < now - this.windowMs) this.#times.shift();
  }
}

/** Quantiles and mean of the last values. */
export class RollingWindow {
  readonly #values: number[] = [];

  /** @param size how many values are kept */
  constructor(private readonly size = 60) {}

  /** Adds a value; what is not finite is ignored. */
  add(value: number): void {
    if (!Number.isFinite(value)) return;
    this.#values.push(value);
    if (this.#values.length > this.size) this.#values.shift();
  }

  /** How many values there are. */
  get count(): number {
    return this.#values.length;
  }

  /** The value at fraction `q` (0 to 1) of the sorted values, nearest rank; null without values. */
  quantile(q: number): number | null {
    if (this.#values.length === 0) return null;
    const sorted = this.#values.toSorted((a, b) => a - b);
    return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))]!;
  }

  /** Forgets everything. */
  clear(): void {
    this.#values.length = 0;
  }
}
