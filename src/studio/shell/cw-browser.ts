/** What this browser lacks, folded: what it is, what is missing without it, and what would help. */
import { html, nothing, type TemplateResult } from 'lit';
import { say } from '../../words/words';
import { lackWords } from './capabilities';
import { CwElement } from './element';

/** `<cw-browser>` */
export class CwBrowser extends CwElement {
  protected override render(): TemplateResult {
    const { lacking, offline } = this.state;
    return html`<details class="panel-section" data-testid="browser">
      <summary><h2>${say('browser.heading')}</h2></summary>
      ${lacking.length === 0 ? html`<p class="hint">${say('browser.has-all')}</p>` : nothing}
      <dl class="facts"><div><dt>${say('browser.without-server')}</dt><dd data-testid="offline" data-state=${offline}>${say(`offline.${offline}`)}</dd></div>
      ${lacking.map(
        ({ id, severity, help }) => html`<div data-testid="lacks-${id}">
          <dt>${say(`lacks.${id}.name`)}</dt><dd><span class="muted">${say('browser.missing', {
            severity: say(`severity.${severity}`),
          })}</span> ${lackWords({ id, help })}</dd>
        </div>`,
      )}</dl>
    </details>`;
  }
}

customElements.define('cw-browser', CwBrowser);

declare global {
  interface HTMLElementTagNameMap {
    'cw-browser': CwBrowser;
  }
}
