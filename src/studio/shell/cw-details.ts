/** The measured details, folded: what runs, where the time goes, what lives. */
import { html, nothing, type TemplateResult } from 'lit';
import type { GovernorNote } from '../../stage/governor';
import type { StageReport } from '../../stage/stage-api';
import { type PlainKey, say, sayOr, sentenceOf } from '../../words/words';
import { CwElement } from './element';
import { formatBytes, formatCount, formatMs, formatRate, NO_FIGURE } from './format';
import { chosenWords, engineName, runsAsWords } from './names';

/** The stages of a frame, in its order, with the colour slot of their bar. */
const STAGES = ['preprocess', 'model', 'postprocess', 'draw'] as const;

/** Rows of the list: label and figure. */
const ROWS: readonly {
  readonly id: string;
  readonly label: PlainKey;
  readonly value: (r: StageReport) => string;
  /** The same as a plain number, for whoever reads the page by program: texts group their digits. */
  readonly count?: (r: StageReport) => number;
}[] = [
  { id: 'source-fps', label: 'measured.source', value: (r) => `${formatRate(r.sourceFps)} /s` },
  { id: 'frames', label: 'measured.frames', value: (r) => formatCount(r.frames), count: (r) => r.frames },
  { id: 'masks', label: 'measured.masks', value: (r) => formatCount(r.allMasks), count: (r) => r.allMasks },
  { id: 'dropped', label: 'measured.dropped', value: (r) => formatCount(r.dropped), count: (r) => r.dropped },
  {
    id: 'stride',
    label: 'measured.stride',
    value: (r) => (r.stride === 1 ? say('measured.every-frame') : say('measured.every-nth', { n: r.stride })),
  },
  {
    id: 'live-objects',
    label: 'measured.live-objects',
    value: ({ liveObjects: { frames, buffers, textures } }) =>
      say('measured.objects', { frames, buffers, textures }),
  },
  {
    id: 'read-back',
    label: 'measured.read-back',
    value: (r) => say('measured.a-frame', { bytes: formatBytes(r.readBackBytes) }),
  },
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
      <h2>${say('model.heading')}</h2>
      <dl class="facts">
        ${line('model', say('model.network'), engine?.title ?? NO_FIGURE)}
        ${line('engine', say('model.engine'), engine ? engineName(engine.kind) : NO_FIGURE)}
        ${line('fallback', say('model.why'), engine?.fallback ? sentenceOf(engine.fallback) : '')}
        ${line('choice', say('model.chosen'), chosenWords(engine?.chosen))}
        ${line('licence', say('model.licence'), engine ? sayOr(`licence.${engine.licence}`, engine.licence) : NO_FIGURE)}
        ${line('governor', say('model.governor'), report?.governor ? governorWords(report.governor) : '')}
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
      <summary><h2>${say('measured.heading')}</h2></summary>
      ${stages(report)}
      <dl class="facts">
        ${ROWS.map(({ id, label, value, count }) =>
          row(id, say(label), report ? value(report) : NO_FIGURE, report ? count?.(report) : undefined),
        )}
        ${row('description', say('measured.runs-as'), report && engine ? runsAsWords(engine.description) : NO_FIGURE)}
      </dl>
      <a class="button" href="?measure" data-testid="measure">${say('measured.this-machine')}</a>
    </details>`;
  }
}

/** What the governor did, as a sentence. */
function governorWords(note: GovernorNote): string {
  if (note.kind === 'smaller') return say('governor.smaller', { model: note.model });
  if (note.stride === 1) return say('governor.every');
  return say(note.why === 'behind' ? 'governor.behind' : 'governor.room', { stride: note.stride });
}

/** Where the time of a frame goes. */
function stages(report: StageReport | null): TemplateResult {
  const by = report?.stages.source;
  return html`<div>
    <p class="stage-heading">${say('measured.takes')} <span class="muted" data-testid="hud-stage-source">${
      by === undefined ? '' : say(by === 'gpu-timestamps' ? 'measured.by-gpu' : 'measured.by-clock')
    }</span></p>
    <div class="stage-bar" aria-hidden="true">${STAGES.map(
      (key) => html`<span
        class="stage-part stage-${key}"
        .style=${`flex-grow: ${Math.max(0, report?.stages[key] ?? 0)}`}
      ></span>`,
    )}</div>
    <dl class="facts stage-facts">${STAGES.map(
      (key) => html`<div><dt class="stage-${key}">${say(`measured.${key}`)}</dt><dd
        class="figure" data-testid="hud-stage-${key}">${formatMs(report?.stages[key])} ms</dd></div>`,
    )}</dl>
  </div>`;
}

customElements.define('cw-details', CwDetails);
