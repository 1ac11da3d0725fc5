/** Vehicles that were here and are not, each with the reason: their tiles are gone before anybody may have looked. */
import { say } from '../words/words';
import { clockOf } from './clock';
import { h } from './dom';

/** Most of them: as many as there are tiles. */
const DEPARTED_MAX = 9;

/** A list, empty most of the time; `element` is put on the page by its owner. */
export class Departed {
  readonly element = h('ul', {
    class: 'dashboard-departed',
    role: 'status',
    hidden: true,
    'data-testid': 'departed',
  });
  readonly #lines = new Map<string, HTMLElement>();

  constructor() {
    this.element.setAttribute('aria-label', say('dashboard.departed-list'));
  }

  /** One has left. @param now milliseconds since 1970 */
  left(name: string, why: string, now: number): void {
    this.#forget(name);
    const line = h('li', {}, say('dashboard.departed', { name, time: clockOf(now), why }));
    this.#lines.set(name, line);
    this.element.append(line);
    const [oldest] = this.#lines.keys();
    if (this.#lines.size > DEPARTED_MAX && oldest !== undefined) this.#forget(oldest);
    this.element.hidden = false;
  }

  /** These are here: whoever came back is not missed. */
  meet(names: readonly string[]): void {
    for (const name of names) this.#forget(name);
    this.element.hidden = this.#lines.size === 0;
  }

  #forget(name: string): void {
    this.#lines.get(name)?.remove();
    this.#lines.delete(name);
  }
}
