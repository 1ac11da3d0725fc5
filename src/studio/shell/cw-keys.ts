/** The sheet of keys: a dialog that prints the table of bindings. */
import { html, type TemplateResult } from 'lit';
import type { ClassList } from '../../taxonomy/class-list';
import { say } from '../../words/words';
import { checkbox, textButton } from './controls';
import { CwElement } from './element';
import { icon } from './icons';
import {
  actionWords,
  classIdOfAction,
  classKey,
  KEY_BINDINGS,
  KEY_GROUPS,
  type KeyBinding,
  keyLabel,
} from './keys';
import { className } from './names';

/** `<cw-keys>` */
export class CwKeys extends CwElement {
  get #dialog(): HTMLDialogElement {
    return this.querySelector('dialog')!;
  }

  protected override render(): TemplateResult {
    const { page } = this.context;
    const { classes } = this.state.view;
    const several = this.state.rig.length > 1;
    const close = () => page.closeMenu('keys');
    // By Escape: known at once, for `close` comes late, and the button pressed meanwhile would close what it shall open.
    const cancelled = () => page.closeMenu('keys');
    const closed = () => {
      if (!this.#dialog.open) page.closeMenu('keys');
    };
    // A click beside the sheet lands on the dialog itself: its padding is inside its child.
    const beside = ({ target, currentTarget }: Event) => {
      if (target === currentTarget) close();
    };
    return html`<dialog
      class="sheet"
      aria-labelledby="keys-title"
      data-testid="keys-sheet"
      @cancel=${cancelled}
      @close=${closed}
      @click=${beside}
    ><div class="sheet-body">
      <header>
        <h2 id="keys-title">${say('page.keyboard')}</h2>
        <button type="button" class="icon-button" aria-label=${say('page.close')} title=${say('page.close-by-key')} @click=${close}>${icon('close')}</button>
      </header>
      <div class="key-groups">${KEY_GROUPS.map(
        (group) =>
          html`<section><h3>${say(`keys.${group}`)}</h3><dl>${KEY_BINDINGS.filter((b) => b.group === group && isThere(b, classes, several)).map((b) => line(b, classes))}</dl></section>`,
      )}</div>
      ${checkbox({
        id: 'keys-on',
        label: say('page.keys-on'),
        checked: this.state.keysOn,
        onchange: (on) => page.setKeysOn(on),
      })}
      <div class="row">${textButton('tour-again', say('tour.again'), () => this.context.tour.start())}</div>
    </div></dialog>`;
  }

  protected override updated(): void {
    const open = this.state.menu === 'keys';
    if (open && !this.#dialog.open) this.#dialog.showModal();
    else if (!open && this.#dialog.open) this.#dialog.close();
  }
}

/** Whether a binding has something to do: a class's key only where there is that class, and no camera has the key. */
function isThere({ action }: KeyBinding, classes: ClassList, several: boolean): boolean {
  const id = classIdOfAction(action);
  return id === null || (id < classes.length && classKey(id, several) !== undefined);
}

function line(binding: KeyBinding, classes: ClassList): TemplateResult {
  // Many keys of one binding are a row on the keyboard.
  const [first, last] = [binding.keys[0]!, binding.keys.at(-1)!];
  const row = binding.keys.length > 3;
  const keys = (row ? [first, last] : binding.keys).map(
    (key) =>
      html`${binding.shift ? html`<kbd>${say('page.shift-key')}</kbd>` : ''}<kbd>${keyLabel(key)}</kbd>`,
  );
  return html`<div><dt>${row ? html`${keys[0]} – ${keys[1]}` : keys}</dt><dd>${labelOf(binding, classes)}</dd></div>`;
}

/** The label of a binding; those of classes name the class. */
function labelOf({ action }: KeyBinding, classes: ClassList): string {
  const named = classes[classIdOfAction(action) ?? -1];
  return named ? className(named.name) : actionWords(action);
}

customElements.define('cw-keys', CwKeys);
