/** The few kinds of controls that the page is made of. Each has an accessible name and tells its key. */
import { h } from './dom';
import { type IconName, iconNode } from './icons';
import { KEY_BINDINGS, type KeyAction, keyLabel } from './keys';

/** The first key of an action as text, e.g. `Shift+S`; empty when it has none. */
function shortcutOf(action: KeyAction | undefined): string {
  const binding = KEY_BINDINGS.find((b) => b.action === action);
  return binding ? `${binding.shift ? 'Shift+' : ''}${keyLabel(binding.keys[0]!)}` : '';
}

/** Names a control, and adds its key to the tooltip and for assistive technology. */
export function nameControl(control: HTMLElement, label: string, action?: KeyAction): void {
  const shortcut = shortcutOf(action);
  control.setAttribute('aria-label', label);
  control.title = shortcut ? `${label} (${shortcut})` : label;
  if (shortcut) control.setAttribute('aria-keyshortcuts', shortcut.replace('Space', ' ').trim() || 'Space');
}

/** A square button with an icon only. */
export function iconButton(options: {
  readonly icon: IconName;
  readonly label: string;
  readonly id: string;
  readonly action?: KeyAction;
  readonly onclick: () => void;
}): HTMLButtonElement {
  const button = h(
    'button',
    { type: 'button', class: 'icon-button', 'data-testid': options.id, onclick: options.onclick },
    iconNode(options.icon),
  );
  nameControl(button, options.label, options.action);
  return button;
}

/** A choice of a few, side by side: native radio buttons, so arrows, labels and forms work as everywhere. */
export function segmented<T extends string>(options: {
  readonly label: string;
  readonly id: string;
  readonly items: readonly { readonly value: T; readonly label: string }[];
  readonly onchange: (value: T) => void;
}): { readonly element: HTMLFieldSetElement; select(value: T): void } {
  const inputs = options.items.map(({ value }) =>
    h('input', {
      type: 'radio',
      name: options.id,
      value,
      'data-testid': `${options.id}-${value}`,
      onchange: () => options.onchange(value),
    }),
  );
  const element = h(
    'fieldset',
    { class: 'segmented', 'data-testid': options.id },
    h('legend', { class: 'sr-only' }, options.label),
    ...options.items.map(({ label }, i) => h('label', {}, inputs[i]!, h('span', {}, label))),
  );
  return {
    element,
    select(value) {
      for (const input of inputs) input.checked = input.value === value;
    },
  };
}

/** A slider from 0 to 100 with its value beside it. */
export function percentSlider(options: {
  readonly label: string;
  readonly id: string;
  readonly max?: number;
  readonly oninput: (share: number) => void;
}): { readonly element: HTMLLabelElement; set(share: number): void } {
  const output = h('output', { class: 'figure' });
  const input = h('input', {
    type: 'range',
    min: 0,
    max: options.max ?? 100,
    step: 1,
    'data-testid': options.id,
    oninput: () => options.oninput(Number(input.value) / 100),
  });
  return {
    element: h('label', { class: 'slider' }, h('span', {}, options.label), input, output),
    set(share) {
      const percent = Math.round(share * 100);
      input.value = String(percent);
      input.setAttribute('aria-valuetext', `${percent} per cent`);
      input.style.setProperty('--fill', `${(percent / Number(input.max)) * 100}%`);
      output.textContent = `${percent} %`;
    },
  };
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
