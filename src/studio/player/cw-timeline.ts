/**
 * The timeline of an analysed recording: a strip of pictures, curves of what was found, marks where something happened.
 * Pointing shows the frame with its mask, a click goes there. Everything it can do, the seek bar and the marks' buttons
 * do by keyboard as well.
 */
import uPlot from 'uplot';
import { curvesOf, MOMENT_LABELS, type Moment, momentsOf, recordAt } from '../../jobs/timeline';
import { Latest } from '../../media/latest';
import { paintMap } from '../compare/map-preview';
import { CwElement } from '../shell/base';
import { h, setText } from '../shell/dom';
import { formatExact, formatPercent } from '../shell/format';

/** Height of the curves in pixels. */
const HEIGHT = 56;
/** Width of one picture of the strip, and of the preview, in pixels. */
const STRIP_WIDTH = 72;
const PREVIEW_WIDTH = 208;
/** More marks than this hide each other; the curves still show where to look. */
const MARKS_MAX = 60;
/** Milliseconds between two looks at growing results: drawing ten thousand points takes some of them. */
const REFRESH = 1000;

/** The curves: names, colours of the page, and what they are. */
const SERIES = [
  { label: 'Drivable', colour: '--accent' },
  { label: 'Confidence', colour: '--text-3' },
  { label: 'Obstacles near', colour: '--warning' },
] as const;

/** `<cw-timeline>` */
export class CwTimeline extends CwElement {
  #plot: uPlot | null = null;
  /** Rises with each recording: a strip that is still being decoded is given up. */
  #strip = 0;
  #stripOf = '';

  protected build(): void {
    const strip = h('canvas', { class: 'strip', 'aria-hidden': 'true', 'data-testid': 'filmstrip' });
    const label = 'Curves of the recording';
    const curves = h('div', { class: 'curves', role: 'img', 'aria-label': label, 'data-testid': 'curves' });
    const marks = h('div', {
      class: 'marks',
      role: 'group',
      'aria-label': 'Moments',
      'data-testid': 'marks',
    });
    const head = h('div', { class: 'playhead', 'aria-hidden': 'true' });
    const body = h('div', { class: 'timeline-body' }, strip, curves, marks, head);
    const legend = h('p', { class: 'timeline-legend' }, ...SERIES.map(legendItem));
    this.append(legend, body);
    this.#preview(body);
    body.addEventListener('click', (event) => {
      if ((event.target as HTMLElement).closest('button')) return;
      this.context.sources.seekTo(this.#secondsAt(body, event));
    });
    let drawn = 0;
    const refresh = (): void => {
      drawn = performance.now();
      this.#draw(body, curves, marks, strip);
    };
    this.watch(
      (s) => s.study.analysis,
      ({ frames, running }) => {
        body.classList.toggle('bare', frames === 0);
        legend.hidden = frames === 0;
        if (frames === 0) this.#clear();
        if (!running || performance.now() - drawn > REFRESH) refresh();
      },
    );
    this.watch((s) => s.marks, refresh);
    this.watch(
      (s) => s.study.analysis.frames === 0 && s.marks.length === 0,
      (nothing) => {
        this.hidden = nothing;
      },
    );
    this.watch(
      (s) => s.playback,
      (playback) => {
        const duration = playback?.info.duration ?? 0;
        head.style.left = `${duration > 0 ? ((playback?.seconds ?? 0) / duration) * 100 : 0}%`;
      },
    );
    const observer = new ResizeObserver(() => {
      if (!this.hidden) refresh();
    });
    observer.observe(this);
    this.signal.addEventListener('abort', () => {
      observer.disconnect();
      this.#clear();
    });
  }

  #clear(): void {
    this.#plot?.destroy();
    this.#plot = null;
    this.#strip++;
    this.#stripOf = '';
  }

