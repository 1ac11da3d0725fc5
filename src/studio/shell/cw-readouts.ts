/** The six figures that tell at a glance how it goes. */
import type { StageReport } from '../../stage/stage-api';
import { CwElement } from './base';
import { h, setText } from './dom';
import { formatDelay, formatPercent, formatRate } from './format';

/** One figure. */
interface Readout {
  readonly id: string;
  readonly label: string;
  readonly unit: string | ((report: StageReport | null) => string);
  /** What the figure means, as a tooltip. */
  readonly hint: string;
  readonly value: (report: StageReport | null) => string;
  /** A second, smaller figure. */
  readonly more?: (report: StageReport | null) => string;
}

const READOUTS: readonly Readout[] = [
  {
    id: 'inference-fps',
    label: 'Masks',
    unit: '/s',
    hint: 'Pictures segmented per second',
    value: (r) => formatRate(r?.inferenceFps),
  },
  {
    id: 'picture-fps',
    label: 'Picture',
    unit: '/s',
    hint: 'Pictures drawn per second, and what the source sends',
    value: (r) => formatRate(r?.pictureFps),
    more: (r) => `of ${formatRate(r?.sourceFps)}`,
  },
  {
    id: 'latency',
    label: 'Latency',
    unit: (r) => formatDelay(r?.latencyP50).unit,
    hint: 'From a frame’s arrival to its mask on screen: median and 95th percentile',
    value: (r) => formatDelay(r?.latencyP50).figure,
    more: (r) => {
      const { figure, unit } = formatDelay(r?.latencyP95);
      return unit === 's' ? `p95 ${figure} s` : `p95 ${figure}`;
    },
  },
  {
    id: 'drivable-share',
    label: 'Drivable',
    unit: '%',
    hint: 'Share of the picture that is drivable',
    value: (r) => formatPercent(r?.drivableShare),
  },
  {
    id: 'confidence',
    label: 'Confidence',
    unit: '%',
    hint: 'Mean probability of the chosen class',
    value: (r) => formatPercent(r?.confidence),
  },
  {
    id: 'drivable-iou',
    label: 'True IoU',
    unit: '%',
    hint: 'Drivable area against the street’s own labels; on the simulated drive only',
    value: (r) => formatPercent(r?.truth?.drivable),
  },
];

/** `<cw-readouts>` */
export class CwReadouts extends CwElement {
  protected build(): void {
    this.append(
      h('h2', { class: 'sr-only' }, 'Figures'),
      h('dl', {}, ...READOUTS.map((r) => this.#readout(r))),
    );
  }

  #readout({ id, label, unit, hint, value, more }: Readout): HTMLElement {
    const figure = h('span', { class: 'figure', 'data-testid': `hud-${id}` });
    const unitText = h('span', { class: 'unit' });
    const second = more ? h('span', { class: 'figure muted', 'data-testid': `hud-${id}-more` }) : null;
    this.watch(
      (s) => value(s.report),
      (text) => setText(figure, text),
    );
    this.watch(
      (s) => (typeof unit === 'string' ? unit : unit(s.report)),
      (text) => setText(unitText, text),
    );
    if (more && second)
      this.watch(
        (s) => more(s.report),
        (text) => setText(second, text),
      );
    return h(
      'div',
      { class: 'readout', title: hint },
      h('dt', {}, label),
      h('dd', {}, figure, unitText, second),
    );
  }
}

customElements.define('cw-readouts', CwReadouts);

declare global {
  interface HTMLElementTagNameMap {
    'cw-readouts': CwReadouts;
  }
}
