/**
 * What all elements of the page share: they are given the actions and the store as one property, and draw themselves
 * from the state. Light DOM: one set of style sheets, labels that reach across elements.
 */
import { effect } from '@preact/signals-core';
import { LitElement } from 'lit';
import type { AppState } from './app-state';
import type { AppContext } from './context';

/** An element of the page. */
export abstract class CwElement extends LitElement {
  #context: AppContext | null = null;
  #unfollow: (() => void) | null = null;
  #lifetime: AbortController | null = null;

  /** Gives the element what it works with, before it is connected. */
  set context(context: AppContext) {
    this.#context = context;
  }

  /** The actions and the store. */
  get context(): AppContext {
    if (!this.#context) throw new TypeError(`<${this.localName}> was used before it got its context.`);
    return this.#context;
  }

  /** The page's state; what of it is read while drawing draws the element again when it changes. */
  protected get state(): Readonly<AppState> {
    return this.context.store.state;
  }

  /** Ends when the element is removed: for listeners on anything that outlives it. */
  protected get signal(): AbortSignal {
    this.#lifetime ??= new AbortController();
    return this.#lifetime.signal;
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.requestUpdate();
    this.performUpdate();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#unfollow?.();
    this.#lifetime?.abort();
    this.#lifetime = null;
  }

  /**
   * Draws inside an effect, so that signals read by `render` call for the next drawing. That one follows at once, not
   * a task later as is usual with lit: what a key or a click has changed is on screen when its handler returns.
   */
  protected override performUpdate(): void {
    if (!this.isUpdatePending || !this.isConnected) return;
    this.#unfollow?.();
    this.#unfollow = effect(() => {
      if (!this.isUpdatePending) this.requestUpdate();
      super.performUpdate();
    });
  }
}
