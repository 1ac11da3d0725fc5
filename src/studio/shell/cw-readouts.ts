/** The six figures that tell at a glance how it goes. */
import { html, nothing, type TemplateResult } from 'lit';
import type { StageReport } from '../../stage/stage-api';
import { whyNoRoad } from '../../taxonomy/meanings';
import { type PlainKey, say } from '../../words/words';
import { explained } from './controls';
import { CwElement } from './element';
import { formatDelay, formatPercent, formatRate } from './format';

/** One figure. */
interface Readout {
  readonly id: string;
  readonly label: PlainKey;
  readonly unit: string | ((report: StageReport | null) => string);
  /** What the figure means, as a tooltip. */
  readonly hint: PlainKey;
  readonly value: (report: StageReport | null) => string;
  /** A second, smaller figure. */
  readonly more?: (report: StageReport | null) => string;
}

const READOUTS: readonly Readout[] = [
  {
    id: 'inference-fps',
    label: 'figure.masks',
    unit: '/s',
    hint: 'figure.masks-hint',
    value: (r) => formatRate(r?.inferenceFps),
  },
  {
    id: 'picture-fps',
    label: 'figure.picture',
    unit: '/s',
    hint: 'figure.picture-hint',
    value: (r) => formatRate(r?.pictureFps),
    more: (r) => say('figure.picture-of', { rate: formatRate(r?.sourceFps) }),
  },
  {
    id: 'latency',
    label: 'figure.latency',
    unit: (r) => formatDelay(r?.latencyP50).unit,
    hint: 'figure.latency-hint',
    value: (r) => formatDelay(r?.latencyP50).figure,
    more: (r) => {
      const { figure, unit } = formatDelay(r?.latencyP95);
      return unit === 's' ? `p95 ${figure} s` : `p95 ${figure}`;
    },
  },
  {
    id: 'drivable-share',
    label: 'figure.drivable',
    unit: '%',
    hint: 'figure.drivable-hint',
    value: (r) => formatPercent(r?.drivableShare),
  },
  {
    id: 'confidence',
    label: 'figure.confidence',
    unit: '%',
    hint: 'figure.confidence-hint',
    value: (r) => formatPercent(r?.confidence),
  },
  {
    id: 'drivable-iou',
    label: 'figure.iou',
    unit: '%',
    hint: 'figure.iou-hint',
    value: (r) => formatPercent(r?.truth?.drivable),
  },
];

/** Rates of what stands still: shown as a dash. */
const NO_RATES = { inferenceFps: Number.NaN, pictureFps: Number.NaN, sourceFps: Number.NaN };

/** `<cw-readouts>` */
export class CwReadouts extends CwElement {
  protected override render(): TemplateResult {
    const { report: measured, playback, engine, view } = this.state;
    // What is over is not slow: rates that run out after the last picture say nothing.
    const report = measured && playback?.ended ? { ...measured, ...NO_RATES } : measured;
    const why = whyNoRoad(engine?.classes ?? view.classes);
    return html`<h2 class="sr-only">${say('figures.heading')}</h2>
      <dl>${READOUTS.map(({ id, label, unit, hint, value, more }) => {
        const second = more
          ? html`<span class="figure muted" data-testid="hud-${id}-more">${more(report)}</span>`
          : nothing;
        const title = say(id === 'drivable-share' && why !== null ? 'figure.no-road' : hint);
        return html`<div class="readout"><dt>${explained(id, say(label), title)}</dt><dd><span
          class="figure" data-testid="hud-${id}">${value(report)}</span><span
          class="unit">${typeof unit === 'string' ? unit : unit(report)}</span>${second}</dd></div>`;
      })}</dl>`;
  }
}

customElements.define('cw-readouts', CwReadouts);
