/** A button in the header with a menu below it: the browser's own popover, kept in step with the state. */
import { html, type TemplateResult } from 'lit';
import { placeUnder } from './controls';
import { CwElement } from './element';
import { type IconName, icon } from './icons';
import { ariaKey, KEY_BINDINGS, keyLabel } from './keys';

/** A menu of the header. Escape, a click elsewhere and the other menu close it; focus comes back by itself. */
export abstract class CwMenu extends CwElement {
  /** Whether it closes with the focus inside: a menu that was opened by a key has nothing to give it back to. */
  #returns = false;
  /** While the browser closes it. */
  #closing = false;

  protected abstract readonly menu: 'sources' | 'models';
  protected abstract get label(): string;

  /** What the button shows of the present choice. */
  protected abstract chip(): {
    readonly icon: IconName;
    readonly text: TemplateResult;
    readonly warn?: boolean;
  };
  protected abstract content(): TemplateResult;

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener('resize', () => this.#place(), { signal: this.signal });
  }

  protected override render(): TemplateResult {
    const { menu, label } = this;
    const { icon: image, text, warn } = this.chip();
    const key = KEY_BINDINGS.find(({ action }) => action === menu)!.keys[0]!;
    return html`<button
        type="button"
        class="chip ${warn ? 'fallback' : ''}"
        popovertarget="menu-${menu}"
        aria-haspopup="dialog"
        aria-expanded=${this.state.menu === menu}
        aria-keyshortcuts=${ariaKey(key)}
        title="${label} (${keyLabel(key)})"
        data-testid=${menu}
      >${icon(image)}<span class="chip-content"><span class="sr-only">${label}: </span>${text}</span>${icon('chevron')}</button>
      <div
        popover="auto"
        id="menu-${menu}"
        class="menu"
        role="dialog"
        aria-label=${label}
        aria-busy=${this.state.opening !== null}
        data-testid="menu-${menu}"
        @beforetoggle=${this.#toggles}
        @toggle=${this.#toggled}
        @keydown=${this.#onKey}
      >${this.content()}</div>`;
  }

  protected override updated(): void {
    const popover = this.querySelector<HTMLElement>('[popover]')!;
    const open = this.state.menu === this.menu;
    const closes = this.#closing && !open;
    if (open !== popover.matches(':popover-open') && !closes) {
      this.#returns = !open && popover.contains(document.activeElement);
      popover.togglePopover(open);
    }
    if (open) this.#place();
  }

  /** The browser closes it, too: known at once, for `toggle` comes late, and a key pressed meanwhile would be lost. */
  #toggles({ newState }: ToggleEvent): void {
    if (newState === 'open') return;
    this.#closing = true;
    this.context.page.closeMenu(this.menu);
  }

  #toggled({ newState }: ToggleEvent): void {
    const { page, store } = this.context;
    this.#closing = false;
    if (newState !== 'open') this.#giveBack();
    else if (store.state.menu !== this.menu) page.toggleMenu(this.menu);
  }

  /** Puts the focus on the button where it would be lost with the menu. */
  #giveBack(): void {
    const at = document.activeElement;
    // What is hidden keeps the focus until the next drawing.
    const lost = at === document.body || (at !== this.querySelector('button') && this.contains(at));
    if (this.#returns && lost) this.querySelector('button')?.focus();
    this.#returns = false;
  }

  #onKey({ key }: KeyboardEvent): void {
    if (key === 'Escape') this.#returns = true;
  }

  #place(): void {
    const [button, popover] = [this.querySelector('button'), this.querySelector<HTMLElement>('[popover]')];
    if (button && popover?.matches(':popover-open')) placeUnder(popover, button);
  }
}
