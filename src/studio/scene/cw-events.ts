/** The log of what happened in the scene, newest first, folded until it is asked for. */
import type { SceneEvent } from '../../scene/events';
import { CwElement } from '../shell/base';
import { h } from '../shell/dom';
import { formatClock } from '../shell/format';
import { eventWords } from './scene-words';

/** Lines on the page: what fits a glance; the rest is in the exports. */
const LINES = 60;

/** `<cw-events>` */
export class CwEvents extends CwElement {
  protected build(): void {
    const list = h('ol', { class: 'event-list', 'data-testid': 'event-list', tabindex: 0 });
    list.setAttribute('aria-label', 'Events, newest first');
    const empty = h('p', { class: 'muted' }, 'Nothing has happened yet.');
    const fold = h(
      'details',
      { class: 'panel-section', 'data-testid': 'events', ontoggle: () => draw() },
      h('summary', {}, h('h2', {}, 'Events')),
      empty,
      list,
    );
    const draw = (): void => {
      // Folded, nothing is built: a busy street tells several a second.
      const { sceneLog } = this.context.store.state;
      empty.hidden = sceneLog.length > 0;
      const shown = fold.open ? sceneLog.slice(-LINES) : [];
      list.replaceChildren(...shown.toReversed().map(line));
    };
    this.append(fold);
    this.watch((s) => s.sceneLog, draw);
  }
}

function line(event: SceneEvent): HTMLElement {
  return h(
    'li',
    { class: `event event-${event.type}` },
    h('span', { class: 'figure muted' }, formatClock(event.timestamp / 1e6)),
    h('span', {}, eventWords(event)),
  );
}

customElements.define('cw-events', CwEvents);

declare global {
  interface HTMLElementTagNameMap {
    'cw-events': CwEvents;
  }
}
