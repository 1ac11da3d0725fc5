/** The few kinds of controls that the page is made of. Each has an accessible name and tells its key. */
import { type ElementPart, html, nothing, type TemplateResult } from 'lit';
import { Directive, directive } from 'lit/directive.js';
import { live } from 'lit/directives/live.js';
import { say } from '../../words/words';
import { type IconName, icon } from './icons';
import { ariaKey, KEY_BINDINGS, type KeyAction, keyLabel } from './keys';

/** The first key of an action as text, e.g. `Shift+S`; empty when it has none. */
function shortcutOf(action: KeyAction | undefined): string {
  const binding = KEY_BINDINGS.find((b) => b.action === action);
  return binding ? `${binding.shift ? `${say('page.shift-key')}+` : ''}${keyLabel(binding.keys[0]!)}` : '';
}

/** The same in the names of the specification, whatever the page's language. */
function spokenKeys(action: KeyAction | undefined): string {
  const binding = KEY_BINDINGS.find((b) => b.action === action);
  return binding ? `${binding.shift ? 'Shift+' : ''}${ariaKey(binding.keys[0]!)}` : '';
}

class Named extends Directive {
  #said = '';

  render(_label: string, _action?: KeyAction): typeof nothing {
    return nothing;
  }

  override update(part: ElementPart, [label, action]: [string, KeyAction?]): typeof nothing {
    const shortcut = shortcutOf(action);
    const title = shortcut ? `${label} (${shortcut})` : label;
    // A key is called by another name in another language where the label may be the same.
    const said = `${label}\n${title}`;
    if (said === this.#said) return nothing;
    this.#said = said;
    const control = part.element as HTMLElement;
    control.setAttribute('aria-label', label);
    control.title = title;
    if (shortcut) control.setAttribute('aria-keyshortcuts', spokenKeys(action));
    return nothing;
  }
}

/** Names the control it stands in, and adds its key to the tooltip and for assistive technology: `${named(label)}`. */
export const named = directive(Named);

/** A square button with an icon only. */
export function iconButton(options: {
  readonly icon: IconName;
  readonly label: string;
  readonly id: string;
  readonly action?: KeyAction;
  readonly onclick: () => void;
  /** Of a switch: whether it is on. */
  readonly pressed?: boolean;
  readonly disabled?: boolean;
  readonly hidden?: boolean;
  readonly primary?: boolean;
}): TemplateResult {
  return html`<button
    type="button"
    class=${options.primary ? 'icon-button primary' : 'icon-button'}
    data-testid=${options.id}
    aria-pressed=${options.pressed ?? nothing}
    ?disabled=${options.disabled}
    ?hidden=${options.hidden}
    @click=${options.onclick}
    ${named(options.label, options.action)}
  >${icon(options.icon)}</button>`;
}

/** A button with words on it. @param more classes */
export function textButton(id: string, text: string, onclick: () => void, more = ''): TemplateResult {
  return html`<button type="button" class="button ${more}" data-testid=${id} @click=${onclick}>${text}</button>`;
}

/** A chooser of files that is opened by a button elsewhere: the browser's own looks like nothing else on the page. */
export function filePicker(options: {
  readonly id: string;
  readonly label: string;
  readonly onpick: (files: readonly [File, ...File[]]) => void;
  readonly accept?: string;
  /** One file, several, or all of a folder. */
  readonly takes?: 'several' | 'folder';
}): TemplateResult {
  const { id, label, onpick, accept, takes } = options;
  const picked = ({ target }: Event) => {
    const input = target as HTMLInputElement;
    const [first, ...rest] = input.files ?? [];
    // Emptied, so that choosing the same file again is a change again.
    input.value = '';
    if (first) onpick([first, ...rest]);
  };
  return html`<input
    type="file"
    class="sr-only"
    tabindex="-1"
    accept=${accept ?? nothing}
    ?multiple=${takes === 'several'}
    ?webkitdirectory=${takes === 'folder'}
    data-testid=${id}
    @change=${picked}
    ${named(label)}
  >`;
}

/** A box with its label. @param action whose key its tooltip tells */
export function checkbox(options: {
  readonly id: string;
  readonly label: string;
  readonly checked: boolean;
  readonly onchange: (checked: boolean) => void;
  readonly action?: KeyAction;
}): TemplateResult {
  const { id, checked, onchange, action } = options;
  return html`<label class="check"><input
    type="checkbox"
    data-testid=${id}
    .checked=${live(checked)}
    @change=${(event: Event) => onchange((event.target as HTMLInputElement).checked)}
    ${action ? named(options.label, action) : nothing}
  >${options.label}</label>`;
}

/** A word that explains itself in one sentence: under the pointer, with the focus, and under a finger (`cw-hint`). */
export function explained(id: string, word: string, sentence: string): TemplateResult {
  return html`<button
    type="button"
    class="explain"
    aria-description=${sentence}
    data-testid="explain-${id}"
  >${word}</button>`;
}

/** A choice of a few, side by side: native radio buttons, so arrows, labels and forms work as everywhere. */
export function segmented<T extends string>(options: {
  readonly label: string;
  readonly id: string;
  readonly items: readonly { readonly value: T; readonly label: string }[];
  readonly value: T;
  readonly onchange: (value: T) => void;
  readonly title?: string;
}): TemplateResult {
  const { label, id, items, value: chosen, onchange, title } = options;
  return html`<fieldset class="segmented" data-testid=${id} title=${title ?? nothing}>
    <legend class="sr-only">${label}</legend>${items.map(
      ({ value, label }) => html`<label><input
        type="radio"
        name=${id}
        value=${value}
        data-testid="${id}-${value}"
        .checked=${live(value === chosen)}
        @change=${() => onchange(value)}
      ><span>${label}</span></label>`,
    )}</fieldset>`;
}

/** A slider from 0 to 100 with its value beside it; `share` and what is reported are 0 to 1. */
export function percentSlider(options: {
  readonly label: string;
  readonly id: string;
  readonly max?: number;
  readonly share: number;
  readonly oninput: (share: number) => void;
}): TemplateResult {
  const { label, id, max = 100, share, oninput } = options;
  const percent = Math.round(share * 100);
  return html`<label class="slider"><span>${label}</span><input
    type="range"
    min="0"
    max=${max}
    step="1"
    data-testid=${id}
    .value=${live(String(percent))}
    .style=${`--fill: ${(percent / max) * 100}%`}
    aria-valuetext=${say('bar.percent', { percent })}
    @input=${(event: Event) => oninput(Number((event.target as HTMLInputElement).value) / 100)}
  ><output class="figure">${percent} %</output></label>`;
}

/** Puts a popover below its button and inside the window. */
export function placeUnder(popover: HTMLElement, button: HTMLElement): void {
  const gap = 8;
  // On very large screens the header is zoomed, and with it every length that is set inside.
  const zoom = popover.currentCSSZoom ?? 1;
  const at = button.getBoundingClientRect();
  const width = Math.min(popover.offsetWidth * zoom, innerWidth - 2 * gap);
  const left = Math.max(gap, Math.min(at.left, innerWidth - width - gap));
  popover.style.left = `${left / zoom}px`;
  popover.style.top = `${(at.bottom + gap) / zoom}px`;
  popover.style.maxHeight = `${Math.max(160, innerHeight - at.bottom - 2 * gap) / zoom}px`;
}
