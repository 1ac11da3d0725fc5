/**
 * How good a picture's way here is, by what the connection counts: lost packets over the last seconds, and the round trip.
 * Not by how many pictures come: few of them are the vehicle's choice, and say nothing of the way.
 */
/** In words; `none` where nothing comes that should. */
export type LinkQuality = 'good' | 'fair' | 'poor' | 'none';

/** Milliseconds over which losses are counted: two pictures a second are some ten packets then. */
const WINDOW = 10_000;

/** Milliseconds without a byte after which nothing comes. */
const NOTHING_AFTER = 5000;

/** Up to which share of lost packets, and to which round trip in milliseconds, a way is good and fair. */
const LOST = { good: 0.02, fair: 0.08 } as const;
const ROUND_TRIP = { good: 500, fair: 1500 } as const;

/** What was counted of a stream so far. */
interface Counts {
  readonly bytes: number;
  /** Packets that came, and that did not. */
  readonly received: number;
  readonly lost: number;
}

/** Follows one stream. */
export class LinkWatch {
  #looks: (Counts & { readonly at: number })[] = [];
  #heardAt: number | null = null;
  #wanted = true;

  /**
   * Looks once more.
   * @param roundTrip milliseconds, null while it is not known
   * @param wanted whether the picture is asked for: what is not need not come
   * @param at milliseconds, monotonic
   * @returns null before anything is known
   */
  look(counts: Counts, roundTrip: number | null, wanted: boolean, at: number): LinkQuality | null {
    const before = this.#looks.at(-1);
    // Counted anew after a reconnection.
    if (before && counts.bytes < before.bytes) this.#looks = [];
    if (!before || counts.bytes !== before.bytes || !wanted || !this.#wanted) this.#heardAt = at;
    this.#wanted = wanted;
    this.#looks.push({ bytes: counts.bytes, lost: counts.lost, received: counts.received, at });
    while (this.#looks.length > 1 && at - this.#looks[0]!.at > WINDOW) this.#looks.shift();
    if (wanted && at - (this.#heardAt ?? at) >= NOTHING_AFTER) return 'none';
    const [first] = this.#looks;
    const received = counts.received - first!.received;
    // What came late after all is taken off again.
    const lost = Math.max(0, counts.lost - first!.lost);
    if (received + lost === 0) return null;
    const share = lost / (received + lost);
    if (share > LOST.fair || (roundTrip ?? 0) > ROUND_TRIP.fair) return 'poor';
    return share > LOST.good || (roundTrip ?? 0) > ROUND_TRIP.good ? 'fair' : 'good';
  }
}
