/** The measured details, folded: what runs, where the time goes, what lives. */
import { html, nothing, type TemplateResult } from 'lit';
import type { StageReport } from '../../stage/stage-api';
import { CwElement } from './element';
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
  /** The same as a plain number, for whoever reads the page by program: texts group their digits. */
  readonly count?: (r: StageReport) => number;
}[] = [
  { id: 'source-fps', label: 'Source', value: (r) => `${formatRate(r.sourceFps)} /s` },
  { id: 'frames', label: 'Frames', value: (r) => formatCount(r.frames), count: (r) => r.frames },
  { id: 'masks', label: 'Masks', value: (r) => formatCount(r.allMasks), count: (r) => r.allMasks },
  { id: 'dropped', label: 'Dropped', value: (r) => formatCount(r.dropped), count: (r) => r.dropped },
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
  protected override render(): TemplateResult {
    return html`${this.#model()}${this.#measured()}`;
  }

  protected override updated(): void {
    const { details } = this.state;
    const fold = this.querySelector('details')!;
    if (details === fold.open) return;
    fold.open = details;
    if (details) fold.scrollIntoView({ block: 'nearest' });
  }

  #model(): TemplateResult {
    const { engine, report } = this.state;
    const line = (id: string, label: string, value: string) =>
      html`<div ?hidden=${value === ''}><dt>${label}</dt><dd data-testid="card-${id}">${value}</dd></div>`;
    return html`<section class="panel-section">
      <h2>Model</h2>
      <dl class="facts">
        ${line('model', 'Network', engine?.title ?? NO_FIGURE)}
        ${line('engine', 'Engine', engine ? ENGINE_NAMES[engine.kind] : NO_FIGURE)}
        ${line('fallback', 'Why', engine?.fallback?.message ?? '')}
        ${line('choice', 'Chosen', engine?.choice ?? '')}
        ${line('licence', 'Licence', engine?.licence ?? NO_FIGURE)}
        ${line('governor', 'Governor', report?.governor ?? '')}
      </dl>
    </section>`;
  }

  #measured(): TemplateResult {
    const { engine, report } = this.state;
    const row = (id: string, label: string, value: string, count?: number) =>
      html`<div><dt>${label}</dt><dd class="figure" data-testid="hud-${id}" data-count=${count ?? nothing}>${value}</dd></div>`;
    const toggled = ({ currentTarget }: Event) =>
      this.context.page.setDetails((currentTarget as HTMLDetailsElement).open);
    return html`<details class="panel-section" data-testid="details" @toggle=${toggled}>
      <summary><h2>Measured</h2></summary>
      ${stages(report)}
      <dl class="facts">
        ${ROWS.map(({ id, label, value, count }) =>
          row(id, label, report ? value(report) : NO_FIGURE, report ? count?.(report) : undefined),
        )}
        ${row('description', 'Runs as', (report && engine?.description) ?? NO_FIGURE)}
      </dl>
      <a class="button" href="?measure" data-testid="measure">Measure this machine</a>
    </details>`;
  }
}

/** Where the time of a frame goes. */
function stages(report: StageReport | null): TemplateResult {
  const by = report?.stages.source;
  return html`<div>
    <p class="stage-heading">One mask takes <span class="muted" data-testid="hud-stage-source">${
      by === undefined ? '' : by === 'gpu-timestamps' ? 'by GPU timestamps' : 'by the clock'
    }</span></p>
    <div class="stage-bar" aria-hidden="true">${STAGES.map(
      ({ key }) => html`<span
        class="stage-part stage-${key}"
        .style=${`flex-grow: ${Math.max(0, report?.stages[key] ?? 0)}`}
      ></span>`,
    )}</div>
    <dl class="facts stage-facts">${STAGES.map(
      ({ key, label }) => html`<div><dt class="stage-${key}">${label}</dt><dd
        class="figure" data-testid="hud-stage-${key}">${formatMs(report?.stages[key])} ms</dd></div>`,
    )}</dl>
  </div>`;
}

customElements.define('cw-details', CwDetails);
