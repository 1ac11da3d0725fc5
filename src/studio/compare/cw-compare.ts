/**
 * What lies beside a recording to compare with: labels, or another network's masks; how far they agree with the network
 * that runs, on the whole and on the worst frames. Shown for recordings only.
 */
import { html, type TemplateResult } from 'lit';
import { type FolderReview, reviewsByFolder } from '../../jobs/folder-reviews';
import type { FrameRecord } from '../../jobs/frame-record';
import { reviewOf } from '../../labels/agreement';
import { OWN_LIST } from '../../labels/reading/label-survey';
import { DIFFERENCE_COLOURS, type Difference } from '../../overlay/difference';
import { CLASSES } from '../../taxonomy/classes';
import { say } from '../../words/words';
import type { Playback } from '../session/source-session';
import type { AppState } from '../shell/app-state';
import { named, segmented } from '../shell/controls';
import { CwElement } from '../shell/element';
import { formatCount, formatExact, formatPercent } from '../shell/format';
import { className } from '../shell/names';
import { classTable } from './class-table';
import { LABEL_VIEWS } from './compare-actions';
import { folderTable } from './folder-table';
import { readingPanel } from './reading-panel';

/** Frames listed: enough to see what goes wrong, few enough to look at each. */
const WORST_MAX = 20;
/** Milliseconds between two looks at growing results. */
const REFRESH = 1000;

/** `<cw-compare>` */
export class CwCompare extends CwElement {
  #open = false;
  #labelled = false;
  #review = reviewOf<FrameRecord>([], WORST_MAX);
  #folders: readonly FolderReview[] = [];
  /** When the results were last looked at. */
  #reviewed = 0;

  protected override willUpdate(): void {
    const { labels, reading, analysis, records, playback } = this.state;
    this.hidden = playback?.canStep !== true;
    const labelled = labels !== null || reading !== null;
    if (labelled && !this.#labelled) this.#open = true;
    this.#labelled = labelled;
    if (analysis.running && performance.now() - this.#reviewed < REFRESH) return;
    this.#reviewed = performance.now();
    const shown = this.#open && labels ? records : [];
    this.#review = reviewOf(shown, WORST_MAX);
    const { request, info } = playback ?? {};
    const pictures = request?.kind === 'file' && request.parts.kind === 'pictures';
    this.#folders = pictures ? reviewsByFolder(shown, info?.parts?.map(({ name }) => name) ?? []) : [];
  }

  protected override render(): TemplateResult {
    const { frames, same, drivable, mean, edge, confusion, worst } = this.#review;
    const { labels, reading, playback } = this.state;
    return html`<details class="panel-section" data-testid="compare" .open=${this.#open} @toggle=${this.#toggled}>
      <summary><h2>${say('compare.heading')}</h2></summary>
      ${this.#network()}
      ${readingPanel(reading, this.context.compare)}
      <div ?hidden=${labels === null}>${this.#views()}</div>
      <p class="compare-hint" data-testid="compare-hint">${hintOf(this.state, frames)}</p>
      <dl class="compare-summary" data-testid="compare-summary" ?hidden=${frames === 0}>
        ${figure(say('compare.frames'), formatCount(frames), '')}${figure(say('compare.agreement'), formatPercent(same), ' %')}
        ${figure(say('compare.drivable-iou'), formatPercent(drivable), ' %')}${figure(say('compare.mean-iou'), formatPercent(mean), ' %')}
        ${figure(say('compare.boundary-iou'), formatPercent(edge), ' %')}
      </dl>
      ${classTable(confusion, this.#labelNames())}
      ${folderTable(this.#folders)}
      <h3 class="worst-caption" ?hidden=${worst.length === 0}>${say('compare.worst')}<span>${say('compare.worst-by')}</span></h3>
      <ol class="worst-list" data-testid="worst-list" aria-label=${say('compare.worst')} ?hidden=${worst.length === 0}>
        ${worst.map((record) => this.#line(record, playback))}
      </ol>
    </details>`;
  }

  /** Names of the labels' classes, by id: ours, unless the labels have a list of their own. */
  #labelNames(): readonly string[] {
    const { reading } = this.state;
    if (reading?.survey.dictionary !== OWN_LIST) return CLASSES.map(({ name }) => className(name));
    const names: string[] = [];
    for (const { value, name } of reading.survey.values) names[value] = name ?? '';
    return names;
  }

  #toggled({ currentTarget }: Event): void {
    this.#open = (currentTarget as HTMLDetailsElement).open;
    this.#reviewed = 0;
    this.requestUpdate();
  }

  /** Another network, to be compared with. */
  #network(): TemplateResult {
    const { models, engine, exporting } = this.state;
    const others = models.filter(({ name }) => name !== engine?.model);
    const compare = () => {
      const chosen = this.querySelector<HTMLSelectElement>('[data-testid=compare-model]')?.value;
      const choice = models.find(({ name }) => name === chosen);
      if (choice) void this.context.compare.compareWith(choice);
    };
    return html`<div class="row compare-network" ?hidden=${others.length === 0}>
      <select data-testid="compare-model" ${named(say('compare.other-network'))}>
        ${others.map(({ name, title }) => html`<option value=${name}>${title}</option>`)}
      </select>
      <button
        type="button"
        class="button"
        data-testid="compare-run"
        ?disabled=${exporting !== null}
        @click=${compare}
      >${say('compare.run')}</button>
    </div>`;
  }

  /** What is drawn of the labels. */
  #views(): TemplateResult {
    const { labels } = this.state.view;
    return html`${segmented({
      label: say('compare.views'),
      id: 'label-view',
      items: LABEL_VIEWS.map((view) => ({ value: view, label: say(`label-view.${view}`) })),
      value: labels,
      onchange: (view) => this.context.compare.setView(view),
    })}<p class="compare-key" ?hidden=${labels !== 'difference'}>
      ${swatch('missed', say('compare.missed'))}${swatch('invented', say('compare.invented'))}
      ${swatch('other', say('compare.other'))}
    </p>`;
  }

  #line(record: FrameRecord, playback: Playback | null): TemplateResult {
    const name = nameOf(record, playback);
    const percent = formatPercent(record.agreement?.mean);
    return html`<li><button
      type="button"
      class="button quiet worst"
      data-testid="worst"
      aria-label=${say('compare.worst-one', { name, percent })}
      @click=${() => this.context.sources.standAt(record.t)}
    ><span class="worst-name">${name}</span><span class="figure">${percent} %</span></button></li>`;
  }
}

/** A picture's own name where it has one, else its time. */
function nameOf({ n, t }: FrameRecord, playback: Playback | null): string {
  const request = playback?.request;
  const part =
    request?.kind === 'file' && request.parts.kind === 'pictures' ? playback?.info.parts?.[n] : null;
  return part?.name || formatExact(t);
}

function hintOf({ labels, analysis, exporting }: Readonly<AppState>, frames: number): string {
  if (exporting && !labels) return '';
  if (!labels) return say('compare.lay');
  const { name } = labels;
  if (frames > 0) return say('compare.against', { name });
  return say(analysis.running ? 'compare.analysing' : 'compare.analyse', { name });
}

function figure(label: string, value: string, unit: string): TemplateResult {
  return html`<div><dt>${label}</dt><dd><span class="figure">${value}</span>${unit}</dd></div>`;
}

function swatch(kind: Difference, label: string): TemplateResult {
  const colour = `background: ${DIFFERENCE_COLOURS[kind]}`;
  return html`<span><span class="swatch" aria-hidden="true" .style=${colour}></span>${label}</span>`;
}

customElements.define('cw-compare', CwCompare);
