/**
 * The pyramid inspector: the picture is held, and each level of the pooling pyramid can be switched off to see what it
 * adds. One sentence for each level says what it looks at.
 */
import type { InspectionReport } from '../../stage/inspection';
import { CLASSES } from '../../taxonomy/classes';
import { CwElement } from '../shell/base';
import { h, setText } from '../shell/dom';
import { formatPercent, meanOf, NO_FIGURE } from '../shell/format';
import { PYRAMID_BINS } from './inspector-actions';

/** What a level averages over. */
const SAYS: Readonly<Record<number, string>> = {
  1: 'the whole picture: what kind of place',
  2: 'quarters: sky above, road below',
  3: 'ninths: left, ahead, right',
  6: 'single blocks: what is near what',
};

/** `<cw-pyramid>` */
export class CwPyramid extends CwElement {
  protected build(): void {
    const { pyramid } = this.context;
    const fold = h(
      'details',
      {
        class: 'panel-section',
        'data-testid': 'pyramid',
        ontoggle: () => {
          if (fold.open) pyramid.open();
          else pyramid.close();
          // Without a picture there is nothing to open.
          fold.open = this.context.store.state.pyramid !== null;
        },
      },
      h('summary', {}, h('h2', {}, 'Pyramid inspector')),
      h(
        'p',
        { class: 'scene-statement' },
        'The picture is held. Before it decides, the network averages what it sees over coarse grids: global context for local detail. Switch a grid off and see what changes.',
      ),
      ...PYRAMID_BINS.map((bins, level) => this.#level(bins, level)),
      this.#options(),
      this.#outcome(),
    );
    this.append(fold);
    this.watch(
      (s) => s.pyramid !== null,
      (open) => {
        if (fold.open === open) return;
        fold.open = open;
        if (open) fold.scrollIntoView({ block: 'nearest' });
      },
    );
  }

  #level(bins: number, level: number): HTMLElement {
    const input = h('input', {
      type: 'checkbox',
      'data-testid': `pyramid-level-${bins}`,
      onchange: () => this.context.pyramid.setLevel(level, input.checked),
    });
    const adds = h('span', { class: 'figure muted', 'data-testid': `pyramid-alone-${bins}` });
    this.watch(
      (s) => s.pyramid?.levels[level] ?? true,
      (on) => {
        input.checked = on;
      },
    );
    this.watch(
      (s) => s.pyramid?.alone[level] ?? null,
      (report) => setText(adds, report ? `${formatPercent(report.flipped)} %` : ''),
    );
    adds.title = 'Share of the picture that changes when this grid alone is off';
    return h(
      'label',
      { class: 'check pyramid-level' },
      input,
      h('span', { class: 'figure' }, `${bins} × ${bins}`),
      h('span', { class: 'muted' }, SAYS[bins] ?? ''),
      adds,
    );
  }

  #options(): HTMLElement {
    const { pyramid } = this.context;
    const heat = h('input', {
      type: 'checkbox',
      'data-testid': 'pyramid-heat',
      onchange: () => pyramid.setHeat(heat.checked),
    });
    const cells = h(
      'select',
      {
        class: 'small',
        'aria-label': 'Grid drawn over the picture',
        'data-testid': 'pyramid-cells',
        onchange: () => pyramid.setCells(cells.value === '' ? null : Number(cells.value)),
      },
      h('option', { value: '' }, 'No grid'),
      ...PYRAMID_BINS.map((bins) => h('option', { value: bins }, `${bins} × ${bins} grid`)),
    );
    const compare = h(
      'button',
      {
        type: 'button',
        class: 'button',
        'data-testid': 'pyramid-compare',
        onclick: () => void pyramid.compare(),
      },
      'Compare all',
    );
    this.watch(
      (s) => s.pyramid?.heat ?? true,
      (on) => {
        heat.checked = on;
      },
    );
    this.watch(
      (s) => s.pyramid?.cells ?? null,
      (bins) => {
        cells.value = bins === null ? '' : String(bins);
      },
    );
    this.watch(
      (s) => s.pyramid?.busy ?? false,
      (busy) => {
        compare.disabled = busy;
      },
    );
    return h(
      'div',
      { class: 'scene-parts' },
      h('label', { class: 'check' }, heat, 'What changed'),
      cells,
      compare,
    );
  }

  #outcome(): HTMLElement {
    const line = (id: string, label: string, value: (report: InspectionReport) => string): HTMLElement => {
      const text = h('dd', { class: 'figure', 'data-testid': `pyramid-${id}` });
      this.watch(
        (s) => s.pyramid?.report ?? null,
        (report) => setText(text, report ? value(report) : NO_FIGURE),
      );
      return h('div', {}, h('dt', {}, label), text);
    };
    const state = h('p', { class: 'muted', role: 'status', 'data-testid': 'pyramid-state' });
    this.watch(
      (s) => (s.pyramid?.busy ? 'The network is at work …' : ''),
      (text) => setText(state, text),
    );
    return h(
      'div',
      {},
      h(
        'dl',
        { class: 'facts' },
        line('flipped', 'Changed', (r) => `${formatPercent(r.flipped)} % of the picture`),
        line('flips', 'Mostly', (r) => r.flips.map(flipWords).join(', ') || NO_FIGURE),
        line('road', 'Road IoU', (r) => pair(r.truth?.now.drivable, r.truth?.all.drivable)),
        line('mean', 'Mean IoU', (r) =>
          pair(r.truth && meanOf(r.truth.now.perClass), r.truth && meanOf(r.truth.all.perClass)),
        ),
      ),
      state,
    );
  }
}

function flipWords({ from, to, share }: InspectionReport['flips'][number]): string {
  return `${CLASSES[from]?.name} → ${CLASSES[to]?.name} ${formatPercent(share)} %`;
}

/** A share now and with all levels; a dash where there are no labels. */
function pair(now: number | null | undefined, all: number | null | undefined): string {
  if (now === null || now === undefined) return 'no labels here';
  return `${formatPercent(now)} % (all: ${formatPercent(all)} %)`;
}

customElements.define('cw-pyramid', CwPyramid);

declare global {
  interface HTMLElementTagNameMap {
    'cw-pyramid': CwPyramid;
  }
}
