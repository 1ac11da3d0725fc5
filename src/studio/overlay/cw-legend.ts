/** The legend: for each class its colour, whether it is painted, and on the simulated drive its true IoU, live. */
import { CLASSES, type DrivingClass } from '../../taxonomy/classes';
import type { HexColour, PaletteName } from '../../taxonomy/palette';
import { CwElement } from '../shell/base';
import { h, setText } from '../shell/dom';
import { formatPercent, meanOf, NO_FIGURE } from '../shell/format';
import { classKey, keyLabel } from '../shell/keys';
import { LEGEND_GROUPS } from '../shell/names';
import { PALETTE_NAMES } from './view-actions';

/** `<cw-legend>` */
export class CwLegend extends CwElement {
  protected build(): void {
    const column = h('span', { class: 'legend-column', 'data-testid': 'iou-heading' });
    this.append(
      h(
        'div',
        { class: 'panel-heading' },
        h('h2', { id: 'legend-heading' }, 'Classes'),
        this.#palette(),
        this.#all(),
      ),
      ...LEGEND_GROUPS.map(({ label, groups }, i) =>
        h(
          'div',
          { class: 'legend-group', role: 'group', 'aria-label': label },
          h('div', { class: 'legend-heading', 'aria-hidden': 'true' }, label, i === 0 ? column : null),
          ...CLASSES.filter((c) => (groups as readonly string[]).includes(c.group)).map((c) => this.#row(c)),
        ),
      ),
    );
    this.watch(
      (s) => s.report?.truth,
      (truth) => {
        this.classList.toggle('with-truth', Boolean(truth));
        setText(column, truth ? `True IoU · mean ${formatPercent(meanOf(truth.perClass))}` : '');
        column.title = truth
          ? 'Intersection over union with the street’s own labels, over the last frames'
          : '';
      },
    );
  }

  #palette(): HTMLElement {
    const own = h('option', { value: 'own' }, 'Own colours');
    const select = h(
      'select',
      {
        class: 'small',
        'aria-label': 'Palette',
        title: 'Palette (C)',
        'data-testid': 'palette',
        onchange: () => this.context.view.setPalette(select.value as PaletteName),
      },
      ...PALETTE_NAMES.map(({ palette, label }) => h('option', { value: palette }, label)),
      own,
    );
    this.watch(
      (s) => s.palette,
      (palette) => {
        // "Own colours" is a state, not a choice.
        own.hidden = palette !== 'own';
        own.disabled = palette !== 'own';
        select.value = palette;
      },
    );
    return select;
  }

  #all(): HTMLElement {
    const all = h('input', {
      type: 'checkbox',
      'aria-label': 'All classes',
      title: 'Show or hide all classes',
      'data-testid': 'class-all',
      onchange: () => this.context.view.setAllVisible(all.checked),
    });
    this.watch(
      (s) => s.view.visible,
      (visible) => {
        all.checked = visible.every(Boolean);
        all.indeterminate = !all.checked && visible.some(Boolean);
      },
    );
    return all;
  }

  #row({ id, name }: DrivingClass): HTMLElement {
    const { view } = this.context;
    const key = classKey(id);
    const colour = h('input', {
      type: 'color',
      'aria-label': `Colour of ${name}`,
      'data-testid': `colour-${id}`,
      oninput: () => view.setColour(id, colour.value as HexColour),
    });
    const shown = h('input', {
      type: 'checkbox',
      id: `class-${id}`,
      title: key ? `Show or hide (${keyLabel(key)})` : 'Show or hide',
      'data-testid': `class-${id}`,
      onchange: () => view.setVisible(id, shown.checked),
    });
    const bar = h('span', { class: 'iou-bar', 'aria-hidden': 'true' });
    const figure = h('span', { class: 'figure', 'data-testid': `iou-${id}` });
    const row = h(
      'div',
      { class: 'legend-row' },
      colour,
      h('label', { for: shown.id }, h('span', {}, name)),
      bar,
      figure,
      shown,
    );
    this.watch(
      (s) => s.view.colours[id],
      (value) => {
        colour.value = value ?? '#000000';
        row.style.setProperty('--class', colour.value);
      },
    );
    this.watch(
      (s) => s.view.visible[id] === true,
      (visible) => {
        shown.checked = visible;
        row.classList.toggle('off', !visible);
      },
    );
    this.watch(
      (s) => (s.report?.truth ? (s.report.truth.perClass[id] ?? null) : undefined),
      (iou) => {
        setText(figure, iou === undefined ? '' : iou === null ? NO_FIGURE : formatPercent(iou));
        bar.style.setProperty('--share', String(iou ?? 0));
      },
    );
    return row;
  }
}

customElements.define('cw-legend', CwLegend);

declare global {
  interface HTMLElementTagNameMap {
    'cw-legend': CwLegend;
  }
}
