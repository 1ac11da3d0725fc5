/** The log of what happened in the scene, newest first, folded until it is asked for. */
import { html, type TemplateResult } from 'lit';
import { CwElement } from '../shell/element';
import { formatClock } from '../shell/format';
import { eventWords } from './scene-words';

/** Lines on the page: what fits a glance; the rest is in the exports. */
const LINES = 60;

/** `<cw-events>` */
export class CwEvents extends CwElement {
  #open = false;

  protected override render(): TemplateResult {
    const { sceneLog } = this.state;
    const toggled = ({ currentTarget }: Event) => {
      this.#open = (currentTarget as HTMLDetailsElement).open;
      this.requestUpdate();
    };
    // Folded, nothing is built: a busy street tells several a second.
    const shown = this.#open ? sceneLog.slice(-LINES).reverse() : [];
    return html`<details class="panel-section" data-testid="events" @toggle=${toggled}>
      <summary><h2>Events</h2></summary>
      <p class="muted" ?hidden=${sceneLog.length > 0}>Nothing has happened yet.</p>
      <ol class="event-list" data-testid="event-list" tabindex="0" aria-label="Events, newest first">${shown.map(
        (event) => html`<li class="event event-${event.type}"><span
          class="figure muted">${formatClock(event.timestamp / 1e6)}</span><span>${eventWords(event)}</span></li>`,
      )}</ol>
    </details>`;
  }
}

customElements.define('cw-events', CwEvents);
