/** The notices on screen. The list itself is the live region: a new sentence is read once, politely. */

import { CwElement } from './base';
import { h } from './dom';
import { iconNode } from './icons';
import type { Notice } from './notices';

/** `<cw-notices>` */
export class CwNotices extends CwElement {
  protected build(): void {
    const list = h('ul', {
      class: 'notices',
      role: 'status',
      'aria-live': 'polite',
      'data-testid': 'notices',
    });
    const spoken = h('p', {
      class: 'sr-only',
      role: 'status',
      'aria-live': 'polite',
      'data-testid': 'spoken',
    });
    const shown = new Map<number, { readonly notice: Notice; readonly item: HTMLElement }>();
    this.append(list, spoken);
    this.watch(
      (s) => s.notices,
      (notices) => {
        for (const [id, { item, notice }] of shown)
          if (!notices.includes(notice)) {
            item.remove();
            shown.delete(id);
          }
        for (const notice of notices)
          if (!shown.has(notice.id)) {
            const item = this.#item(notice);
            shown.set(notice.id, { notice, item });
            list.append(item);
          }
      },
    );
    this.watch(
      (s) => s.spoken,
      (text) => {
        spoken.textContent = text;
      },
    );
  }

  #item(notice: Notice): HTMLElement {
    const { id, code, tone, message, detail, count } = notice;
    return h(
      'li',
      { class: `notice ${tone}`, 'data-testid': `notice-${code}`, 'data-code': code },
      iconNode(tone === 'info' ? 'info' : 'warning'),
      h(
        'div',
        { class: 'notice-text' },
        h('p', {}, message, count > 1 ? h('span', { class: 'muted' }, ` (${count} times)`) : null),
        detail ? h('details', {}, h('summary', {}, 'Details'), h('code', {}, detail)) : null,
      ),
      h(
        'button',
        {
          type: 'button',
          class: 'icon-button small',
          'aria-label': 'Dismiss',
          title: 'Dismiss',
          'data-testid': 'dismiss',
          onclick: () => this.context.notices.dismiss(id),
        },
        iconNode('close'),
      ),
    );
  }
}

customElements.define('cw-notices', CwNotices);

declare global {
  interface HTMLElementTagNameMap {
    'cw-notices': CwNotices;
  }
}
