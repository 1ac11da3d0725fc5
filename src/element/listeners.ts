/** Listeners by type of event: who listens gets back what ends it. */
export class Listeners<Events> {
  readonly #all = new Map<keyof Events, Set<(value: never) => void>>();

  on<T extends keyof Events>(type: T, listener: (value: Events[T]) => void): () => void {
    const set = this.#all.get(type) ?? new Set();
    this.#all.set(type, set);
    set.add(listener);
    return () => set.delete(listener);
  }

  tell<T extends keyof Events>(type: T, value: Events[T]): void {
    for (const listener of [...(this.#all.get(type) ?? [])]) (listener as (value: Events[T]) => void)(value);
  }
}
