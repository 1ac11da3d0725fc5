/**
 * A tiny store: one immutable record, changed by patches, watched through selectors. No framework is needed for a page
 * whose state fits one screen.
 */

/** Holds a state and tells its watchers when the part they look at has changed. */
export class Store<S extends object> {
  #state: S;
  readonly #watchers = new Set<() => void>();

  constructor(initial: S) {
    this.#state = initial;
  }

  /** The present state. Never mutated; every change makes a new record. */
  get state(): Readonly<S> {
    return this.#state;
  }

  /** Replaces the given fields; watchers whose selection changed run before this returns. */
  update(patch: Partial<S>): void {
    const next = { ...this.#state, ...patch };
    const changed = (Object.keys(patch) as (keyof S)[]).some(
      (key) => !Object.is(this.#state[key], next[key]),
    );
    if (!changed) return;
    this.#state = next;
    // A copy: a watcher may unwatch itself, or add another, while it runs.
    for (const watcher of [...this.#watchers]) if (this.#watchers.has(watcher)) watcher();
  }

  /**
   * Calls `listener` now, and again whenever what `select` returns differs by `Object.is`.
   * @returns stops watching
   */
  watch<T>(select: (state: Readonly<S>) => T, listener: (value: T) => void): () => void {
    let seen = select(this.#state);
    const watcher = () => {
      const value = select(this.#state);
      if (Object.is(value, seen)) return;
      seen = value;
      listener(value);
    };
    this.#watchers.add(watcher);
    listener(seen);
    return () => {
      this.#watchers.delete(watcher);
    };
  }
}
