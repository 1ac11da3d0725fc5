/**
 * The timeline of an analysed recording: a strip of pictures, curves of what was found, marks where something happened.
 * Pointing shows the frame with its mask, a click goes there. Everything it can do, the seek bar and the marks' buttons
 * do by keyboard as well.
 */
import { html, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type uPlot from 'uplot';
import type { FrameRecord } from '../../jobs/frame-record';
import { curvesOf, type Moment, momentsOf, recordAt } from '../../jobs/timeline';
import { Latest } from '../../media/latest';
import { say } from '../../words/words';
import { paintMap } from '../compare/map-preview';
import { CwElement } from '../shell/element';
import '../track/cw-drive-curves';
import { formatClock, formatExact, formatPercent } from '../shell/format';
import { colourOf, onTheme } from '../shell/theme';

/** Height of the curves in pixels. */
const HEIGHT = 56;
/** Width of one picture of the strip, and of the preview, in pixels. */
const STRIP_WIDTH = 72;
const PREVIEW_WIDTH = 208;
/** More marks than this hide each other; the curves still show where to look. */
const MARKS_MAX = 60;
/** Milliseconds between two looks at growing results: drawing ten thousand points takes some of them. */
const REFRESH = 1000;

/** When something was drawn that has not been: longer ago than any page is old. */
const NEVER = Number.NEGATIVE_INFINITY;

/** What draws curves, loaded once and with the first ones: most visits have none. */
let Plot: typeof uPlot | null = null;
let loading: Promise<void> | null = null;

async function loadPlot(): Promise<void> {
  try {
    Plot = (await import('uplot')).default;
  } finally {
    loading = null;
  }
}

/** The curves: names, colours of the page, and what they are. */
const SERIES = [
  { label: 'timeline.drivable', colour: '--accent' },
  { label: 'timeline.confidence', colour: '--text-3' },
  { label: 'timeline.near', colour: '--warning' },
] as const;

/** `<cw-timeline>` */
export class CwTimeline extends CwElement {
  #plot: uPlot | null = null;
  /** The records that are drawn, what happened in them, and when they were drawn. */
  #drawn: readonly FrameRecord[] = [];
  #moments: readonly Moment[] = [];
  #at = NEVER;
  /** Rises with each recording: a strip that is still being decoded is given up. */
  #strip = 0;
  #stripOf = '';
  /** That what draws curves could not be loaded, until it is. */
  #missing = false;
  readonly #preview = new Latest<number>(
    (seconds) => this.#show(seconds),
    () => {},
  );

  override connectedCallback(): void {
    super.connectedCallback();
    const observer = new ResizeObserver(() => this.#draw());
    observer.observe(this);
    // The curves' colours are functions of the theme, asked for at each drawing.
    onTheme(() => this.#plot?.redraw(), this.signal);
    this.signal.addEventListener('abort', () => {
      observer.disconnect();
      this.#clear();
    });
  }

  protected override willUpdate(): void {
    const { records, marks, analysis } = this.state;
    const { frames, running } = analysis;
    const told = this.state.telemetry.track !== null && this.state.telemetry.track.format !== 'place';
    this.hidden = frames === 0 && marks.length === 0 && this.#jumps.length === 0 && !told;
    const due = !running || records.length === 0 || performance.now() - this.#at > REFRESH;
    if (records === this.#drawn || !due) return;
    this.#drawn = records;
    this.#moments = momentsOf(records);
    this.#at = NEVER;
  }

  protected override render(): TemplateResult {
    const bare = this.state.analysis.frames === 0;
    const { playback } = this.state;
    const names = SERIES.map(({ label }) => say(label).toLowerCase()).join(', ');
    const told =
      this.#drawn.length > 0
        ? say('timeline.curves', { names, number: this.#moments.length })
        : say('timeline.bare');
    const seek = (event: MouseEvent) => {
      if (!(event.target as HTMLElement).closest('button'))
        this.context.sources.seekTo(this.#secondsAt(event));
    };
    return html`<p class="timeline-legend" ?hidden=${bare}>${SERIES.map(legendItem)}</p>
      <p class="hint" role="status" data-testid="no-curves" ?hidden=${!this.#missing}>${this.#missing ? say('timeline.no-curves') : ''}</p>
      <div
        class="timeline-body ${bare ? 'bare' : ''}"
        @click=${seek}
        @pointermove=${this.#point}
        @pointerleave=${() => this.#find('.preview').toggleAttribute('hidden', true)}
      >
        <canvas class="strip" aria-hidden="true" data-testid="filmstrip"></canvas>
        <div class="curves" role="img" aria-label=${told} data-testid="curves"></div>
        <cw-drive-curves .context=${this.context}></cw-drive-curves>
        <div class="marks" role="group" aria-label=${say('timeline.moments')} data-testid="marks">${this.#marks()}</div>
        <div class="playhead" aria-hidden="true" .style=${`left: ${this.#percent(playback?.seconds ?? 0)}%`}></div>
        <div class="preview" aria-hidden="true" data-testid="preview" hidden>
          <canvas width=${PREVIEW_WIDTH} height="1"></canvas>
          <p class="figure"></p>
        </div>
      </div>`;
  }

  protected override updated(): void {
    if (this.#drawn.length === 0) this.#clear();
    else if (this.#at === NEVER) this.#draw();
  }

  #marks(): unknown {
    const own = this.state.marks.map(({ t, note }) => ({
      t,
      name: 'own',
      text: note || say('timeline.mark'),
    }));
    const found = this.#moments
      .slice(0, MARKS_MAX)
      .map(({ kind, t }) => ({ t, name: kind as string, text: say(`moment.${kind}`) }));
    // Buttons that stay keep the focus; a growing analysis only adds.
    return repeat(
      [...this.#jumps, ...found, ...own],
      ({ name, t, text }) => `${name}:${t}:${text}`,
      ({ name, t, text }) => html`<button
        type="button"
        class="mark-${name}"
        data-testid="mark-${name}"
        aria-label=${say('timeline.mark-at', { text, time: formatExact(t) })}
        title=${say('timeline.mark-at', { text, time: formatExact(t) })}
        .style=${`left: ${this.#percent(t)}%`}
        @click=${() => this.context.sources.seekTo(t)}
      ></button>`,
    );
  }

  /** Where the recorder's clock jumped, or nothing was recorded: known without an analysis. */
  get #jumps(): readonly { readonly t: number; readonly name: string; readonly text: string }[] {
    return (this.state.playback?.info.jumps ?? [])
      .slice(0, MARKS_MAX)
      .map(({ at, by, closed }) => ({ t: at, name: 'jump', text: jumpText(by, closed) }));
  }

  #find<E extends HTMLElement>(selector: string): E {
    return this.querySelector<E>(selector)!;
  }

  get #duration(): number {
    return this.state.playback?.info.duration ?? 0;
  }

  #percent(seconds: number): number {
    return this.#duration > 0 ? (seconds / this.#duration) * 100 : 0;
  }

  #clear(): void {
    this.#plot?.destroy();
    this.#plot = null;
    this.#strip++;
    this.#stripOf = '';
  }

  #draw(): void {
    const width = this.#find('.timeline-body').clientWidth;
    const duration = this.#duration;
    if (width === 0 || duration === 0 || this.#drawn.length === 0) return;
    if (!Plot) {
      // Where it cannot be had the next drawing tries again; everything else is there.
      loading ??= loadPlot();
      void loading.then(
        () => {
          this.#tell(false);
          if (this.isConnected) this.#draw();
        },
        () => this.#tell(true),
      );
      return;
    }
    this.#at = performance.now();
    const { seconds, drivable, confidence, near } = curvesOf(this.#drawn, width);
    const data = [seconds, drivable, confidence, near] as unknown as uPlot.AlignedData;
    if (this.#plot) {
      this.#plot.setSize({ width, height: HEIGHT });
      this.#plot.setData(data);
    } else this.#plot = new Plot(plotOptions(this, width, duration), data, this.#find('.curves'));
    const stripOf = `${this.state.playback?.info.key}:${this.state.chosen}:${width}`;
    if (this.#stripOf === stripOf) return;
    this.#stripOf = stripOf;
    void this.#fillStrip(width, duration);
  }

  /** Says, or no longer says, that there are no curves. */
  #tell(missing: boolean): void {
    if (this.#missing === missing) return;
    this.#missing = missing;
    this.requestUpdate();
  }

  /** Fills the strip picture by picture; gives up when another recording or size takes its place. */
  async #fillStrip(width: number, duration: number): Promise<void> {
    const turn = ++this.#strip;
    const { thumbnail } = this.context.sources.controls ?? {};
    const { chosen } = this.state;
    const strip = this.#find<HTMLCanvasElement>('.strip');
    const context = strip.getContext('2d');
    if (!thumbnail || !context) return;
    const count = Math.max(1, Math.floor(width / STRIP_WIDTH));
    const each = width / count;
    strip.width = width;
    for (let i = 0; i < count; i++) {
      let picture: ImageBitmap;
      try {
        picture = await thumbnail(((i + 0.5) / count) * duration, Math.ceil(each), chosen);
      } catch {
        return;
      }
      if (turn === this.#strip) {
        if (strip.height !== picture.height && i === 0) strip.height = Math.min(picture.height, 48);
        const cut = (picture.height - strip.height) / 2;
        context.drawImage(picture, i * each, -cut);
      }
      picture.close();
      if (turn !== this.#strip) return;
    }
  }

  #point(event: PointerEvent): void {
    if (event.pointerType === 'touch') return;
    const at = this.#find('.timeline-body').getBoundingClientRect();
    const card = this.#find('.preview');
    const left = event.clientX - at.left - PREVIEW_WIDTH / 2;
    card.style.left = `${Math.max(0, Math.min(at.width - PREVIEW_WIDTH, left))}px`;
    card.hidden = false;
    this.#preview.push(this.#secondsAt(event));
  }

  /** A small picture of the frame under the pointer, with its mask and its figures. */
  async #show(seconds: number): Promise<void> {
    const { chosen } = this.state;
    const picture = await this.context.sources.controls?.thumbnail?.(seconds, PREVIEW_WIDTH, chosen);
    if (!picture) return;
    const canvas = this.#find<HTMLCanvasElement>('.preview canvas');
    canvas.height = picture.height;
    const context = canvas.getContext('2d');
    context?.drawImage(picture, 0, 0);
    picture.close();
    const record = recordAt(this.state.records, seconds);
    if (context && record) paintMap(context, record.map, this.state.view);
    this.#find('.preview p').textContent = record
      ? say('timeline.preview', { time: formatExact(record.t), percent: formatPercent(record.drivable) })
      : formatExact(seconds);
  }

  #secondsAt(event: MouseEvent): number {
    const at = this.#find('.timeline-body').getBoundingClientRect();
    return Math.min(1, Math.max(0, (event.clientX - at.left) / at.width)) * this.#duration;
  }
}

/** What a mark says of a jump of the recorder's clock. @param by seconds */
function jumpText(by: number, closed: boolean): string {
  const length = formatClock(Math.abs(by));
  if (!closed) return say('timeline.nothing-recorded', { time: length });
  return say(by < 0 ? 'timeline.clock-back' : 'timeline.clock-forward', { time: length });
}

function legendItem({ label, colour }: (typeof SERIES)[number]): TemplateResult {
  return html`<span><span class="swatch" .style=${`background: var(${colour})`}></span>${say(label)}</span>`;
}

function plotOptions(host: HTMLElement, width: number, duration: number): uPlot.Options {
  const line = ({ label, colour }: (typeof SERIES)[number], scale: string): uPlot.Series => ({
    label: say(label),
    scale,
    stroke: () => colourOf(host, colour),
    width: 1.25,
    points: { show: false },
    spanGaps: false,
  });
  return {
    width,
    height: HEIGHT,
    padding: [4, 0, 4, 0],
    legend: { show: false },
    // Pointing and clicking are the timeline's own: the strip takes part in them.
    cursor: { show: false },
    scales: {
      x: { time: false, range: [0, duration] },
      share: { range: [0, 1] },
      count: { range: (_plot, _min, max) => [0, Math.max(4, max)] },
    },
    axes: [{ show: false }, { show: false }],
    series: [{}, line(SERIES[0], 'share'), line(SERIES[1], 'share'), line(SERIES[2], 'count')],
  };
}

customElements.define('cw-timeline', CwTimeline);
