/** The top line of all live pages: the name, which leads back to the start, and what the page adds. */
import { h } from './dom';

/** Makes the header. */
export function liveHead(...content: readonly HTMLElement[]): HTMLElement {
  return h('header', { class: 'live-head' }, h('h1', {}, h('a', { href: '/' }, 'Carriageway')), ...content);
}
