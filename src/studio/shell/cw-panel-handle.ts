/**
 * The handle of the panel on an upright phone, where the panel is a sheet: pulled up it covers bar and picture, pulled
 * down it leaves the room to the picture. A press does the next of these, so keys and switches can do it, too.
 */
import { html, type TemplateResult } from 'lit';
import { say } from '../../words/words';
import type { PanelHeight } from './app-state';
import { CwElement } from './element';

/** Heights from the lowest to the highest. */
const HEIGHTS: readonly PanelHeight[] = ['low', 'half', 'full'];

/** Pixels that a finger moves before it pulls; less is a press. */
const PULL = 24;

/** `<cw-panel-handle>`: hidden by its style where the panel stands beside the picture. */
export class CwPanelHandle extends CwElement {
  /** Where the finger came down; null while there is none. */
  #from: number | null = null;
  /** A pull ends with a click, which is none. */
  #pulled = false;

  protected override render(): TemplateResult {
    const { panel } = this.state;
    const press = () => {
      if (this.#pulled) this.#pulled = false;
      else this.#set(panel === 'full' ? 'half' : 'full');
    };
    return html`<button
      type="button"
      class="panel-handle"
      aria-label=${say('page.pull')}
      aria-expanded=${panel === 'full'}
      aria-description=${say('page.pull-hint')}
      data-testid="panel-handle"
      @click=${press}
      @keydown=${this.#onKey}
      @pointerdown=${this.#onDown}
      @pointermove=${this.#onMove}
      @pointerup=${this.#onUp}
      @pointercancel=${this.#onUp}
    ><span></span></button>`;
  }

  get #panel(): HTMLElement | null {
    return this.closest<HTMLElement>('.panel');
  }

  #set(panel: PanelHeight): void {
    this.context.page.setPanel(panel);
  }

  #onDown(event: PointerEvent): void {
    if (event.button !== 0) return;
    this.#from = event.clientY;
    this.#pulled = false;
    (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
  }

  #onMove(event: PointerEvent): void {
    if (this.#from === null) return;
    const by = event.clientY - this.#from;
    if (Math.abs(by) > PULL) this.#pulled = true;
    // The panel follows the finger, and its place is decided when the finger goes.
    this.#panel?.style.setProperty('translate', this.#pulled ? `0 ${by}px` : '');
  }

  #onUp(event: PointerEvent): void {
    const from = this.#from;
    this.#from = null;
    this.#panel?.style.removeProperty('translate');
    if (from === null || !this.#pulled) return;
    const way = event.clientY < from ? 1 : -1;
    const at = HEIGHTS.indexOf(this.state.panel);
    // Far enough for two steps is two steps.
    const steps = Math.abs(event.clientY - from) > innerHeight / 2 ? 2 : 1;
    this.#set(HEIGHTS[Math.max(0, Math.min(HEIGHTS.length - 1, at + way * steps))]!);
  }

  #onKey(event: KeyboardEvent): void {
    const way = event.key === 'ArrowUp' ? 1 : event.key === 'ArrowDown' ? -1 : 0;
    if (way === 0) return;
    event.preventDefault();
    event.stopPropagation();
    const at = HEIGHTS.indexOf(this.state.panel);
    this.#set(HEIGHTS[Math.max(0, Math.min(HEIGHTS.length - 1, at + way))]!);
  }
}

customElements.define('cw-panel-handle', CwPanelHandle);
