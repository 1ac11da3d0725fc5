/**
 * One tile of the dashboard: the vehicle's picture, its name, and the few figures that tell whether it can be trusted.
 * It reports what a person does with it and is told everything else.
 */
import { render } from 'lit';
import type { Leaving, Vehicle } from '../live/protocol';
import type { LinkFigures, Way } from '../live/reception';
import type { ViewReport } from '../stage/stage-api';
import type { CanvasHost } from '../stage/view-client';
import { formatDelay, formatPercent, formatRate, NO_FIGURE } from '../studio/shell/format';
import { icon } from '../studio/shell/icons';
import { type PlainKey, say } from '../words/words';
import { h, setText } from './dom';

/** How a tile stands. */
export type TileState = 'waiting' | 'showing' | 'gone' | 'reconnecting' | 'unsupported';

/** What is said over the picture; null for nothing, or what depends on more. */
const STATE_TEXTS: Readonly<Record<TileState, PlainKey | null>> = {
  waiting: 'tile.waiting',
  showing: null,
  gone: null,
  reconnecting: 'live.reconnecting',
  unsupported: 'tile.unsupported',
};

/** Why a vehicle is gone, in words. @param reason null where nobody was there to be told */
export function leavingWords(reason: Leaving | null): string {
  return say(`leaving.${reason ?? 'unseen'}`);
}

/** What a person does with a tile. */
export interface TileActions {
  focus(tile: Tile): void;
  toggleOverlay(tile: Tile): void;
  /** @param by places forward or backward */
  move(tile: Tile, by: -1 | 1): void;
  /** Another tile was dropped on this one. */
  dropped(key: string, on: Tile): void;
  resized(tile: Tile): void;
  seen(tile: Tile, visible: boolean): void;
}

/** Type of what is dragged: tiles of this page and nothing else. */
const DRAG_TYPE = 'application/x-carriageway-tile';

/** Most device pixels of a tile's longer side: nine full screens would be drawn for nothing. */
const SIDE_MAX = 1280;

/** A link in words. @param way null where it is not to be said */
export function linkWords(quality: LinkFigures['quality'] | null, way: Way | null): string {
  const link = quality === null ? NO_FIGURE : say(`link.${quality}`);
  // The straight way goes without saying.
  return way === null || way === 'udp' ? link : say(`link.${way}`, { link });
}

/** How a latency is marked, by what it is counted from. */
const DELAY_MARKS: Readonly<Record<LinkFigures['delayFrom'], string>> = { capture: '', sending: '≈ ' };

/** A tile; its owner puts `element` on the page and calls `dispose` in the end. */
export class Tile implements CanvasHost {
  readonly element: HTMLLIElement;
  /** The vehicle shown; another one of the same name may take its place. */
  vehicle: Vehicle;
  overlay = true;
  visible = true;
  /** What is known of the picture's way here; null before the first look. */
  figures: LinkFigures | null = null;
  /** Drivable share that another viewer's network saw, 0 to 1; null before one shared it. */
  remoteShare: number | null = null;
  /** Why its vehicle is gone, while it is. */
  leaving: Leaving | null = null;
  /** Milliseconds that the network takes for a picture. */
  #network = 0;
  #state: TileState = 'waiting';
  /** Pictures so far, and those of before the state it is in. */
  #frames = 0;
  #framesBefore = 0;
  readonly #place = h('div', { class: 'tile-place' });
  readonly #status = h('p', { class: 'tile-status', role: 'status' });
  readonly #name = h('span', { class: 'tile-name' });
  readonly #via = h('span', { class: 'tile-via' });
  readonly #remote = h('span', { class: 'tile-remote', hidden: true }, say('tile.shared'));
  readonly #share = h('dd', { class: 'figure', 'data-testid': 'tile-drivable' });
  readonly #latency = h('dd', { class: 'figure', 'data-testid': 'tile-latency' });
  readonly #link = h('dd', { class: 'figure', 'data-testid': 'tile-link' });
  readonly #age = h('dd', { class: 'figure', 'data-testid': 'tile-age' });
  readonly #rate = h('dd', { class: 'figure', 'data-testid': 'tile-rate' });
  readonly #overlayButton: HTMLButtonElement;
  readonly #observers: { disconnect(): void }[] = [];

