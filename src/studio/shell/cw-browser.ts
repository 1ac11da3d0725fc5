/** What this browser lacks, folded: what it is, what is missing without it, and what would help. */
import { html, nothing, type TemplateResult } from 'lit';
import type { OfflineState } from '../../offline/keep-offline';
import type { Severity } from './capabilities';
import { CwElement } from './element';

const SEVERITIES: Readonly<Record<Severity, string>> = {
  blocking: 'needed',
  degraded: 'less can be done',
  informative: 'done another way',
};

const OFFLINE: Readonly<Record<OfflineState, string>> = {
  'not yet': 'Not kept yet.',
  keeping: 'Being kept…',
  kept: 'Kept: the page, and what it has used, work without the server.',
  refused: 'Not kept: the browser refused it. The page needs its server for each visit.',
  absent: 'Not kept: this browser or address has no service worker.',
};

/** `<cw-browser>` */
export class CwBrowser extends CwElement {
  protected override render(): TemplateResult {
    const { lacking, offline } = this.state;
    return html`<details class="panel-section" data-testid="browser">
      <summary><h2>This browser</h2></summary>
      ${lacking.length === 0 ? html`<p class="hint">It has all that the page uses.</p>` : nothing}
      <dl class="facts"><div><dt>Without a server</dt><dd data-testid="offline" data-state=${offline}>${OFFLINE[offline]}</dd></div>
      ${lacking.map(
        ({ id, name, severity, reason, help }) => html`<div data-testid="lacks-${id}">
          <dt>${name}</dt><dd><span class="muted">Missing; ${SEVERITIES[severity]}.</span> ${reason} ${help}</dd>
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
