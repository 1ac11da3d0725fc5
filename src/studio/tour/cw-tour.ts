/**
 * The tour's card: over everything, beside what it speaks of, while the picture goes on. It takes the focus and gives it
 * back; Escape ends it. It is no modal: whoever would rather try something just does.
 */
import { html, nothing, type TemplateResult } from 'lit';
import { say } from '../../words/words';
import { textButton } from '../shell/controls';
import { CwElement } from '../shell/element';
import { icon } from '../shell/icons';
import { TOUR_STEPS, type TourStep } from './tour-steps';

/** Pixels between card, what it speaks of, and the edges of the window. */
const GAP = 10;

/** `<cw-tour>` */
export class CwTour extends CwElement {
  /** What had the focus before the tour. */
  #opener: HTMLElement | null = null;
  #pointed: HTMLElement | null = null;
  #shown: TourStep | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener('resize', () => this.#place(), { signal: this.signal });
    this.addEventListener('keydown', this.#onKey, { signal: this.signal });
    this.signal.addEventListener('abort', () => this.#point(null));
  }

  protected override render(): TemplateResult {
    const { tour } = this.context;
    const { step } = tour;
    const at = step ? TOUR_STEPS.indexOf(step) : 0;
    const last = at === TOUR_STEPS.length - 1;
    return html`<div
      popover="manual"
      class="tour"
      role=${step ? 'dialog' : nothing}
      aria-labelledby=${step ? 'tour-title' : nothing}
      aria-describedby=${step ? 'tour-text' : nothing}
      data-testid="tour"
    >${
      step === null
        ? nothing
        : html`<div class="row"><h2 id="tour-title">${say(`tour.${step.id}`)}</h2><button
          type="button"
          class="icon-button small"
          aria-label=${say('tour.end')}
          title=${say('tour.end-by-key')}
          data-testid="tour-end"
          @click=${() => tour.end()}
        >${icon('close')}</button></div>
        <p id="tour-text" aria-live="polite">${say(`tour.${step.id}-text`)}</p>
        <div class="row"><span class="muted figure" data-testid="tour-at">${say('tour.of', {
          at: at + 1,
          all: TOUR_STEPS.length,
        })}</span>${
          at === 0 ? nothing : textButton('tour-back', say('tour.back'), () => tour.move(-1), 'quiet')
        }${textButton('tour-next', say(last ? 'tour.finish' : 'tour.next'), () => tour.move(1), 'primary')}</div>`
    }</div>`;
  }

  protected override updated(): void {
    const { step } = this.context.tour;
    const card = this.#card;
    const before = this.#shown;
    this.#shown = step;
    if (step === null) {
      if (before) this.#leave();
      return;
    }
    if (before === null) {
      this.#opener = document.activeElement as HTMLElement | null;
      card.showPopover();
    }
    if (step !== before) {
      this.#point(step);
      // The button that was pressed stays the one that goes on.
      card.querySelector<HTMLElement>('[data-testid=tour-next]')?.focus({ preventScroll: true });
    }
    this.#place();
  }

  get #card(): HTMLElement {
    return this.querySelector<HTMLElement>('.tour')!;
  }

  /** Takes card and ring away; the focus goes back, or to where the tour can be had again. */
  #leave(): void {
    const card = this.#card;
    const focused = card.contains(document.activeElement);
    if (card.matches(':popover-open')) card.hidePopover();
    this.#point(null);
    const back = this.#opener?.isConnected && this.#opener.checkVisibility() ? this.#opener : null;
    this.#opener = null;
    if (!focused && document.activeElement !== document.body) return;
    const target =
      back && back !== document.body ? back : document.querySelector<HTMLElement>('[data-testid=keys]');
    target?.focus({ preventScroll: true });
  }

  /** Rings what a step speaks of, and brings it into sight. */
  #point(step: TourStep | null): void {
    this.#pointed?.removeAttribute('data-toured');
    const found = step?.at.map((id) => document.querySelector<HTMLElement>(`[data-testid="${id}"]`)) ?? [];
    this.#pointed = found.find((element) => element?.checkVisibility()) ?? null;
    this.#pointed?.setAttribute('data-toured', '');
    this.#pointed?.scrollIntoView({ block: 'nearest' });
  }

  /** Below what it speaks of, or above where there is more room; never over it, as long as the window allows. */
  #place(): void {
    const card = this.#card;
    if (!card.matches(':popover-open')) return;
    const at = this.#pointed?.getBoundingClientRect() ?? new DOMRect(innerWidth / 2, innerHeight / 2, 0, 0);
    const { offsetWidth: width, offsetHeight: height } = card;
    const below = innerHeight - at.bottom - 2 * GAP >= height;
    const top = below ? at.bottom + GAP : at.top - height - GAP;
    const left = at.left + at.width / 2 - width / 2;
    card.style.top = `${Math.max(GAP, Math.min(top, innerHeight - height - GAP))}px`;
    card.style.left = `${Math.max(GAP, Math.min(left, innerWidth - width - GAP))}px`;
  }

  #onKey(event: KeyboardEvent): void {
    if (event.key !== 'Escape') return;
    event.preventDefault();
    event.stopPropagation();
    this.context.tour.end();
  }
}

customElements.define('cw-tour', CwTour);
