/** The divider of the split view: a slider that stands upright on the picture. Raw, or labels, to its left, overlay to its right. */
import { html, type TemplateResult } from 'lit';
import { say } from '../../words/words';
import { named } from '../shell/controls';
import { CwElement } from '../shell/element';

/** One press of an arrow, and of a page key, as a share of the picture's width. */
const [SMALL_STEP, LARGE_STEP] = [0.01, 0.1];

/** `<cw-divider>`: fills the picture's rectangle; only the handle takes the pointer. */
export class CwDivider extends CwElement {
  protected override render(): TemplateResult {
    const { split, labels } = this.state.view;
    const beside = labels === 'beside';
    const percent = Math.round((split ?? 0.5) * 100);
    this.hidden = split === null;
    this.style.setProperty('--at', `${(split ?? 0.5) * 100}%`);
    return html`<span class="divider-name raw" aria-hidden="true">${say(beside ? 'divider.beside' : 'divider.raw')}</span><span
        class="divider-name overlay" aria-hidden="true">${say('divider.overlay')}</span>
      <div
        class="divider-handle"
        role="slider"
        tabindex="0"
        aria-valuemin="0"
        aria-valuemax="100"
        aria-valuenow=${percent}
        aria-valuetext=${say('divider.value', { percent })}
        aria-orientation="horizontal"
        data-testid="divider"
        @keydown=${this.#onKey}
        @pointerdown=${this.#onDown}
        @pointermove=${this.#onMove}
        ${named(say('divider.label', { left: say(beside ? 'divider.labels' : 'divider.raw-picture') }))}
      ><span class="divider-grip"></span></div>`;
  }

  #onDown(event: PointerEvent): void {
    if (event.button !== 0) return;
    const handle = event.currentTarget as HTMLElement;
    handle.setPointerCapture(event.pointerId);
    handle.focus();
    event.preventDefault();
  }

  #onMove(event: PointerEvent): void {
    if (!(event.currentTarget as HTMLElement).hasPointerCapture(event.pointerId)) return;
    const { left, width } = this.getBoundingClientRect();
    if (width > 0) this.context.view.setSplit((event.clientX - left) / width);
  }

  #onKey(event: KeyboardEvent): void {
    const now = this.state.view.split ?? 0.5;
    const step = event.shiftKey ? LARGE_STEP : SMALL_STEP;
    const to: Record<string, number> = {
      ArrowLeft: now - step,
      ArrowDown: now - step,
      ArrowRight: now + step,
      ArrowUp: now + step,
      PageDown: now - LARGE_STEP,
      PageUp: now + LARGE_STEP,
      Home: 0,
      End: 1,
    };
    const position = to[event.key];
    if (position === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    this.context.view.setSplit(position);
  }
}

customElements.define('cw-divider', CwDivider);
