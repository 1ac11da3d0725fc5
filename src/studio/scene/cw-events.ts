/**
 * The log of what happened in the scene, newest first, folded until it is asked for. Kinds can be left out, an event leads
 * to its moment where the source can go there, and what was looked at is ticked off.
 */
import { html, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import type { SceneEvent } from '../../scene/events';
import { say } from '../../words/words';
import { CwElement } from '../shell/element';
import { formatClock } from '../shell/format';
import { EVENT_KINDS, eventKey, eventWords } from './scene-words';

/** Lines on the page: what fits a glance; the rest is in the exports. */
const LINES = 60;

/** `<cw-events>` */
export class CwEvents extends CwElement {
  #open = false;
  /** The kind that is shown alone; null shows all. */
  #kind: SceneEvent['type'] | null = null;

  protected override render(): TemplateResult {
    const { sceneLog, reviewed, playback } = this.state;
    const toggled = ({ currentTarget }: Event) => {
      this.#open = (currentTarget as HTMLDetailsElement).open;
      this.requestUpdate();
    };
    // Folded, nothing is built: a busy street tells several a second.
    const chosen = this.#kind === null ? sceneLog : sceneLog.filter(({ type }) => type === this.#kind);
    const shown = this.#open ? chosen.slice(-LINES).reverse() : [];
    const seen = new Set(reviewed);
    const choose = ({ target }: Event) => {
      const { value } = target as HTMLSelectElement;
      this.#kind = EVENT_KINDS.find((kind) => kind === value) ?? null;
      this.requestUpdate();
    };
    return html`<details class="panel-section" data-testid="events" @toggle=${toggled}>
      <summary><h2>${say('events.heading')}</h2></summary>
      <label class="row"><span class="muted">${say('events.show')}</span><select data-testid="event-kind" @change=${choose}>
        <option value="">${say('events.all')}</option>
        ${EVENT_KINDS.map((kind) => html`<option value=${kind} .selected=${live(kind === this.#kind)}>${say(`event-kind.${kind}`)}</option>`)}
      </select></label>
      <p class="muted" ?hidden=${chosen.length > 0}>${say(
        sceneLog.length > 0 ? 'events.none-of-kind' : 'events.none',
      )}</p>
      <ol class="event-list" data-testid="event-list" tabindex="0" aria-label=${say('events.list')}>${shown.map(
        (
          event,
        ) => html`<li class="event event-${event.type}">${this.#moment(event, playback?.canSeek === true)}<span
          >${eventWords(event)}</span><input
          type="checkbox"
          data-testid="event-reviewed"
          aria-label=${say('events.reviewed-what', { event: eventWords(event) })}
          title=${say('events.reviewed')}
          .checked=${live(seen.has(eventKey(event)))}
          @change=${() => this.context.marks.review(event)}
        ></li>`,
      )}</ol>
    </details>`;
  }

  #moment({ timestamp }: SceneEvent, leads: boolean): TemplateResult {
    const seconds = timestamp / 1e6;
    const text = formatClock(seconds);
    if (!leads) return html`<span class="figure muted">${text}</span>`;
    return html`<button
      type="button"
      class="event-moment figure muted"
      aria-label=${say('events.go', { time: text })}
      @click=${() => this.context.sources.standAt(seconds)}
    >${text}</button>`;
  }
}

customElements.define('cw-events', CwEvents);
