/**
 * Who is held back: rooms and tokens with which media workers died again and again, and tokens whose holders were sent
 * away for sending too much. A first death may be anybody's fault, and is forgiven.
 */

/** Deaths within so many milliseconds of each other belong together. */
const MEMORY = 10 * 60_000;

/** The second death holds back for this many milliseconds, each further one for twice as long, up to the last. */
const FIRST_HOLD = 30_000;
const LONGEST_HOLD = 10 * 60_000;

interface Entry {
  deaths: number;
  at: number;
  until: number;
}

/** More are not remembered: the oldest give way. */
const REMEMBERED_MAX = 10_000;

/** Remembers. Keys are of one kind each: `room x`, `token x`. */
export class HeldBack {
  readonly #entries = new Map<string, Entry>();

  /** @param now milliseconds, monotonic */
  constructor(private readonly now: () => number = () => performance.now()) {}

  /** A worker died with these on it. */
  died(keys: Iterable<string>): void {
    const now = this.now();
    for (const key of keys) {
      const before = this.#entries.get(key);
      const deaths = before && now - before.at < MEMORY ? before.deaths + 1 : 1;
      const hold = deaths < 2 ? 0 : Math.min(LONGEST_HOLD, FIRST_HOLD * 2 ** (deaths - 2));
      this.#set(key, { deaths, at: now, until: Math.max(before?.until ?? 0, now + hold) });
    }
  }

  /** Holds back for so long, whatever was before. */
  hold(key: string, milliseconds: number): void {
    const before = this.#entries.get(key);
    const now = this.now();
    this.#set(key, {
      deaths: before?.deaths ?? 0,
      at: before?.at ?? now,
      until: Math.max(before?.until ?? 0, now + milliseconds),
    });
  }

  /** Whether one of these is held back now. */
  holds(...keys: readonly string[]): boolean {
    const now = this.now();
    return keys.some((key) => (this.#entries.get(key)?.until ?? 0) > now);
  }

  /** How many are held back now. */
  get size(): number {
    const now = this.now();
    return [...this.#entries.values()].filter((entry) => entry.until > now).length;
  }

  #set(key: string, entry: Entry): void {
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= REMEMBERED_MAX) break;
      this.#entries.delete(oldest);
    }
  }
}
