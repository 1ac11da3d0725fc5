/** The divider of the split view: a slider that stands upright on the picture. Raw, or labels, to its left, overlay to its right. */

import { CwElement } from '../shell/base';
import { nameControl } from '../shell/controls';
import { h, setText } from '../shell/dom';

/** One press of an arrow, and of a page key, as a share of the picture's width. */
const [SMALL_STEP, LARGE_STEP] = [0.01, 0.1];

/** `<cw-divider>`: fills the picture's rectangle; only the handle takes the pointer. */
export class CwDivider extends CwElement {
  protected build(): void {
    const handle = h(
      'div',
      {
        class: 'divider-handle',
        role: 'slider',
        tabindex: 0,
        'aria-valuemin': 0,
        'aria-valuemax': 100,
        'aria-orientation': 'horizontal',
        'data-testid': 'divider',
        onkeydown: (event: KeyboardEvent) => this.#onKey(event),
        onpointerdown: (event: PointerEvent) => {
          if (event.button !== 0) return;
          handle.setPointerCapture(event.pointerId);
          handle.focus();
          event.preventDefault();
        },
        onpointermove: (event: PointerEvent) => {
          if (handle.hasPointerCapture(event.pointerId)) this.#moveTo(event.clientX);
        },
      },
      h('span', { class: 'divider-grip' }),
    );
    const raw = h('span', { class: 'divider-name raw', 'aria-hidden': 'true' }, 'Raw');
    const overlay = h('span', { class: 'divider-name overlay', 'aria-hidden': 'true' }, 'Overlay');
    this.append(raw, overlay, handle);
    this.watch(
      (s) => s.view.labels === 'beside',
      (labels) => {
        setText(raw, labels ? 'Labels' : 'Raw');
        nameControl(
          handle,
          `Divider: ${labels ? 'labels' : 'raw picture'} to the left, overlay to the right`,
        );
      },
    );
    this.watch(
      (s) => s.view.split,
      (split) => {
        this.hidden = split === null;
        if (split === null) return;
        const percent = Math.round(split * 100);
        this.style.setProperty('--at', `${split * 100}%`);
        handle.setAttribute('aria-valuenow', String(percent));
        handle.setAttribute('aria-valuetext', `${percent} per cent to the left`);
      },
    );
  }

  #moveTo(clientX: number): void {
    const { left, width } = this.getBoundingClientRect();
    if (width > 0) this.context.view.setSplit((clientX - left) / width);
  }

  #onKey(event: KeyboardEvent): void {
    const now = this.context.store.state.view.split ?? 0.5;
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

declare global {
  interface HTMLElementTagNameMap {
    'cw-divider': CwDivider;
  }
}
