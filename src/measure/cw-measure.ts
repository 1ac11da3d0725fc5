/** The page that measures this machine: what it does, how far it is, a table, a picture, and a copy to take along. */
import { html, LitElement, nothing, svg, type TemplateResult } from 'lit';
import { TIERS, type TierName } from '../stage/tiers';
import { textButton } from '../studio/shell/controls';
import { formatMs } from '../studio/shell/format';
import { engineName, runsAsWords } from '../studio/shell/names';
import { say, sentenceOf } from '../words/words';
import type { MeasuringPorts } from './measure-case';
import { type Graphics, type MeasuringProgress, measureMachine } from './measure-machine';
import type { MeasuredCase, Measurement, MeasuringCase } from './measurement';
import { COLUMNS, measurementJson, measurementMarkdown } from './measurement-text';

/** What the page needs from outside. */
export interface MeasurePagePorts extends Omit<MeasuringPorts, 'canvas'> {
  readonly plan: readonly MeasuringCase[];
  readonly graphics: () => Promise<Graphics>;
  /** Remembers, or with null forgets, what the page opens with. */
  readonly saveTier: (tier: TierName | null) => void;
  /** @throws where the browser does not let a page write to the clipboard */
  readonly copy: (text: string) => Promise<void>;
}

/** Size of the picture that is drawn while it measures: the drive's own. */
const PICTURE = { width: 640, height: 360 };

/** Milliseconds of one frame of a video of 30 pictures a second: a line across the picture. */
const FRAME_MS = 33;

/** Measures of the picture of bars, in its own units. */
const BAR = { left: 220, right: 60, height: 14, pitch: 24, width: 720 };

/** What is said once something was copied. */
type CopiedKey = 'measure.copied-table' | 'measure.copied-figures';

/** `<cw-measure>` */
export class CwMeasure extends LitElement {
  static override properties = {
    progress: { state: true },
    cases: { state: true },
    result: { state: true },
    said: { state: true },
    copyText: { state: true },
  };

  /** Given before it is connected. */
  declare ports: MeasurePagePorts;
  declare progress: MeasuringProgress | null;
  declare cases: readonly MeasuredCase[];
  declare result: Measurement | null;
  /** What came of the last thing that was asked, for people. */
  declare said: string;
  /** What could not be copied by itself, to be copied by hand. */
  declare copyText: string;
  #run: AbortController | null = null;

  constructor() {
    super();
    this.progress = null;
    this.cases = [];
    this.result = null;
    this.said = '';
    this.copyText = '';
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#run?.abort();
  }

  protected override render(): TemplateResult {
    return html`<header class="measure-head"><h1><a href="/">Carriageway</a></h1><h2>${say('measure.heading')}</h2></header>
      <main class="measure">
        <p>${say('measure.what')}</p>
        <div class="row">${
          this.#run
            ? textButton('measure-stop', say('measure.stop'), () => this.#stop())
            : textButton(
                'measure-start',
                say(this.result ? 'measure.again' : 'measure.start'),
                () => this.#start(),
                'primary',
              )
        }</div>
        <div class="measure-progress" ?hidden=${!this.#run}>
          <label for="measure-bar" data-testid="measure-now">${nowText(this.progress)}</label>
          <progress id="measure-bar" max="1" .value=${this.progress?.share ?? 0} data-testid="measure-bar"></progress>
          <div class="measure-picture"></div>
        </div>
        <p role="status" data-testid="measure-said">${this.said}</p>
        ${this.cases.length > 0 ? html`${table(this.cases)}${picture(this.cases)}` : nothing}
        ${this.result ? this.#after(this.result) : nothing}
      </main>`;
  }

  #after(result: Measurement): TemplateResult {
    const copy = (text: string, done: CopiedKey) => () => void this.#copy(text, done);
    return html`<section>
      <h2>${say('measure.take-along')}</h2>
      <p class="hint">${say('measure.welcome')}</p>
      <div class="row">
        ${textButton('measure-copy-markdown', say('measure.copy-markdown'), copy(measurementMarkdown(result), 'measure.copied-table'))}
        ${textButton('measure-copy-json', say('measure.copy-json'), copy(measurementJson(result), 'measure.copied-figures'))}
        ${result.tier ? textButton('measure-forget', say('measure.forget'), () => this.#forget()) : nothing}
      </div>
      ${
        this.copyText
          ? html`<textarea class="measure-text" readonly rows="10" aria-label=${say('measure.by-hand')} .value=${this.copyText}></textarea>`
          : nothing
      }
    </section>`;
  }

  #start(): void {
    const run = new AbortController();
    this.#run = run;
    this.cases = [];
    this.result = null;
    this.said = '';
    this.copyText = '';
    const { plan, saveTier, ...ports } = this.ports;
    measureMachine(
      plan,
      { ...ports, canvas: () => this.#canvas() },
      (progress) => {
        this.progress = progress;
      },
      (cases) => {
        this.cases = cases;
      },
      run.signal,
    )
      .then(
        (result) => {
          this.result = result;
          if (result.tier) saveTier(result.tier);
          this.said = verdict(result.tier);
        },
        (thrown: unknown) => {
          this.said = run.signal.aborted
            ? say('measure.stopped')
            : say('measure.failed', { reason: String(thrown) });
        },
      )
      .finally(() => {
        if (this.#run === run) this.#run = null;
        this.progress = null;
        this.requestUpdate();
      });
  }

  #stop(): void {
    this.#run?.abort();
  }

  #forget(): void {
    this.ports.saveTier(null);
    this.said = say('measure.forgotten');
  }

  async #copy(text: string, done: CopiedKey): Promise<void> {
    try {
      await this.ports.copy(text);
      this.copyText = '';
      this.said = say(done);
    } catch {
      this.copyText = text;
      this.said = say('measure.not-copied');
    }
  }

  /** A canvas keeps its first context for good, so each case gets a fresh one. */
  #canvas() {
    const canvas = document.createElement('canvas');
    Object.assign(canvas, PICTURE);
    canvas.setAttribute('role', 'img');
    canvas.setAttribute('aria-label', say('measure.picture'));
    this.querySelector('.measure-picture')?.replaceChildren(canvas);
    return { canvas: canvas.transferControlToOffscreen(), size: PICTURE };
  }
}

