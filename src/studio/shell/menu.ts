/** A button in the header with a menu below it: the browser's own popover, kept in step with the state. */

import type { CwElement } from './base';
import { nameControl, placeUnder } from './controls';
import { h } from './dom';
import { type IconName, iconNode } from './icons';

/** The menus of the header. */
type MenuName = 'sources' | 'models';

/**
 * Makes the button and its popover. Escape, a click elsewhere and the other menu close it; focus comes back to the
 * button by itself.
 */
export function menuOf(
  host: CwElement,
  options: {
    readonly menu: MenuName;
    readonly label: string;
    readonly icon: IconName;
    readonly content: readonly Node[];
    readonly signal: AbortSignal;
  },
): { readonly button: HTMLButtonElement; readonly popover: HTMLElement } {
  const { menu } = options;
  const popover = h('div', {
    popover: 'auto',
    id: `menu-${menu}`,
    class: 'menu',
    role: 'dialog',
    'aria-label': options.label,
    'data-testid': `menu-${menu}`,
    ontoggle: (event: ToggleEvent) => {
      const open = event.newState === 'open';
      button.setAttribute('aria-expanded', String(open));
      if (!open) host.context.page.closeMenu(menu);
      else if (host.context.store.state.menu !== menu) host.context.page.toggleMenu(menu);
    },
  });
  const button = h(
    'button',
    {
      type: 'button',
      class: 'chip',
      popovertarget: popover.id,
      'aria-haspopup': 'dialog',
      'aria-expanded': 'false',
      'aria-describedby': `menu-${menu}-now`,
      'data-testid': menu,
    },
    iconNode(options.icon),
    h('span', { id: `menu-${menu}-now`, class: 'chip-content' }, ...options.content),
    iconNode('chevron'),
  );
  nameControl(button, options.label, menu);
  const place = () => placeUnder(popover, button);
  addEventListener('resize', place, { signal: options.signal });
  const stop = host.context.store.watch(
    (s) => s.menu === menu,
    (open) => {
      if (!popover.isConnected || open === popover.matches(':popover-open')) {
        if (open) place();
        return;
      }
      if (open) popover.showPopover();
      else popover.hidePopover();
      place();
    },
  );
  options.signal.addEventListener('abort', stop);
  return { button, popover };
}
