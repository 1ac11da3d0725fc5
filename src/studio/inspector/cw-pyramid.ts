/**
 * The pyramid inspector: the picture is held, and each level of the pooling pyramid can be switched off to see what it
 * adds. One sentence for each level says what it looks at.
 */
import { html, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { meanOf } from '../../labels/confusion';
import type { InspectionReport } from '../../stage/inspection';
import type { ClassList } from '../../taxonomy/class-list';
import { checkbox } from '../shell/controls';
import { CwElement } from '../shell/element';
import { formatPercent, NO_FIGURE } from '../shell/format';
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
  protected override render(): TemplateResult {
    return html`<details class="panel-section" data-testid="pyramid" @toggle=${this.#toggled}>
      <summary><h2>Pyramid inspector</h2></summary>
      <p class="scene-statement">The picture is held. Before it decides, the network averages what it sees over coarse grids: global context for local detail. Switch a grid off and see what changes.</p>
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
    ><span class="figure">${bins} × ${bins}</span><span class="muted">${SAYS[bins] ?? ''}</span><span
      class="figure muted"
      data-testid="pyramid-alone-${bins}"
      title="Share of the picture that changes when this grid alone is off"
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
        label: 'What changed',
        checked: heat,
        onchange: (on) => pyramid.setHeat(on),
      })}
      <select class="small" aria-label="Grid drawn over the picture" data-testid="pyramid-cells" @change=${choose}>
        <option value="" .selected=${live(cells === null)}>No grid</option>
        ${PYRAMID_BINS.map(
          (bins) =>
            html`<option value=${bins} .selected=${live(bins === cells)}>${bins} × ${bins} grid</option>`,
        )}
      </select>
      <button
        type="button"
        class="button"
        data-testid="pyramid-compare"
        ?disabled=${busy}
        @click=${() => void pyramid.compare()}
      >Compare all</button>
    </div>`;
  }

  #outcome(): TemplateResult {
    const { report = null, busy } = this.state.pyramid ?? {};
    const line = (id: string, label: string, value: (report: InspectionReport) => string) =>
      html`<div><dt>${label}</dt><dd class="figure" data-testid="pyramid-${id}">${report ? value(report) : NO_FIGURE}</dd></div>`;
    return html`<div>
      <dl class="facts">
        ${line('flipped', 'Changed', (r) => `${formatPercent(r.flipped)} % of the picture`)}
        ${line('flips', 'Mostly', (r) => r.flips.map((flip) => flipWords(flip, this.state.view.classes)).join(', ') || NO_FIGURE)}
        ${line('road', 'Road IoU', (r) => pair(r.truth?.now.drivable, r.truth?.all.drivable))}
        ${line('mean', 'Mean IoU', (r) =>
          pair(r.truth && meanOf(r.truth.now.perClass), r.truth && meanOf(r.truth.all.perClass)),
        )}
      </dl>
      <p class="muted" role="status" data-testid="pyramid-state">${busy ? 'The network is at work …' : ''}</p>
    </div>`;
  }
}

function flipWords({ from, to, share }: InspectionReport['flips'][number], classes: ClassList): string {
  return `${classes[from]?.name ?? 'undecided'} → ${classes[to]?.name ?? 'undecided'} ${formatPercent(share)} %`;
}

/** A share now and with all levels; a dash where there are no labels. */
function pair(now: number | null | undefined, all: number | null | undefined): string {
  if (now === null || now === undefined) return 'no labels here';
  return `${formatPercent(now)} % (all: ${formatPercent(all)} %)`;
}

customElements.define('cw-pyramid', CwPyramid);
