/**
 * What all elements of the page share: they get the desks and the store as one property, build themselves when they
 * are connected, and let go of everything when they are not. Light DOM: one set of style sheets, labels that reach
 * across elements.
 */

import type { AppState } from './app-state';
import type { AppContext } from './context';

/** An element of the page. */
export abstract class CwElement extends HTMLElement {
  #context: AppContext | null = null;
  #lifetime: AbortController | null = null;
  readonly #unwatch: (() => void)[] = [];

  /** Gives the element what it works with; may come before or after it is connected. */
  set context(context: AppContext) {
    this.#context = context;
    if (this.isConnected) this.#rebuild();
  }

  /** The desks and the store. */
  get context(): AppContext {
    if (!this.#context) throw new TypeError(`<${this.localName}> was used before it got its context.`);
    return this.#context;
  }

  /** Makes the element's content and begins to watch. */
  protected abstract build(): void;

  /** Ends when the element is removed: for listeners on anything that outlives it. */
  protected get signal(): AbortSignal {
    this.#lifetime ??= new AbortController();
    return this.#lifetime.signal;
  }

  /** Watches a part of the state for as long as the element is connected. */
  protected watch<T>(select: (state: Readonly<AppState>) => T, listener: (value: T) => void): void {
    this.#unwatch.push(this.context.store.watch(select, listener));
  }

  connectedCallback(): void {
    if (this.#context) this.#rebuild();
  }

  disconnectedCallback(): void {
    this.#release();
  }

  #rebuild(): void {
    this.#release();
    this.replaceChildren();
    this.build();
  }

  #release(): void {
    for (const stop of this.#unwatch.splice(0)) stop();
    this.#lifetime?.abort();
    this.#lifetime = null;
  }
}
