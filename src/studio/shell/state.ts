/**
 * State as signals that read like plain properties: whatever reads a field while it renders, or inside `watch`, is run
 * again when that field changes, and by nothing else.
 */
import { batch, effect, type Signal, signal, untracked } from '@preact/signals-core';

/** A record of which every field is a signal; fields of `D` follow from the others. */
export class Store<S extends object, D extends object = object> {
  /** The present state. Reading a field inside a render or a watcher subscribes to it. */
  readonly state: Readonly<S & D>;
  readonly #signals: { readonly [K in keyof S]: Signal<S[K]> };

  /** @param derived for each field that follows from others, how */
  constructor(initial: S, derived = {} as { readonly [K in keyof D]: (state: Readonly<S>) => D[K] }) {
    const keys = Object.keys(initial) as (keyof S)[];
    const signals = Object.fromEntries(keys.map((key) => [key, signal(initial[key])]));
    this.#signals = signals as { [K in keyof S]: Signal<S[K]> };
    const fields = keys.map((key) => [key, { enumerable: true, get: () => this.#signals[key].value }]);
    const following = Object.entries<(state: Readonly<S>) => unknown>(derived).map(([key, of]) => [
      key,
      { enumerable: true, get: () => of(this.state) },
    ]);
    this.state = Object.defineProperties({} as S & D, Object.fromEntries([...fields, ...following]));
  }

  /** Replaces the given fields, all at once: whoever reads them runs before this returns, and never sees half of it. */
  update(patch: Partial<S>): void {
    batch(() => {
      for (const key of Object.keys(patch) as (keyof S)[])
        this.#signals[key].value = patch[key] as S[keyof S];
    });
  }

  /**
   * Calls `listener` now, and again whenever what `select` returns differs by `Object.is`.
   * @returns stops watching
   */
  watch<T>(select: (state: Readonly<S & D>) => T, listener: (value: T) => void): () => void {
    let seen: { readonly value: T } | null = null;
    return effect(() => {
      const value = select(this.state);
      if (seen && Object.is(seen.value, value)) return;
      seen = { value };
      untracked(() => listener(value));
    });
  }
}
