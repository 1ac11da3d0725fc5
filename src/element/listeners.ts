/** Listeners by type of event: who listens gets back what ends it. */
import { CarriagewayError } from '../errors';

export class Listeners<Events> {
  readonly #all = new Map<keyof Events, Set<(value: never) => void>>();

  /** @param types of events that there are: another is refused, since it would never come */
  constructor(private readonly types: readonly (keyof Events & string)[]) {}

  /** @throws CarriagewayError `option-invalid` for a type that there is not, or a listener that is no function */
  on<T extends keyof Events & string>(type: T, listener: (value: Events[T]) => void): () => void {
    if (!this.types.includes(type))
      throw new CarriagewayError(
        'option-invalid',
        `on: "${String(type)}" is none of ${this.types.join(', ')}`,
      );
    if (typeof listener !== 'function')
      throw new CarriagewayError('option-invalid', `on: the listener of "${type}" is no function`);
    const set = this.#all.get(type) ?? new Set();
    this.#all.set(type, set);
    set.add(listener);
    return () => set.delete(listener);
  }

  tell<T extends keyof Events>(type: T, value: Events[T]): void {
    for (const listener of [...(this.#all.get(type) ?? [])]) (listener as (value: Events[T]) => void)(value);
  }
}
