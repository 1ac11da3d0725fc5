/** Charts of a room over the last five minutes: one for each figure, one line for each vehicle. */
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { colourOf, onTheme } from '../studio/shell/theme';
import { say, spokenLanguage } from '../words/words';
import { localeOf } from './clock';
import { h } from './dom';
import { type History, SERIES, type SeriesName } from './history';

/** Colours of lines, `--line-1` to `--line-9` of the page: nine tiles have one each. */
const COLOURS = 9;

const HEIGHT = 150;

/** Pixels from which on two charts stand beside each other, and those around each. */
const TWO_COLUMNS = 560;
const AIR = 12;

/** Pixels between two times on the axis: more than a time takes. */
const TIME_SPACE = 80;

/** The colour of a vehicle's line. @param index from 0 */
function lineColour(index: number): `--${string}` {
  return `--line-${(index % COLOURS) + 1}`;
}

/** A moment on an axis: by 24 hours, since nothing else has room. @param seconds since 1970 */
function clockTime(seconds: number): string {
  return new Date(seconds * 1000).toLocaleTimeString(localeOf() ?? 'en-GB');
}

/** A figure on an axis, in the page's language: uPlot writes it in the browser's. */
function figure(value: number): string {
  return value.toLocaleString(spokenLanguage(), { maximumFractionDigits: 3 });
}

/** Owns its plots. */
export class Charts {
  readonly element = h('div', { class: 'charts', 'data-testid': 'charts' });
  #plots: uPlot[] = [];
  #vehicles = '';
  readonly #gone = new AbortController();

  constructor(private readonly history: History) {
    // Colours are functions of the theme, asked for at each drawing.
    onTheme(() => {
      for (const plot of this.#plots) plot.redraw();
    }, this.#gone.signal);
  }

  /** Draws the newest values. */
  update(): void {
    const { vehicles } = this.history;
    // uPlot fixes its lines at the start; other vehicles want other plots.
    if (vehicles.join('\n') !== this.#vehicles || this.#plots.length === 0) this.#rebuild(vehicles);
    const names = Object.keys(SERIES) as SeriesName[];
    for (const [i, series] of names.entries()) this.#plots[i]?.setData(this.#data(series, vehicles));
  }

  dispose(): void {
    this.#gone.abort();
    for (const plot of this.#plots.splice(0)) plot.destroy();
    this.element.remove();
  }

  #data(series: SeriesName, vehicles: readonly string[]): uPlot.AlignedData {
    return [
      this.history.times,
      ...vehicles.map((vehicle) => [...this.history.values(vehicle, series)]),
    ] as uPlot.AlignedData;
  }

  #rebuild(vehicles: readonly string[]): void {
    for (const plot of this.#plots.splice(0)) plot.destroy();
    this.#vehicles = vehicles.join('\n');
    this.element.replaceChildren();
    const all = this.element.clientWidth || 640;
    // Beside each other, as long as a line has room to go up and down.
    const width = Math.floor(all / (all < TWO_COLUMNS ? 1 : 2)) - 2 * AIR;
    for (const [series, unit] of Object.entries(SERIES) as [SeriesName, string][]) {
      const drawn = (colour: `--${string}`) => () => colourOf(this.element, colour);
      const grid = { stroke: drawn('--line') };
      const axis = { stroke: drawn('--text-3'), grid, ticks: grid };
      const plot = new uPlot(
        {
          title: say('chart.title', { title: say(`chart.${series}`), unit }),
          width,
          height: HEIGHT,
          legend: {
            show: series === 'share',
            live: false,
            // Elements of the page follow it by themselves.
            markers: { stroke: (_, i) => `var(${lineColour(i - 1)})` },
          },
          cursor: { show: false },
          scales: { y: { range: (_, min, max) => [Math.min(0, min ?? 0), Math.max(1, max ?? 1) * 1.1] } },
          axes: [
            {
              ...axis,
              space: TIME_SPACE,
              values: (_, ticks) => ticks.map(clockTime),
            },
            { ...axis, values: (_, ticks) => ticks.map(figure) },
          ],
          series: [
            {},
            ...vehicles.map((vehicle, i) => ({
              label: vehicle,
              stroke: drawn(lineColour(i)),
              width: 1.5,
              spanGaps: true,
            })),
          ],
        },
        this.#data(series, vehicles),
        this.element,
      );
      this.#plots.push(plot);
    }
  }
}
