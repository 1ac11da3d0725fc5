/**
 * The pyramid inspector: the picture is held, and each level of the pooling pyramid can be switched off to see what it
 * adds. One sentence for each level says what it looks at.
 */
import { html, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { meanOf } from '../../labels/confusion';
import type { InspectionReport } from '../../stage/inspection';
import type { ClassList } from '../../taxonomy/class-list';
import { say, sayOr } from '../../words/words';
import { checkbox } from '../shell/controls';
import { CwElement } from '../shell/element';
import { formatPercent, NO_FIGURE } from '../shell/format';
import { className } from '../shell/names';
import { PYRAMID_BINS } from './inspector-actions';

/** `<cw-pyramid>` */
export class CwPyramid extends CwElement {
  protected override render(): TemplateResult {
    return html`<details class="panel-section" data-testid="pyramid" @toggle=${this.#toggled}>
      <summary><h2>${say('pyramid.heading')}</h2></summary>
      <p class="scene-statement">${say('pyramid.hint')}</p>
      ${PYRAMID_BINS.map((bins, level) => this.#level(bins, level))}${this.#options()}${this.#outcome()}
    </details>`;
  }

  protected override updated(): void {
    const fold = this.querySelector('details')!;
    const open = this.state.pyramid !== null;
    if (fold.open === open) return;
    fold.open = open;
    if (open) fold.scrollIntoView({ block: 'nearest' });
  }

  #toggled({ currentTarget }: Event): void {
    const fold = currentTarget as HTMLDetailsElement;
    if (fold.open) this.context.pyramid.open();
    else this.context.pyramid.close();
    // Without a picture there is nothing to open.
    fold.open = this.state.pyramid !== null;
  }

  #level(bins: number, level: number): TemplateResult {
    const { pyramid } = this.state;
    const alone = pyramid?.alone[level];
    const change = ({ target }: Event) =>
      this.context.pyramid.setLevel(level, (target as HTMLInputElement).checked);
    return html`<label class="check pyramid-level"><input
      type="checkbox"
      data-testid="pyramid-level-${bins}"
      .checked=${live(pyramid?.levels[level] ?? true)}
      @change=${change}
    ><span class="figure">${bins} × ${bins}</span><span class="muted">${sayOr(`pyramid.bins-${bins}`, '')}</span><span
      class="figure muted"
      data-testid="pyramid-alone-${bins}"
      title=${say('pyramid.alone')}
    >${alone ? `${formatPercent(alone.flipped)} %` : ''}</span></label>`;
  }

  #options(): TemplateResult {
    const { pyramid } = this.context;
    const { heat = true, cells = null, busy = false } = this.state.pyramid ?? {};
    const choose = ({ target }: Event) => {
      const { value } = target as HTMLSelectElement;
      pyramid.setCells(value === '' ? null : Number(value));
    };
    return html`<div class="scene-parts">
      ${checkbox({
        id: 'pyramid-heat',
        label: say('pyramid.heat'),
        checked: heat,
        onchange: (on) => pyramid.setHeat(on),
      })}
      <select class="small" aria-label=${say('pyramid.cells')} data-testid="pyramid-cells" @change=${choose}>
        <option value="" .selected=${live(cells === null)}>${say('pyramid.no-cells')}</option>
        ${PYRAMID_BINS.map(
          (bins) =>
            html`<option value=${bins} .selected=${live(bins === cells)}>${say('pyramid.grid', { bins })}</option>`,
        )}
      </select>
      <button
        type="button"
        class="button"
        data-testid="pyramid-compare"
        ?disabled=${busy}
        @click=${() => void pyramid.compare()}
      >${say('pyramid.compare')}</button>
    </div>`;
  }

  #outcome(): TemplateResult {
    const { report = null, busy } = this.state.pyramid ?? {};
    const line = (id: string, label: string, value: (report: InspectionReport) => string) =>
      html`<div><dt>${label}</dt><dd class="figure" data-testid="pyramid-${id}">${report ? value(report) : NO_FIGURE}</dd></div>`;
    return html`<div>
      <dl class="facts">
        ${line('flipped', say('pyramid.changed'), (r) =>
          say('pyramid.of-picture', { percent: formatPercent(r.flipped) }),
        )}
        ${line('flips', say('pyramid.mostly'), (r) => r.flips.map((flip) => flipWords(flip, this.state.view.classes)).join(', ') || NO_FIGURE)}
        ${line('road', say('pyramid.road-iou'), (r) => pair(r.truth?.now.drivable, r.truth?.all.drivable))}
        ${line('mean', say('pyramid.mean-iou'), (r) =>
          pair(r.truth && meanOf(r.truth.now.perClass), r.truth && meanOf(r.truth.all.perClass)),
        )}
      </dl>
      <p class="muted" role="status" data-testid="pyramid-state">${busy ? say('pyramid.busy') : ''}</p>
    </div>`;
  }
}

function flipWords({ from, to, share }: InspectionReport['flips'][number], classes: ClassList): string {
  const name = (id: number) => (classes[id] ? className(classes[id].name) : say('pyramid.undecided'));
  return `${name(from)} → ${name(to)} ${formatPercent(share)} %`;
}

/** A share now and with all levels; a dash where there are no labels. */
function pair(now: number | null | undefined, all: number | null | undefined): string {
  if (now === null || now === undefined) return say('pyramid.no-labels');
  return say('pyramid.pair', { now: formatPercent(now), all: formatPercent(all) });
}

customElements.define('cw-pyramid', CwPyramid);
