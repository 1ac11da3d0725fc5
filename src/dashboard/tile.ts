/**
 * One tile of the dashboard: the vehicle's picture, its name, and the few figures that tell whether it can be trusted.
 * It reports what a person does with it and is told everything else.
 */
import { render } from 'lit';
import type { Vehicle } from '../live/protocol';
import type { LinkFigures, Way } from '../live/reception';
import type { ViewReport } from '../stage/stage-api';
import type { CanvasHost } from '../stage/view-client';
import { formatDelay, formatPercent, formatRate } from '../studio/shell/format';
import { icon } from '../studio/shell/icons';
import { h, setText } from './dom';

/** How a tile stands. */
export type TileState = 'waiting' | 'showing' | 'gone' | 'reconnecting' | 'unsupported';

const STATE_TEXTS: Readonly<Record<TileState, string>> = {
  waiting: 'Waiting for the picture…',
  showing: '',
  gone: 'Gone; waiting for it to come back',
  reconnecting: 'Reconnecting…',
  unsupported: 'This browser cannot show the video format of this vehicle.',
};

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

/** What is added where the way is not the straight one. */
const WAYS: Readonly<Record<Way, string>> = { udp: '', tcp: ', TCP', relay: ', relayed' };

/** What a latency is counted from: how it is marked, and told. */
export const DELAYS: Readonly<
  Record<LinkFigures['delayFrom'], { readonly mark: string; readonly words: string; readonly text: string }>
> = {
  capture: {
    mark: '',
    words: 'from capture',
    text: 'From the moment at which the vehicle took a picture to its being here, by both clocks as the server sees them.',
  },
  sending: {
    mark: '≈ ',
    words: 'from sending',
    text: 'From the vehicle’s sending to a picture that can be drawn: half of both round trips, and its wait here. Without what camera and encoder take, since this vehicle does not say when it took a picture.',
  },
};

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
  readonly #remote = h('span', { class: 'tile-remote', hidden: true }, 'shared mask');
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
          ['Drivable', this.#share],
          ['Latency', this.#latency],
          ['Link', this.#link],
          ['Mask age', this.#age],
          ['Masks/s', this.#rate],
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
    setText(this.#via, vehicle.silent ? 'silent' : vehicle.via === 'rtp' ? 'dashcam' : '');
    this.#overlayButton.title = 'Overlay (M)';
    this.#overlayButton.setAttribute('aria-label', `Overlay of ${vehicle.name}`);
    this.element.setAttribute('aria-label', `${vehicle.name}. Enter to enlarge.`);
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
    setText(this.#status, STATE_TEXTS[state]);
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
      `${figures?.delay == null ? '' : DELAYS[from].mark}${delay(figures?.delay ?? null)}`,
    );
    this.#latency.title = DELAYS[from].text;
    this.#latency.dataset.from = from;
    setText(this.#age, delay(known ? report.maskAge : null));
    setText(this.#rate, formatRate(report?.inferenceFps));
    const quality = figures?.quality ?? '–';
    setText(this.#link, `${quality}${figures?.way ? WAYS[figures.way] : ''}`);
    this.#link.dataset.link = quality;
    if (figures && figures.roundTrip !== null)
      this.#link.title = `Round trip ${Math.round(figures.roundTrip)} ms`;
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
