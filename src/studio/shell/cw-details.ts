/** The measured details, folded: what runs, where the time goes, what lives. */
import type { StageReport } from '../../stage/stage-api';
import type { AppState } from './app-state';
import { CwElement } from './base';
import { h, setText } from './dom';
import { formatBytes, formatCount, formatMs, formatRate, NO_FIGURE } from './format';
import { ENGINE_NAMES } from './names';

/** The stages of a frame, in its order, with the colour slot of their bar. */
const STAGES = [
  { key: 'preprocess', label: 'Preprocess' },
  { key: 'model', label: 'Network' },
  { key: 'postprocess', label: 'Postprocess' },
  { key: 'draw', label: 'Draw' },
] as const;

/** Rows of the list: label and figure. */
const ROWS: readonly {
  readonly id: string;
  readonly label: string;
  readonly value: (r: StageReport) => string;
}[] = [
  { id: 'source-fps', label: 'Source', value: (r) => `${formatRate(r.sourceFps)} /s` },
  { id: 'frames', label: 'Frames', value: (r) => formatCount(r.frames) },
  { id: 'dropped', label: 'Dropped', value: (r) => formatCount(r.dropped) },
  {
    id: 'stride',
    label: 'Stride',
    value: (r) => (r.stride === 1 ? 'every frame' : `every ${r.stride}th frame`),
  },
  {
    id: 'live-objects',
    label: 'Live objects',
    value: ({ liveObjects: o }) => `${o.frames} frames · ${o.buffers} buffers · ${o.textures} textures`,
  },
  { id: 'read-back', label: 'Read back', value: (r) => `${formatBytes(r.readBackBytes)} a frame` },
];

/** `<cw-details>`: the model's card, and a fold. */
export class CwDetails extends CwElement {
  protected build(): void {
    this.append(this.#model(), this.#measured());
  }

  #model(): HTMLElement {
    const line = (id: string, label: string, value: (s: Readonly<AppState>) => string): HTMLElement => {
      const text = h('dd', { 'data-testid': id });
      const row = h('div', {}, h('dt', {}, label), text);
      this.watch(value, (v) => {
        setText(text, v);
        row.hidden = v === '';
      });
      return row;
    };
    return h(
      'section',
      { class: 'panel-section' },
      h('h2', {}, 'Model'),
      h(
        'dl',
        { class: 'facts' },
        line('card-model', 'Network', (s) => s.engine?.title ?? NO_FIGURE),
        line('card-engine', 'Engine', (s) => (s.engine ? ENGINE_NAMES[s.engine.kind] : NO_FIGURE)),
        line('card-fallback', 'Why', (s) => s.engine?.fallback?.message ?? ''),
        line('card-licence', 'Licence', (s) => s.engine?.licence ?? NO_FIGURE),
        line('card-governor', 'Governor', (s) => s.report?.governor ?? ''),
      ),
    );
  }

  #measured(): HTMLElement {
    const fold = h(
      'details',
      {
        class: 'panel-section',
        'data-testid': 'details',
        ontoggle: () => this.context.page.setDetails(fold.open),
      },
      h('summary', {}, h('h2', {}, 'Measured')),
      this.#stages(),
      h(
        'dl',
        { class: 'facts' },
        ...ROWS.map((row) => this.#row(row.id, row.label, row.value)),
        this.#row('description', 'Runs as', (_, s) => s.engine?.description ?? NO_FIGURE),
      ),
    );
    this.watch(
      (s) => s.details,
      (open) => {
        if (open === fold.open) return;
        fold.open = open;
        if (open) fold.scrollIntoView({ block: 'nearest' });
      },
    );
    return fold;
  }

  #row(
    id: string,
    label: string,
    value: (report: StageReport, state: Readonly<AppState>) => string,
  ): HTMLElement {
    const text = h('dd', { class: 'figure', 'data-testid': `hud-${id}` });
    this.watch(
      (s) => (s.report ? value(s.report, s) : NO_FIGURE),
      (v) => setText(text, v),
    );
    return h('div', {}, h('dt', {}, label), text);
  }

  #stages(): HTMLElement {
    const bar = h('div', { class: 'stage-bar', 'aria-hidden': 'true' });
    const source = h('span', { class: 'muted', 'data-testid': 'hud-stage-source' });
    const parts = STAGES.map(({ key, label }) => {
      const segment = h('span', { class: `stage-part stage-${key}` });
      const figure = h('dd', { class: 'figure', 'data-testid': `hud-stage-${key}` });
      bar.append(segment);
      this.watch(
        (s) => s.report?.stages[key],
        (ms) => {
          setText(figure, `${formatMs(ms)} ms`);
          segment.style.flexGrow = String(Math.max(0, ms ?? 0));
        },
      );
      return h('div', {}, h('dt', { class: `stage-${key}` }, label), figure);
    });
    this.watch(
      (s) => s.report?.stages.source,
      (by) =>
        setText(
          source,
          by === undefined ? '' : by === 'gpu-timestamps' ? 'by GPU timestamps' : 'by the clock',
        ),
    );
    return h(
      'div',
      {},
      h('p', { class: 'stage-heading' }, 'One mask takes ', source),
      bar,
      h('dl', { class: 'facts stage-facts' }, ...parts),
    );
  }
}

customElements.define('cw-details', CwDetails);

declare global {
  interface HTMLElementTagNameMap {
    'cw-details': CwDetails;
  }
}
