/** The legend: for each class its colour, whether it is painted, and on the simulated drive its true IoU, live. */
import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { meanOf } from '../../labels/confusion';
import type { ClassList } from '../../taxonomy/class-list';
import { CLASSES, DRIVING } from '../../taxonomy/classes';
import { translation, whyNoRoad } from '../../taxonomy/meanings';
import type { HexColour, PaletteName } from '../../taxonomy/palette';
import { say } from '../../words/words';
import { CwElement } from '../shell/element';
import { formatPercent, NO_FIGURE } from '../shell/format';
import { classKey, keyLabel } from '../shell/keys';
import { className, LEGEND_GROUPS } from '../shell/names';
import { isOurs, PALETTE_NAMES } from './view-actions';

/** Longer lists have a field to search them by. */
const SEARCHED_FROM = 20;

/** Classes under one heading, by id. */
interface Group {
  readonly label: string;
  readonly ids: readonly number[];
}

/** `<cw-legend>` */
export class CwLegend extends CwElement {
  /** What is searched for; empty for all. */
  #search = '';
  /** Ids of the model's classes in the labels' own, worked out once for each list. */
  #meaning: { readonly list: ClassList; readonly ids: Uint8Array } | null = null;

  protected override render(): TemplateResult {
    const truth = this.state.report?.truth;
    this.classList.toggle('with-truth', Boolean(truth));
    const list = this.#list;
    const why = whyNoRoad(list);
    return html`
      <div class="panel-heading"><h2 id="legend-heading">${say('legend.heading')}</h2>${this.#palette()}${this.#all()}</div>
      ${list.length > SEARCHED_FROM ? this.#searchField(list) : nothing}
      ${this.#groups(list).map(
        ({ label, ids }, i) => html`<div class="legend-group" role="group" aria-label=${label}>
          <div class="legend-heading" aria-hidden="true">${label}${i === 0 ? this.#column() : ''}</div>
          ${ids.map((id) => this.#row(id, className(list[id]!.name)))}
        </div>`,
      )}
      ${why === null ? nothing : html`<p class="hint" data-testid="no-road">${say('figure.no-road')}</p>`}`;
  }

  /** The classes of the model that runs; before one does, those that the view speaks of. */
  get #list(): ClassList {
    return this.state.engine?.classes ?? this.state.view.classes;
  }

  /** Ours under a driver's headings, others as they come; of what is searched for alone. */
  #groups(list: ClassList): readonly Group[] {
    const wanted = (id: number) =>
      className(list[id]!.name).toLowerCase().includes(this.#search.toLowerCase());
    const ids = list.map((_, id) => id).filter(wanted);
    if (!isOurs({ classes: list }))
      return [{ label: say('legend.some', { shown: ids.length, count: list.length }), ids }];
    return LEGEND_GROUPS.map(({ label, groups }) => ({
      label: say(label),
      ids: ids.filter((id) => groups.includes(CLASSES[id]!.group)),
    })).filter(({ ids }) => ids.length > 0);
  }

  #searchField(list: ClassList): TemplateResult {
    const searched = (event: Event) => {
      this.#search = (event.target as HTMLInputElement).value;
      this.requestUpdate();
    };
    return html`<input
      type="search"
      class="legend-search"
      aria-label=${say('legend.search-label', { count: list.length })}
      placeholder=${say('legend.search', { count: list.length })}
      data-testid="class-search"
      @input=${searched}
    >`;
  }

  /** True IoU of a class of the model, in the labels' own classes. */
  #iouOf(id: number): number | null {
    const list = this.#list;
    if (this.#meaning?.list !== list) this.#meaning = { list, ids: translation(list, DRIVING) };
    return this.state.report?.truth?.perClass[this.#meaning.ids[id]!] ?? null;
  }

  /** What the column of figures says, on the simulated drive alone. */
  #column(): TemplateResult {
    const truth = this.state.report?.truth;
    return html`<span
      class="legend-column"
      data-testid="iou-heading"
      title=${truth ? say('legend.iou-hint') : ''}
    >${truth ? say('legend.iou', { mean: formatPercent(meanOf(truth.perClass)) }) : ''}</span>`;
  }

  #palette(): TemplateResult {
    const { palette: chosen } = this.state;
    const choose = (event: Event) =>
      this.context.view.setPalette((event.target as HTMLSelectElement).value as PaletteName);
    // "Own colours" is a state, not a choice.
    const own = chosen === 'own';
    return html`<select class="small" aria-label=${say('palette.label')} title=${say('palette.title')} data-testid="palette" @change=${choose}>
      ${(isOurs(this.state.view) ? PALETTE_NAMES : (['colour-blind-safe'] as const)).map(
        (palette) =>
          html`<option value=${palette} .selected=${live(palette === chosen)}>${say(
            isOurs(this.state.view) ? `palette.${palette}` : 'palette.model',
          )}</option>`,
      )}<option value="own" ?hidden=${!own} ?disabled=${!own} .selected=${live(own)}>${say('palette.own')}</option>
    </select>`;
  }

  #all(): TemplateResult {
    const { visible } = this.state.view;
    const all = visible.every(Boolean);
    return html`<input
      type="checkbox"
      aria-label=${say('legend.all')}
      title=${say('legend.all-hint')}
      data-testid="class-all"
      .checked=${live(all)}
      .indeterminate=${live(!all && visible.some(Boolean))}
      @change=${(event: Event) => this.context.view.setAllVisible((event.target as HTMLInputElement).checked)}
    >`;
  }

  #row(id: number, name: string): TemplateResult {
    const { view, report, rig } = this.state;
    const [key, colour, shown] = [
      classKey(id, rig.length > 1),
      view.colours[id] ?? '#000000',
      view.visible[id] === true,
    ];
    const iou = this.#iouOf(id);
    const recolour = (event: Event) =>
      this.context.view.setColour(id, (event.target as HTMLInputElement).value as HexColour);
    return html`<div class="legend-row ${shown ? '' : 'off'}" .style=${`--class: ${colour}`}>
      <input
        type="color"
        aria-label=${say('legend.colour', { name })}
        data-testid="colour-${id}"
        .value=${live(colour)}
        @input=${recolour}
      ><label for="class-${id}"><span>${name}</span></label>
      <span class="iou-bar" aria-hidden="true" .style=${`--share: ${iou ?? 0}`}></span>
      <span class="figure" data-testid="iou-${id}">${
        !report?.truth ? '' : iou === null ? NO_FIGURE : formatPercent(iou)
      }</span>
      <input
        type="checkbox"
        id="class-${id}"
        title=${key ? say('legend.toggle-key', { key: keyLabel(key) }) : say('legend.toggle')}
        data-testid="class-${id}"
        .checked=${live(shown)}
        @change=${(event: Event) => this.context.view.setVisible(id, (event.target as HTMLInputElement).checked)}
      >
    </div>`;
  }
}

customElements.define('cw-legend', CwLegend);