function nowText(progress: MeasuringProgress | null): string {
  if (!progress) return say('measure.looking');
  const { planned, index, count } = progress;
  return say('measure.now', {
    index: index + 1,
    count,
    title: planned.title,
    engine: engineName(planned.engine),
  });
}

/** What the page does with it, for people. */
function verdict(tier: TierName | null): string {
  if (tier === null) return say('measure.nothing');
  const { model, engine } = TIERS[tier];
  return say(engine === 'webgpu' ? 'measure.done-gpu' : 'measure.done-processor', { model });
}

function table(cases: readonly MeasuredCase[]): TemplateResult {
  return html`<div class="measure-scroll" tabindex="0" role="region" aria-label=${say('measure.figures')}><table data-testid="measure-table">
    <caption class="sr-only">${say('measure.medians')}</caption>
    <thead><tr><th scope="col">${say('measure.engine')}</th><th scope="col">${say('measure.network')}</th>${COLUMNS.map(
      ({ heading }) => html`<th scope="col">${say(heading)}</th>`,
    )}</tr></thead>
    <tbody>${cases.map(
      ({
        engine,
        model,
        title,
        figures,
        runsAs,
        reason,
        code,
      }) => html`<tr data-testid="measure-${engine}-${model}">
        <th scope="row" title=${runsAsWords(runsAs)}>${engineName(engine)}</th><td>${title}</td>${
          figures
            ? COLUMNS.map(({ id, text }) => html`<td class="figure" data-column=${id}>${text(figures)}</td>`)
            : html`<td colspan=${COLUMNS.length} class="muted">${code ? sentenceOf({ code, message: reason }) : reason}</td>`
        }</tr>`,
    )}</tbody>
  </table></div>`;
}

/** Bars of the inference times, with a line where a video's next picture comes. */
function picture(cases: readonly MeasuredCase[]): TemplateResult {
  const bars = cases.flatMap(({ engine, title, figures }) =>
    typeof figures?.inference === 'number'
      ? [{ name: `${title}, ${engineName(engine)}`, ms: figures.inference }]
      : [],
  );
  if (bars.length === 0) return html``;
  const longest = Math.max(FRAME_MS, ...bars.map(({ ms }) => ms));
  const room = BAR.width - BAR.left - BAR.right;
  const along = (ms: number) => (ms / longest) * room;
  const height = bars.length * BAR.pitch + 20;
  const words = bars.map(({ name, ms }) => `${name}: ${formatMs(ms)} ms`).join('; ');
  return html`<figure class="measure-figure">
    <svg viewBox="0 0 ${BAR.width} ${height}" role="img" aria-label=${say('measure.bars', { words })} data-testid="measure-bars">
      ${bars.map(({ name, ms }, i) => {
        const y = i * BAR.pitch;
        return svg`<text x=${BAR.left - 8} y=${y + 12} text-anchor="end">${name}</text>
          <rect x=${BAR.left} y=${y} width=${along(ms)} height=${BAR.height} rx="2"></rect>
          <text x=${BAR.left + along(ms) + 6} y=${y + 12}>${formatMs(ms)}</text>`;
      })}
      <line x1=${BAR.left + along(FRAME_MS)} x2=${BAR.left + along(FRAME_MS)} y1="0" y2=${height - 14}></line>
      <text class="measure-mark" x=${BAR.left + along(FRAME_MS)} y=${height - 2} text-anchor="middle">${say('measure.frame', { ms: FRAME_MS })}</text>
    </svg>
    <figcaption class="hint">${say('measure.shorter')}</figcaption>
  </figure>`;
}

customElements.define('cw-measure', CwMeasure);

declare global {
  interface HTMLElementTagNameMap {
    'cw-measure': CwMeasure;
  }
}
