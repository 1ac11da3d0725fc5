/** The tour's offer: one quiet line at the top of the panel, there from the first drawing on, until it is answered. */
import { html, nothing, type TemplateResult } from 'lit';
import { say } from '../../words/words';
import { textButton } from '../shell/controls';
import { CwElement } from '../shell/element';

/** `<cw-tour-offer>` */
export class CwTourOffer extends CwElement {
  protected override render(): TemplateResult | typeof nothing {
    const { tour } = this.context;
    if (!this.state.tourOffered) return nothing;
    const decline = () => {
      tour.dismiss();
      // What was pressed is gone: the focus goes on from the panel's beginning.
      document.querySelector<HTMLElement>('.panel-scroll')?.focus({ preventScroll: true });
    };
    return html`<div class="tour-offer" role="note" data-testid="tour-offer">
      <span>${say('tour.offer')}</span>
      ${textButton('tour-start', say('tour.take'), () => tour.start())}
      ${textButton('tour-decline', say('tour.decline'), decline, 'quiet')}
    </div>`;
  }
}

customElements.define('cw-tour-offer', CwTourOffer);
