/** The top line: name, source, model, and the door to the keys. */
import { html, type TemplateResult } from 'lit';
import { say } from '../../words/words';
import { iconButton } from './controls';
import { CwElement } from './element';
import '../model/cw-models';
import '../session/cw-sources';

/** The mark: a road that runs to the horizon. Same drawing as the favicon. */
const MARK = html`<svg viewBox="0 0 24 24" class="mark" aria-hidden="true"><path
  class="road" d="M9.5 4h5L21 20H3z"></path><path class="line" d="M12 6v2M12 11v2.5M12 16.5v3.5"></path></svg>`;

/** `<cw-header>` */
export class CwHeader extends CwElement {
  /** Opens the browser's own file chooser. */
  chooseFile(): void {
    this.querySelector('cw-sources')?.chooseFile();
  }

  protected override render(): TemplateResult {
    return html`<header class="top">
      <h1>${MARK}<span class="name">Carriageway</span></h1>
      <cw-sources .context=${this.context}></cw-sources>
      <cw-models .context=${this.context}></cw-models>
      ${iconButton({
        icon: 'keys',
        label: say('page.keyboard'),
        id: 'keys',
        action: 'sheet',
        onclick: () => this.context.page.toggleMenu('keys'),
      })}
    </header>`;
  }
}

customElements.define('cw-header', CwHeader);

declare global {
  interface HTMLElementTagNameMap {
    'cw-header': CwHeader;
  }
}
