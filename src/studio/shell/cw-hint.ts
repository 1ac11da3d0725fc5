/**
 * The one bubble that explains: whatever on the page has `aria-description` is explained by it under the pointer, with the
 * focus, and under a finger. Escape takes it away, and leaves the focus where it is.
 */
import { html, type TemplateResult } from 'lit';
import { CwElement } from './element';

/** Pixels between the bubble, what it explains, and the edges of the window. */
const GAP = 6;

/** `<cw-hint>` */
export class CwHint extends CwElement {
  /** What is explained now. */
  #anchor: HTMLElement | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    const options = { signal: this.signal };
    const explained = ({ target }: Event) =>
      target instanceof Element ? target.closest<HTMLElement>('[aria-description]') : null;
    document.addEventListener('pointerover', (event) => this.#show(explained(event)), options);
    document.addEventListener('focusin', (event) => this.#show(explained(event)), options);
    // A finger's tap: no pointer stays, and some browsers give buttons no focus.
    document.addEventListener('click', (event) => this.#show(explained(event)), options);
    document.addEventListener('scroll', () => this.#show(null), { ...options, capture: true });
    addEventListener('resize', () => this.#show(null), options);
    document.addEventListener(
      'keydown',
      (event) => {
        if (event.key !== 'Escape' || !this.#anchor) return;
        // It closes what is uppermost, and nothing below.
        event.preventDefault();
        event.stopPropagation();
        this.#show(null);
      },
      { ...options, capture: true },
    );
  }

  protected override render(): TemplateResult {
    // What it says stands in the description of its anchor already: assistive technology hears it there, and once.
    return html`<div popover="manual" class="hint-bubble" aria-hidden="true" data-testid="hint"></div>`;
  }

  #show(anchor: HTMLElement | null): void {
    if (anchor === this.#anchor && anchor !== null) return;
    const bubble = this.querySelector<HTMLElement>('.hint-bubble')!;
    this.#anchor = anchor;
    const text = anchor?.getAttribute('aria-description') ?? '';
    if (anchor === null || text === '') {
      if (bubble.matches(':popover-open')) bubble.hidePopover();
      return;
    }
    bubble.textContent = text;
    if (!bubble.matches(':popover-open')) bubble.showPopover();
    const at = anchor.getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height } = bubble;
    const below = at.bottom + GAP + height <= innerHeight - GAP;
    bubble.style.top = `${Math.max(GAP, below ? at.bottom + GAP : at.top - height - GAP)}px`;
    bubble.style.left = `${Math.max(GAP, Math.min(at.left, innerWidth - width - GAP))}px`;
  }
}

customElements.define('cw-hint', CwHint);
