/** What happened in a room, newest first: vehicles that came and went, and each one's scene events, in one list. */
import type { SceneEvent } from '../scene/events';
import { eventWords } from '../studio/scene/scene-words';
import { say } from '../words/words';
import { clockOf } from './clock';
import { h } from './dom';

/** Lines that are kept: what fits a glance at nine vehicles. */
const LINES = 80;

/** A list of events; `element` is put on the page by its owner. */
export class EventLog {
  readonly element: HTMLElement;
  readonly #list = h('ol', { class: 'event-list', 'data-testid': 'dashboard-events', tabindex: 0 });
  readonly #empty = h('p', { class: 'muted' }, say('room-events.none'));

  constructor() {
    this.#list.setAttribute('aria-label', say('room-events.list'));
    this.element = h(
      'section',
      { class: 'dashboard-events' },
      h('h2', {}, say('room-events.heading')),
      this.#empty,
      this.#list,
    );
  }

  /** Adds what happened before a vehicle, in order. @param now milliseconds since 1970 */
  add(vehicle: string, events: readonly SceneEvent[], now: number): void {
    for (const event of events) this.tell(vehicle, event.type, eventWords(event), now);
  }

  /** Adds what became of a vehicle. @param kind by which a line is drawn @param now milliseconds since 1970 */
  tell(vehicle: string, kind: string, words: string, now: number): void {
    this.#empty.hidden = true;
    this.#list.prepend(
      h(
        'li',
        { class: `event event-${kind}` },
        h('span', { class: 'figure muted' }, clockOf(now)),
        h('span', { class: 'event-vehicle' }, vehicle),
        h('span', {}, words),
      ),
    );
    while (this.#list.children.length > LINES) this.#list.lastElementChild?.remove();
  }
}
