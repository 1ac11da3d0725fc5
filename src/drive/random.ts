/**
 * Seeded randomness. Everything in the drive is a function of (seed, names, indices), so that any stretch of
 * street and any moment can be made without making what lies before it.
 */

/**
 * Mixes integers and names into 32 well-spread bits (the finaliser of MurmurHash3 after each part).
 * @returns an unsigned 32-bit integer
 */
export function hash(...parts: readonly (number | string)[]): number {
  let h = 0x9e3779b9;
  const mix = (value: number): void => {
    h = Math.imul(h ^ value, 0x85ebca6b);
    h ^= h >>> 13;
    h = Math.imul(h, 0xc2b2ae35);
    h ^= h >>> 16;
  };
  for (const part of parts) {
    if (typeof part === 'number') mix(part | 0);
    else for (let i = 0; i < part.length; i++) mix(part.charCodeAt(i) + 0x100);
  }
  return h >>> 0;
}

/** A stream of random numbers (mulberry32), started from a hash of its name. */
export class Random {
  #state: number;

  /** @param parts seed, names and indices that this stream belongs to */
  constructor(...parts: readonly (number | string)[]) {
    this.#state = hash(...parts);
  }

  /** The next number, 0 inclusive to 1 exclusive. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  /** Uniform between `low` and `high`. */
  between(low: number, high: number): number {
    return low + (high - low) * this.next();
  }

  /** A whole number from `low` to `high`, both included. */
  whole(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  /** True with probability `p`. */
  chance(p: number): boolean {
    return this.next() < p;
  }

  /** One of `items`, which must not be empty. */
  pick<T>(items: readonly T[]): T {
    const item = items[Math.floor(this.next() * items.length)];
    if (item === undefined) throw new RangeError('Nothing to pick from.');
    return item;
  }

  /** One key of a table of weights (at least one above zero). */
  weighted<K extends string>(weights: Readonly<Record<K, number>>): K {
    const keys = Object.keys(weights) as K[];
    let left = this.next() * keys.reduce((sum, key) => sum + weights[key], 0);
    for (const key of keys) {
      left -= weights[key];
      if (left < 0) return key;
    }
    return keys[keys.length - 1]!;
  }
}

/** Smooth value noise over a line: −1 to 1, one knot per unit of `x`. */
export function noise1(x: number, ...parts: readonly (number | string)[]): number {
  const cell = Math.floor(x);
  const f = x - cell;
  const at = (i: number): number => hash(...parts, i) / 2147483648 - 1;
  const w = f * f * f * (f * (f * 6 - 15) + 10);
  return at(cell) + (at(cell + 1) - at(cell)) * w;
}

/** Limits `x` to `low` … `high`. */
export function clamp(x: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, x));
}

/** Hermite step: 0 at 0, 1 at 1, level at both ends. */
export function smooth(t: number): number {
  const x = clamp(t, 0, 1);
  return x * x * (3 - 2 * x);
}

/** From `a` to `b`. */
export function lerp(a: number, b: number, t: number): number {
  return a + (b - a) * t;
}
