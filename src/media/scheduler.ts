/**
 * Who is next: fair turns over several streams, by stride scheduling (Waldspurger and Weihl, 1995). Each turn
 * advances a stream's pass by 1 / weight and the smallest pass goes first, so over time a stream of weight 2 gets
 * twice the turns of a stream of weight 1, and none starves.
 */
interface Entry {
  weight: number;
  pass: number;
}

/** Chooses among streams by name. */
export class Scheduler<Key> {
  readonly #entries = new Map<Key, Entry>();

  /**
   * Adds a stream, or changes its weight.
   * A newcomer starts at the smallest pass in play: it neither waits for the past nor gets it back.
   * @param weight share of turns against the others; above 0
   * @throws RangeError when the weight is not above 0
   */
  set(key: Key, weight = 1): void {
    if (!(weight > 0)) throw new RangeError('A stream’s weight must be above 0.');
    const entry = this.#entries.get(key);
    if (entry) entry.weight = weight;
    else this.#entries.set(key, { weight, pass: this.#floor() });
  }

  /** Forgets a stream. */
  remove(key: Key): void {
    this.#entries.delete(key);
  }

  /**
   * Gives the next turn to one of the streams that are ready, and charges it.
   * @returns its key, or null when none is ready
   */
  next(ready: (key: Key) => boolean): Key | null {
    let chosen: Key | null = null;
    let best: Entry | null = null;
    for (const [key, entry] of this.#entries) {
      if (!ready(key)) continue;
      if (best === null || entry.pass < best.pass) {
        chosen = key;
        best = entry;
      }
    }
    if (best === null) return null;
    // A stream that was idle must not save its turns up and then take all of them.
    const served = best.pass;
    for (const entry of this.#entries.values()) if (entry.pass < served) entry.pass = served;
    best.pass = served + 1 / best.weight;
    return chosen;
  }

  #floor(): number {
    let floor = Number.POSITIVE_INFINITY;
    for (const entry of this.#entries.values()) floor = Math.min(floor, entry.pass);
    return Number.isFinite(floor) ? floor : 0;
  }
}
