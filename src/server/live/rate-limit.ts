/**
 * Token buckets: so many at once, so many per second after that.
 */

interface Bucket {
  tokens: number;
  at: number;
}

/** Entries above this are looked through for ones that are full again, which need not be kept. */
const SWEEP_AT = 4096;

/** Limits what each key does. */
export class RateLimit {
  readonly #buckets = new Map<string, Bucket>();

  /**
   * @param rate tokens per second
   * @param burst tokens at most
   * @param now milliseconds, monotonic
   */
  constructor(
    private readonly rate: number,
    private readonly burst: number,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Takes a token of `key`'s; false when none is left. */
  take(key: string): boolean {
    const now = this.now();
    if (this.#buckets.size > SWEEP_AT) this.#sweep(now);
    const bucket = this.#buckets.get(key) ?? { tokens: this.burst, at: now };
    bucket.tokens = this.#filled(bucket, now);
    bucket.at = now;
    this.#buckets.set(key, bucket);
    if (bucket.tokens < 1) return false;
    bucket.tokens--;
    return true;
  }

  /** Keys that are remembered. */
  get size(): number {
    return this.#buckets.size;
  }

  forget(key: string): void {
    this.#buckets.delete(key);
  }

  #filled(bucket: Bucket, now: number): number {
    return Math.min(this.burst, bucket.tokens + ((now - bucket.at) / 1000) * this.rate);
  }

  #sweep(now: number): void {
    for (const [key, bucket] of this.#buckets)
      if (this.#filled(bucket, now) >= this.burst) this.#buckets.delete(key);
  }
}
