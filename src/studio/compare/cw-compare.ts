/**
 * What lies beside a recording to compare with: labels, or another network's masks; how far they agree with the network
 * that runs, on the whole and on the worst frames. Shown for recordings only.
 */

import type { FrameRecord } from '../../jobs/frame-record';
import { reviewOf } from '../../labels/agreement';
import { DIFFERENCE_COLOURS, type Difference } from '../../overlay/difference';
import type { AppState, Playback } from '../shell/app-state';
import { CwElement } from '../shell/base';
import { nameControl, segmented } from '../shell/controls';
import { h, setText } from '../shell/dom';
import { formatCount, formatExact, formatPercent } from '../shell/format';
import { LABEL_VIEWS } from './compare-actions';

/** Frames listed: enough to see what goes wrong, few enough to look at each. */
const WORST_MAX = 20;
/** Milliseconds between two looks at growing results. */
const REFRESH = 1000;

/** `<cw-compare>` */
export class CwCompare extends CwElement {
  protected build(): void {
    const fold = h(
      'details',
      { class: 'panel-section', 'data-testid': 'compare', ontoggle: () => draw() },
      h('summary', {}, h('h2', {}, 'Compare')),
      this.#network(),
      this.#views(),
    );
    const summary = h('dl', { class: 'compare-summary', 'data-testid': 'compare-summary' });
    const caption = h('h3', { class: 'worst-caption' }, 'Worst frames', h('span', {}, 'mean IoU'));
    const list = h('ol', { class: 'worst-list', 'data-testid': 'worst-list', 'aria-label': 'Worst frames' });
    const hint = h('p', { class: 'compare-hint', 'data-testid': 'compare-hint' });
    fold.append(hint, summary, caption, list);
    this.append(fold);
    let drawn = 0;
    const draw = (): void => {
      drawn = performance.now();
      const { study, playback } = this.context.store.state;
      const records = fold.open && study.labels ? this.context.study.records : [];
      const review = reviewOf(records, WORST_MAX);
      setText(hint, hintOf(study, review.frames));
      summary.hidden = review.frames === 0;
      summary.replaceChildren(
        figure('Frames', formatCount(review.frames), ''),
        figure('Agreement', formatPercent(review.same), '%'),
        figure('Drivable IoU', formatPercent(review.drivable), '%'),
        figure('Mean IoU', formatPercent(review.mean), '%'),
      );
      list.hidden = review.worst.length === 0;
      caption.hidden = list.hidden;
      list.replaceChildren(...review.worst.map((record) => this.#line(record, playback)));
    };
    this.watch(
      (s) => s.study,
      ({ analysis }) => {
        if (!analysis.running || performance.now() - drawn > REFRESH) draw();
      },
    );
    this.watch(
      (s) => s.study.labels !== null,
      (labelled) => {
        if (labelled) fold.open = true;
      },
    );
    this.watch(
      (s) => s.playback?.canStep === true,
      (recording) => {
        this.hidden = !recording;
      },
    );
  }

  /** Another network, to be compared with. */
  #network(): HTMLElement {
    const select = h('select', { 'data-testid': 'compare-model' });
    nameControl(select, 'Other network');
    const button = h(
      'button',
      {
        type: 'button',
        class: 'button',
        'data-testid': 'compare-run',
        onclick: () => {
          const choice = this.context.store.state.models.find(({ name }) => name === select.value);
          if (choice) void this.context.compare.compareWith(choice);
        },
      },
      'Compare',
    );
    const row = h('div', { class: 'row compare-network' }, select, button);
    const fill = ({ models, engine }: Pick<AppState, 'models' | 'engine'>): void => {
      const others = models.filter(({ name }) => name !== engine?.model);
      row.hidden = others.length === 0;
      select.replaceChildren(...others.map(({ name, title }) => h('option', { value: name }, title)));
    };
    this.watch(
      (s) => s.models,
      () => fill(this.context.store.state),
    );
    this.watch(
      (s) => s.engine?.model,
      () => fill(this.context.store.state),
    );
    this.watch(
      (s) => s.study.export !== null,
      (busy) => {
        button.disabled = busy;
      },
    );
    return row;
  }

  /** What is drawn of the labels. */
  #views(): HTMLElement {
    const views = segmented({
      label: 'Labels over the picture',
      id: 'label-view',
      items: LABEL_VIEWS.map(({ view, label }) => ({ value: view, label })),
      onchange: (view) => this.context.compare.setView(view),
    });
    this.watch((s) => s.view.labels, views.select);
    const key = h(
      'p',
      { class: 'compare-key' },
      swatch('missed', 'Road in the labels only'),
      swatch('invented', 'Road in the mask only'),
      swatch('other', 'Other classes'),
    );
    this.watch(
      (s) => s.view.labels === 'difference',
      (shown) => {
        key.hidden = !shown;
      },
    );
    const body = h('div', {}, views.element, key);
    this.watch(
      (s) => s.study.labels === null,
      (none) => {
        body.hidden = none;
      },
    );
    return body;
  }

  #line(record: FrameRecord, playback: Playback | null): HTMLElement {
    const name = nameOf(record, playback);
    const percent = formatPercent(record.agreement?.mean);
    return h(
      'li',
      {},
      h(
        'button',
        {
          type: 'button',
          class: 'button quiet worst',
          'data-testid': 'worst',
          'aria-label': `${name}, mean IoU ${percent} per cent`,
          onclick: () => this.#goTo(record.t),
        },
        h('span', { class: 'worst-name' }, name),
        h('span', { class: 'figure' }, `${percent} %`),
      ),
    );
  }

  /** Stands at a frame: what is compared must not run away. */
  async #goTo(seconds: number): Promise<void> {
    const { sources, store } = this.context;
    if (store.state.playback?.playing) await sources.togglePlay();
    sources.seekTo(seconds);
  }
}

/** A picture's own name where it has one, else its time. */
function nameOf({ n, t }: FrameRecord, playback: Playback | null): string {
  const request = playback?.request;
  const part =
    request?.kind === 'file' && request.parts.kind === 'pictures' ? playback?.info.parts?.[n] : null;
  return part?.name || formatExact(t);
}

function hintOf({ labels, analysis, export: writing }: AppState['study'], frames: number): string {
  if (writing && !labels) return '';
  if (!labels) return 'Lay labels beside the recording, or another network’s masks.';
  if (frames > 0) return `Against ${labels.name}.`;
  return analysis.running
    ? `Against ${labels.name}: analysing…`
    : `Against ${labels.name}. Analyse the recording to see how far they agree.`;
}

function figure(label: string, value: string, unit: string): HTMLElement {
  return h(
    'div',
    {},
    h('dt', {}, label),
    h('dd', {}, h('span', { class: 'figure' }, value), unit ? ` ${unit}` : ''),
  );
}

function swatch(kind: Difference, label: string): HTMLElement {
  const colour = h('span', { class: 'swatch', 'aria-hidden': 'true' });
  colour.style.background = DIFFERENCE_COLOURS[kind];
  return h('span', {}, colour, label);
}

customElements.define('cw-compare', CwCompare);

declare global {
  interface HTMLElementTagNameMap {
    'cw-compare': CwCompare;
  }
}