  #draw(body: HTMLElement, curves: HTMLElement, marks: HTMLElement, strip: HTMLCanvasElement): void {
    const { records } = this.context.study;
    const { playback } = this.context.store.state;
    const width = body.clientWidth;
    const duration = playback?.info.duration ?? 0;
    if (width === 0 || duration === 0) return;
    const moments = momentsOf(records);
    this.#mark(marks, moments, duration);
    if (records.length === 0) return;
    const { seconds, drivable, confidence, near } = curvesOf(records, width);
    const data = [seconds, drivable, confidence, near] as unknown as uPlot.AlignedData;
    if (this.#plot) {
      this.#plot.setSize({ width, height: HEIGHT });
      this.#plot.setData(data);
    } else this.#plot = new uPlot(plotOptions(this, width, duration), data, curves);
    const names = SERIES.map(({ label }) => label.toLowerCase()).join(', ');
    curves.setAttribute('aria-label', `Curves of ${names}; ${moments.length} moments are marked.`);
    if (this.#stripOf !== `${playback?.info.key}:${width}`) {
      this.#stripOf = `${playback?.info.key}:${width}`;
      void this.#fillStrip(strip, width, duration);
    }
  }

  #mark(marks: HTMLElement, moments: readonly Moment[], duration: number): void {
    const own = this.context.store.state.marks.map(({ t, note }) => ({
      t,
      name: 'own',
      text: note || 'Mark',
    }));
    const found = moments
      .slice(0, MARKS_MAX)
      .map(({ kind, t }) => ({ t, name: kind as string, text: MOMENT_LABELS[kind] }));
    // Buttons that stay keep the focus; a growing analysis only adds.
    const known = new Map([...marks.children].map((child) => [(child as HTMLElement).dataset.key, child]));
    marks.replaceChildren(
      ...[...found, ...own].map(({ t, name, text }) => {
        const label = `${text}, ${formatExact(t)}`;
        const key = `${name}:${t}:${text}:${duration}`;
        const there = known.get(key);
        if (there) return there;
        const button = h('button', {
          type: 'button',
          class: `mark-${name}`,
          'data-key': key,
          'data-testid': `mark-${name}`,
          'aria-label': label,
          title: label,
          onclick: () => this.context.sources.seekTo(t),
        });
        button.style.left = `${(t / duration) * 100}%`;
        return button;
      }),
    );
  }

  /** Fills the strip picture by picture; gives up when another recording or size takes its place. */
  async #fillStrip(strip: HTMLCanvasElement, width: number, duration: number): Promise<void> {
    const turn = ++this.#strip;
    const { thumbnail } = this.context.sources.controls ?? {};
    const context = strip.getContext('2d');
    if (!thumbnail || !context) return;
    const count = Math.max(1, Math.floor(width / STRIP_WIDTH));
    const each = width / count;
    strip.width = width;
    for (let i = 0; i < count; i++) {
      let picture: ImageBitmap;
      try {
        picture = await thumbnail(((i + 0.5) / count) * duration, Math.ceil(each));
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

  /** A small picture of the frame under the pointer, with its mask and its figures. */
  #preview(body: HTMLElement): void {
    const canvas = h('canvas', { width: PREVIEW_WIDTH, height: 1 });
    const text = h('p', { class: 'figure' });
    const card = h(
      'div',
      { class: 'preview', 'aria-hidden': 'true', 'data-testid': 'preview' },
      canvas,
      text,
    );
    card.hidden = true;
    body.append(card);
    const show = new Latest<number>(
      async (seconds) => {
        const picture = await this.context.sources.controls?.thumbnail?.(seconds, PREVIEW_WIDTH);
        if (!picture) return;
        canvas.height = picture.height;
        const context = canvas.getContext('2d');
        context?.drawImage(picture, 0, 0);
        picture.close();
        const record = recordAt(this.context.study.records, seconds);
        if (context && record) paintMap(context, record.map, this.context.store.state.view);
        setText(
          text,
          record
            ? `${formatExact(record.t)}  ${formatPercent(record.drivable)} % drivable`
            : formatExact(seconds),
        );
      },
      () => {},
    );
    body.addEventListener('pointermove', (event) => {
      if (event.pointerType === 'touch') return;
      const at = body.getBoundingClientRect();
      const x = event.clientX - at.left;
      card.style.left = `${Math.max(0, Math.min(at.width - PREVIEW_WIDTH, x - PREVIEW_WIDTH / 2))}px`;
      card.hidden = false;
      show.push(this.#secondsAt(body, event));
    });
    body.addEventListener('pointerleave', () => {
      card.hidden = true;
    });
  }

  #secondsAt(body: HTMLElement, event: MouseEvent): number {
    const at = body.getBoundingClientRect();
    const share = Math.min(1, Math.max(0, (event.clientX - at.left) / at.width));
    return share * (this.context.store.state.playback?.info.duration ?? 0);
  }
}

function legendItem({ label, colour }: (typeof SERIES)[number]): HTMLElement {
  const swatch = h('span', { class: 'swatch' });
  swatch.style.background = `var(${colour})`;
  return h('span', {}, swatch, label);
}

function plotOptions(host: HTMLElement, width: number, duration: number): uPlot.Options {
  const style = getComputedStyle(host);
  const line = ({ label, colour }: (typeof SERIES)[number], scale: string): uPlot.Series => ({
    label,
    scale,
    stroke: style.getPropertyValue(colour).trim(),
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

declare global {
  interface HTMLElementTagNameMap {
    'cw-timeline': CwTimeline;
  }
}
