/** The sheet of keys: a dialog that prints the table of bindings. */
import { CLASSES } from '../../taxonomy/classes';
import { CwElement } from './base';
import { h } from './dom';
import { iconNode } from './icons';
import { KEY_BINDINGS, KEY_GROUPS, type KeyBinding, keyLabel } from './keys';

/** `<cw-keys>` */
export class CwKeys extends CwElement {
  protected build(): void {
    const close = () => dialog.close();
    const on = h('input', {
      type: 'checkbox',
      'data-testid': 'keys-on',
      onchange: () => this.context.page.setKeysOn(on.checked),
    });
    const dialog = h(
      'dialog',
      {
        class: 'sheet',
        'aria-labelledby': 'keys-title',
        'data-testid': 'keys-sheet',
        onclose: () => {
          if (this.context.store.state.menu === 'keys') this.context.store.update({ menu: null });
        },
        // A click beside the sheet lands on the dialog itself: its padding is inside its child.
        onclick: (event: MouseEvent) => {
          if (event.target === dialog) close();
        },
      },
      h(
        'div',
        { class: 'sheet-body' },
        h(
          'header',
          {},
          h('h2', { id: 'keys-title' }, 'Keyboard'),
          h(
            'button',
            {
              type: 'button',
              class: 'icon-button',
              'aria-label': 'Close',
              title: 'Close (Esc)',
              onclick: close,
            },
            iconNode('close'),
          ),
        ),
        h('div', { class: 'key-groups' }, ...KEY_GROUPS.map((group) => this.#group(group))),
        h(
          'label',
          { class: 'check' },
          on,
          'Keyboard shortcuts are on. Without them, space, Tab, arrows and Escape still work.',
        ),
      ),
    );
    this.append(dialog);
    this.watch(
      (s) => s.menu === 'keys',
      (open) => {
        if (open && !dialog.open) dialog.showModal();
        else if (!open && dialog.open) dialog.close();
      },
    );
    this.watch(
      (s) => s.keysOn,
      (bound) => {
        on.checked = bound;
      },
    );
  }

  #group(group: KeyBinding['group']): HTMLElement {
    const rows = KEY_BINDINGS.filter((b) => b.group === group).map((binding) =>
      h(
        'div',
        {},
        h(
          'dt',
          {},
          ...binding.keys.flatMap((key) => [
            binding.shift ? h('kbd', {}, 'Shift') : null,
            h('kbd', {}, keyLabel(key)),
          ]),
        ),
        h('dd', {}, labelOf(binding)),
      ),
    );
    return h('section', {}, h('h3', {}, group), h('dl', {}, ...rows));
  }
}

/** The label of a binding; those of classes name the class. */
function labelOf({ action, label }: KeyBinding): string {
  const id = /^class-(\d+)$/.exec(action)?.[1];
  return id === undefined ? label : (CLASSES[Number(id)]?.name ?? label);
}

customElements.define('cw-keys', CwKeys);

declare global {
  interface HTMLElementTagNameMap {
    'cw-keys': CwKeys;
  }
}
