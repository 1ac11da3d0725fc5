/** The notices on screen. The list itself is the live region: a new sentence is read once, politely. */
import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { say, sentenceOf } from '../../words/words';
import { textButton } from './controls';
import { CwElement } from './element';
import { icon } from './icons';
import type { Notice } from './notices';

/** `<cw-notices>` */
export class CwNotices extends CwElement {
  protected override render(): TemplateResult {
    // One that is repeated is a new element at the end: that is what is read.
    const items = repeat(
      this.state.notices,
      ({ id, count }) => `${id} ${count}`,
      (notice) => this.#item(notice),
    );
    return html`<ul class="notices" aria-live="polite" data-testid="notices">${items}</ul>
      <p class="sr-only" role="status" aria-live="polite" data-testid="spoken">${this.state.spoken}</p>`;
  }

  #item({ id, code, tone, message, detail, action, count }: Notice): TemplateResult {
    return html`<li class="notice ${tone}" data-testid="notice-${code}" data-code=${code}>
      ${icon(tone === 'info' ? 'info' : 'warning')}
      <div class="notice-text">
        <p>${sentenceOf({ code, message })}${count > 1 ? html`<span class="muted"> ${say('notice.times', { count })}</span>` : nothing}</p>
        ${action ? textButton('notice-action', say(action.label), action.run, 'quiet') : nothing}
        ${detail ? html`<details><summary>${say('notice.details')}</summary><code>${detail}</code></details>` : nothing}
      </div>
      <button
        type="button"
        class="icon-button small"
        aria-label=${say('notice.dismiss')}
        title=${say('notice.dismiss')}
        data-testid="dismiss"
        @click=${() => this.context.notices.dismiss(id)}
      >${icon('close')}</button>
    </li>`;
  }
}

customElements.define('cw-notices', CwNotices);
