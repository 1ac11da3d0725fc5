/** Controls for pages that are not drawn by templates (the dashboard). */
import { h } from './dom';

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
