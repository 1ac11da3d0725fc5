/** The legend: for each class its colour, whether it is painted, and on the simulated drive its true IoU, live. */
import { html, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { CLASSES, type DrivingClass } from '../../taxonomy/classes';
import type { HexColour, PaletteName } from '../../taxonomy/palette';
import { CwElement } from '../shell/element';
import { formatPercent, meanOf, NO_FIGURE } from '../shell/format';
import { classKey, keyLabel } from '../shell/keys';
import { LEGEND_GROUPS } from '../shell/names';
import { PALETTE_NAMES } from './view-actions';

/** `<cw-legend>` */
export class CwLegend extends CwElement {
  protected override render(): TemplateResult {
    const truth = this.state.report?.truth;
    this.classList.toggle('with-truth', Boolean(truth));
    return html`
      <div class="panel-heading"><h2 id="legend-heading">Classes</h2>${this.#palette()}${this.#all()}</div>
      ${LEGEND_GROUPS.map(
        ({ label, groups }, i) => html`<div class="legend-group" role="group" aria-label=${label}>
          <div class="legend-heading" aria-hidden="true">${label}${i === 0 ? this.#column() : ''}</div>
          ${CLASSES.filter((c) => (groups as readonly string[]).includes(c.group)).map((c) => this.#row(c))}
        </div>`,
      )}`;
  }

  /** What the column of figures says, on the simulated drive alone. */
  #column(): TemplateResult {
    const truth = this.state.report?.truth;
    return html`<span
      class="legend-column"
      data-testid="iou-heading"
      title=${truth ? 'Intersection over union with the street’s own labels, over the last frames' : ''}
    >${truth ? `True IoU · mean ${formatPercent(meanOf(truth.perClass))}` : ''}</span>`;
  }

  #palette(): TemplateResult {
    const { palette: chosen } = this.state;
    const choose = (event: Event) =>
      this.context.view.setPalette((event.target as HTMLSelectElement).value as PaletteName);
    // "Own colours" is a state, not a choice.
    const own = chosen === 'own';
    return html`<select class="small" aria-label="Palette" title="Palette (C)" data-testid="palette" @change=${choose}>
      ${PALETTE_NAMES.map(
        ({ palette, label }) =>
          html`<option value=${palette} .selected=${live(palette === chosen)}>${label}</option>`,
      )}<option value="own" ?hidden=${!own} ?disabled=${!own} .selected=${live(own)}>Own colours</option>
    </select>`;
  }

  #all(): TemplateResult {
    const { visible } = this.state.view;
    const all = visible.every(Boolean);
    return html`<input
      type="checkbox"
      aria-label="All classes"
      title="Show or hide all classes"
      data-testid="class-all"
      .checked=${live(all)}
      .indeterminate=${live(!all && visible.some(Boolean))}
      @change=${(event: Event) => this.context.view.setAllVisible((event.target as HTMLInputElement).checked)}
    >`;
  }

  #row({ id, name }: DrivingClass): TemplateResult {
    const { view, report } = this.state;
    const [key, colour, shown] = [classKey(id), view.colours[id] ?? '#000000', view.visible[id] === true];
    const iou = report?.truth?.perClass[id] ?? null;
    const recolour = (event: Event) =>
      this.context.view.setColour(id, (event.target as HTMLInputElement).value as HexColour);
    return html`<div class="legend-row ${shown ? '' : 'off'}" .style=${`--class: ${colour}`}>
      <input
        type="color"
        aria-label="Colour of ${name}"
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
        title=${key ? `Show or hide (${keyLabel(key)})` : 'Show or hide'}
        data-testid="class-${id}"
        .checked=${live(shown)}
        @change=${(event: Event) => this.context.view.setVisible(id, (event.target as HTMLInputElement).checked)}
      >
    </div>`;
  }
}

customElements.define('cw-legend', CwLegend);

declare global {
  interface HTMLElementTagNameMap {
    'cw-legend': CwLegend;
  }
}