  constructor(
    readonly key: string,
    vehicle: Vehicle,
    private readonly actions: TileActions,
  ) {
    this.vehicle = vehicle;
    this.#overlayButton = h('button', {
      type: 'button',
      class: 'icon-button small',
      'aria-pressed': 'true',
      'data-testid': 'tile-overlay',
      onclick: (event: MouseEvent) => {
        event.stopPropagation();
        actions.toggleOverlay(this);
      },
    });
    render(icon('outline'), this.#overlayButton);
    this.element = h(
      'li',
      {
        class: 'tile',
        tabindex: 0,
        draggable: 'true',
        'data-testid': 'tile',
        'data-frames': 0,
        'data-masks': 0,
        'data-state': 'waiting',
      },
      this.#place,
      h('div', { class: 'tile-head' }, this.#name, this.#via, this.#remote, this.#overlayButton),
      this.#status,
      h(
        'dl',
        { class: 'tile-figures' },
        ...[
          [say('tile.drivable'), this.#share],
          [say('tile.latency'), this.#latency],
          [say('tile.link'), this.#link],
          [say('tile.mask-age'), this.#age],
          [say('tile.mask-rate'), this.#rate],
        ].map(([name, value]) => h('div', {}, h('dt', {}, name as string), value as HTMLElement)),
      ),
    );
    this.#listen();
    this.rename(vehicle);
    this.update(null);
  }

  /** Puts a new canvas in the place of the old one: a canvas can be handed to a worker once only. */
  freshCanvas(): OffscreenCanvas {
    const canvas = h('canvas', { 'aria-hidden': 'true' });
    this.#place.replaceChildren(canvas);
    return canvas.transferControlToOffscreen();
  }

  /** Size of the picture's place in device pixels. */
  pixels(): { width: number; height: number } {
    const width = Math.max(1, this.#place.clientWidth * devicePixelRatio);
    const height = Math.max(1, this.#place.clientHeight * devicePixelRatio);
    const shrink = Math.min(1, SIDE_MAX / Math.max(width, height));
    return { width: Math.round(width * shrink), height: Math.round(height * shrink) };
  }

  /** Shows another vehicle of the same name. */
  rename(vehicle: Vehicle): void {
    this.vehicle = vehicle;
    setText(this.#name, vehicle.name);
    setText(
      this.#via,
      vehicle.silent ? say('tile.silent') : vehicle.via === 'rtp' ? say('tile.dashcam') : '',
    );
    this.#overlayButton.title = say('tile.overlay-key');
    this.#overlayButton.setAttribute('aria-label', say('tile.overlay-of', { name: vehicle.name }));
    this.element.setAttribute('aria-label', say('tile.enlarge', { name: vehicle.name }));
  }

  /** Milliseconds from the server to what the network says of a picture, as far as they are known. */
  get maskAge(): number {
    return (this.figures?.fromServer ?? 0) + this.#network;
  }

  get state(): TileState {
    return this.#state;
  }

  set state(state: TileState) {
    this.#state = state;
    this.#framesBefore = this.#frames;
    this.element.dataset.state = state;
    this.#status.hidden = state === 'showing';
    const text = STATE_TEXTS[state];
    if (state === 'gone') setText(this.#status, say('tile.gone', { why: leavingWords(this.leaving) }));
    else setText(this.#status, text === null ? '' : say(text));
  }

  set focused(focused: boolean) {
    this.element.classList.toggle('focused', focused);
    this.element.setAttribute('aria-current', String(focused));
  }

  setOverlay(on: boolean): void {
    this.overlay = on;
    this.#overlayButton.setAttribute('aria-pressed', String(on));
  }

  /** Shows the newest figures; null when there are none. */
  update(report: ViewReport | null): void {
    if (report) {
      const { allFrames, allMasks } = report;
      this.#network = report.latencyP50 ?? 0;
      // A worker in the place of another counts anew.
      if (allFrames < this.#frames) this.#framesBefore = 0;
      this.#frames = allFrames;
      this.element.dataset.frames = String(allFrames);
      this.element.dataset.masks = String(allMasks);
      if (allFrames > this.#framesBefore && this.#state === 'waiting') this.state = 'showing';
    }
    this.#remote.hidden = !report?.remote;
    const share = (report?.remote ? this.remoteShare : report?.drivableShare) ?? null;
    setText(this.#share, share === null ? formatPercent(share) : `${formatPercent(share)} %`);
    const known = report !== null && report.allMasks > 0;
    const delay = (ms: number | null) => {
      const { figure, unit } = formatDelay(ms);
      return ms === null ? figure : `${figure} ${unit}`;
    };
    const { figures } = this;
    const from = figures?.delayFrom ?? 'sending';
    setText(
      this.#latency,
      `${figures?.delay == null ? '' : DELAY_MARKS[from]}${delay(figures?.delay ?? null)}`,
    );
    this.#latency.title = say(`delay.${from}-hint`);
    this.#latency.dataset.from = from;
    setText(this.#age, delay(known ? report.maskAge : null));
    setText(this.#rate, formatRate(report?.inferenceFps));
    setText(this.#link, linkWords(figures?.quality ?? null, figures?.way ?? null));
    this.#link.dataset.link = figures?.quality ?? NO_FIGURE;
    if (figures && figures.roundTrip !== null)
      this.#link.title = say('tile.round-trip', { ms: Math.round(figures.roundTrip) });
  }

  dispose(): void {
    for (const observer of this.#observers) observer.disconnect();
    this.element.remove();
  }

  #listen(): void {
    const { element, actions } = this;
    element.addEventListener('click', () => actions.focus(this));
    element.addEventListener('keydown', (event) => this.#key(event));
    element.addEventListener('dragstart', (event) => {
      event.dataTransfer?.setData(DRAG_TYPE, this.key);
      if (event.dataTransfer) event.dataTransfer.effectAllowed = 'move';
    });
    element.addEventListener('dragover', (event) => {
      if (event.dataTransfer?.types.includes(DRAG_TYPE)) event.preventDefault();
    });
    element.addEventListener('drop', (event) => {
      const key = event.dataTransfer?.getData(DRAG_TYPE);
      if (!key) return;
      event.preventDefault();
      actions.dropped(key, this);
    });
    const resize = new ResizeObserver(() => actions.resized(this));
    resize.observe(this.#place);
    const sight = new IntersectionObserver((entries) => {
      this.visible = entries.at(-1)?.isIntersecting ?? true;
      actions.seen(this, this.visible);
    });
    sight.observe(element);
    this.#observers.push(resize, sight);
  }

  #key(event: KeyboardEvent): void {
    if (event.target !== this.element || event.ctrlKey || event.metaKey) return;
    const { actions } = this;
    if (event.key === 'Enter') actions.focus(this);
    else if (event.key.toLowerCase() === 'm' && !event.altKey) actions.toggleOverlay(this);
    else if (event.altKey && (event.key === 'ArrowLeft' || event.key === 'ArrowUp')) actions.move(this, -1);
    else if (event.altKey && (event.key === 'ArrowRight' || event.key === 'ArrowDown')) actions.move(this, 1);
    else return;
    event.preventDefault();
  }
}
