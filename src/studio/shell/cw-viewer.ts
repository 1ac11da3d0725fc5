/**
 * The place of the picture, or of those of several cameras: holds a tile for each with the canvas of the present stage
 * worker, and lays the divider and the region editor exactly over the letterboxed picture that is looked at.
 */
import { html, nothing, type TemplateResult } from 'lit';
import { SAME_TIME } from '../../media/times';
import { pictureArea } from '../../overlay/placement';
import type { CanvasHost } from '../../stage/view-client';
import { say } from '../../words/words';
import { choiceOf } from '../cameras/camera-actions';
import { cameraPlaces } from '../cameras/camera-layout';
import { CameraTile } from '../cameras/camera-tile';
import type { AppState, PictureSize } from './app-state';
import { CwElement } from './element';
import './cw-frame-menu';
import { formatCount, formatRate } from './format';
import { icon } from './icons';
import '../overlay/cw-divider';
import { PictureTouch } from '../overlay/touch';
import { WHOLE } from '../overlay/zoom';
import '../region/cw-region';
import { AUTOMATIC_TITLE } from '../model/model-actions';
import { titleOf } from '../session/source-words';
import { cameraLabel } from './names';

/** Until a source says otherwise. */
const USUAL: PictureSize = { width: 16, height: 9 };

/**
 * The rectangle of a picture that is fitted into a box with its aspect kept. Same units as the box.
 */
function fitInside(
  picture: PictureSize,
  box: PictureSize,
): { readonly left: number; readonly top: number; readonly width: number; readonly height: number } {
  const scale = Math.min(box.width / picture.width, box.height / picture.height);
  const [width, height] = [picture.width * scale, picture.height * scale];
  return { left: (box.width - width) / 2, top: (box.height - height) / 2, width, height };
}

/** `<cw-viewer>` */
export class CwViewer extends CwElement {
  /** Outside of what is drawn again and again. */
  readonly #place = document.createElement('div');
  /** One for each camera; there is always the first. */
  readonly #tiles: CameraTile[] = [];

  #zoom = WHOLE;
  /** The camera that was looked at. */
  #looked = 0;
  #touch: PictureTouch | null = null;
  #observer: ResizeObserver | null = null;

  /** Called when a tile's size in device pixels has changed. @param tile its place */
  onResize: (tile: number) => void = () => {};

  /** The place of a camera's picture. @param camera its place, at most one beyond those that are there */
  hostOf(camera: number): CanvasHost {
    const there = this.#tiles[camera];
    if (there) return there;
    const tile = new CameraTile(camera, () => this.context.cameras.choose(camera));
    this.#tiles.push(tile);
    this.#place.append(tile.element);
    this.#observer?.observe(tile.element);
    return tile;
  }

  /** Takes tiles away. @param count how many stay, at least one */
  keepTiles(count: number): void {
    for (const tile of this.#tiles.splice(count)) {
      this.#observer?.unobserve(tile.element);
      tile.remove();
    }
  }

  override connectedCallback(): void {
    this.#place.className = 'viewer-tiles';
    this.hostOf(0);
    super.connectedCallback();
    this.#touch = new PictureTouch(
      this,
      {
        zoomed: (zoom) => {
          this.#zoom = zoom;
          this.requestUpdate();
        },
        menu: (at) => this.querySelector('cw-frame-menu')?.open(at),
      },
      this.signal,
      () => this.#main.element,
    );
    let width = this.clientWidth;
    const observer = new ResizeObserver((changed) => {
      // Turned, or of another size: what was looked at is somewhere else.
      if (this.clientWidth !== width) this.#touch?.reset();
      width = this.clientWidth;
      this.#lay();
      for (const { target } of changed) {
        const tile = this.#tiles.findIndex(({ element }) => element === target);
        if (tile >= 0) this.onResize(tile);
      }
    });
    observer.observe(this, { box: 'content-box' });
    for (const { element } of this.#tiles) observer.observe(element);
    this.#observer = observer;
    this.signal.addEventListener('abort', () => observer.disconnect());
  }

  protected override render(): TemplateResult {
    const { playback, opening, unpacking, stage, rig } = this.state;
    this.classList.toggle('several', rig.length > 1);
    for (const [n, tile] of this.#tiles.entries()) this.#say(tile, n);
    const idle = playback === null && opening === null && unpacking === null && stage !== 'starting';
    return html`${this.#place}
      <div class="viewer-empty" data-testid="empty" ?hidden=${!idle}>
        ${icon('file')}
        <p>${say('viewer.empty')}</p>
        <button type="button" class="button primary" @click=${() => this.context.page.toggleMenu('sources')}>${say('viewer.choose')}</button>
      </div>
      <div class="viewer-over">
        <div class="viewer-frame"><cw-divider .context=${this.context}></cw-divider><cw-region .context=${this.context}></cw-region></div>
        <button
          type="button"
          class="button zoom-whole"
          data-testid="zoom-whole"
          ?hidden=${this.#zoom.scale === 1}
          @click=${() => this.#touch?.reset()}
        >${say('viewer.whole')}</button>
      </div>
      ${this.#status()}<cw-frame-menu .context=${this.context}></cw-frame-menu>`;
  }

  protected override updated(): void {
    this.#lay();
    if (this.#looked === this.state.chosen) return;
    this.#looked = this.state.chosen;
    this.#touch?.reset();
  }

  /** A pill in the corner: what is being waited for, and how far it is. */
  #status(): TemplateResult {
    const waiting = waitingFor(this.state);
    const percent = percentOf(this.state) ?? nothing;
    return html`<div class="viewer-status" role="status" data-testid="status" ?hidden=${waiting === ''}><span>${waiting}</span><progress
      max="100" value=${percent} aria-label=${say('viewer.progress')}></progress></div>`;
  }

  /** The tile of the camera that is looked at. */
  get #main(): CameraTile {
    return this.#tiles[this.state.chosen] ?? this.#tiles[0]!;
  }

  #say(tile: CameraTile, n: number): void {
    const { playback, rig, chosen, reports } = this.state;
    const title = playback && titleOf(playback);
    const camera = rig.length > 1 ? rig[n] : undefined;
    if (!camera) {
      tile.say({ picture: title ? say('viewer.video', { title }) : say('viewer.no-video'), caption: null });
      return;
    }
    const name = cameraLabel(camera.name);
    const shows = playback?.info.cameras?.[n]?.shows ?? [];
    const seconds = playback?.seconds ?? 0;
    const last = shows.at(-1)?.to === playback?.info.duration;
    const empty = !shows.some(({ from, to }) => seconds >= from - SAME_TIME && seconds < to - SAME_TIME);
    const atEnd = last && seconds >= (playback?.info.duration ?? 0) - SAME_TIME;
    const rate = reports[n]?.inferenceFps;
    tile.say({
      picture: say('viewer.video', { title: `${title}, ${name}` }),
      caption: {
        text: empty && !atEnd ? say('cameras.empty', { name }) : name,
        rate: rate === undefined || (empty && !atEnd) ? '' : `${formatRate(rate)}/s`,
        chosen: n === chosen,
      },
    });
  }

  #lay(): void {
    const { picture, view, rig, chosen, playback } = this.state;
    const box = { width: this.clientWidth, height: this.clientHeight };
    const sizes = playback?.info.cameras ?? [picture ?? USUAL];
    const places = cameraPlaces(sizes, choiceOf(this.state), box);
    for (const [n, tile] of this.#tiles.entries())
      tile.lay(rig.length > 1 ? (places[n] ?? null) : n === 0 ? 'whole' : null);
    const main = places[chosen] ?? { x: 0, y: 0, ...box };
    const over = this.querySelector<HTMLElement>('.viewer-over')!;
    [over.style.left, over.style.top] = [`${main.x}px`, `${main.y}px`];
    [over.style.width, over.style.height] = [`${main.width}px`, `${main.height}px`];
    const frame = this.querySelector<HTMLElement>('.viewer-frame')!;
    // The dock lies at the right or the bottom, so the picture's part begins where the box does.
    const rect = fitInside(picture ?? USUAL, pictureArea(main, view.scene.bird));
    for (const side of ['left', 'top', 'width', 'height'] as const) frame.style[side] = `${rect[side]}px`;
    // What lies on the picture is magnified with it, about the same corner; its handles stay as large as fingers.
    const { scale, x, y } = this.#zoom;
    // Handles of a magnified picture that lie outside of its place would lie on another.
    over.style.overflow = scale === 1 ? '' : 'hidden';
    frame.style.transformOrigin = `${-rect.left}px ${-rect.top}px`;
    const transform = scale === 1 ? '' : `translate(${x}px, ${y}px) scale(${scale})`;
    for (const tile of this.#tiles) tile.picture.style.transform = tile === this.#main ? transform : '';
    frame.style.transform = transform;
    frame.style.setProperty('--zoom', String(scale));
  }
}

/** How far it is with what it waits for; null where that cannot be told. */
function percentOf({ progress, openingFiles, unpacking, loading }: Readonly<AppState>): number | null {
  if (progress?.phase === 'download' && progress.total > 0)
    return Math.min(100, (progress.loaded / progress.total) * 100);
  if (loading !== null) return null;
  if (openingFiles) return (openingFiles.done / openingFiles.of) * 100;
  return unpacking && unpacking.share * 100;
}

/** What the page waits for, as a text; empty when it waits for nothing. */
function waitingFor(state: Readonly<AppState>): string {
  if (state.stage === 'starting') return say('viewer.starting');
  if (state.stage === 'restarting') return say('viewer.restarting');
  if (state.progress?.phase === 'compile')
    return say('viewer.compiling', { name: state.loading ?? say('viewer.network') });
  if (state.loading !== null)
    return say('viewer.loading', {
      name: state.loading === AUTOMATIC_TITLE ? say('viewer.network') : state.loading,
    });
  const { openingFiles: files } = state;
  if (files)
    return say('viewer.opening-files', { done: formatCount(files.done), all: formatCount(files.of) });
  if (state.opening !== null) return say('viewer.opening');
  if (state.unpacking) return say('viewer.unpacking', { name: state.unpacking.name });
  return '';
}

customElements.define('cw-viewer', CwViewer);

declare global {
  interface HTMLElementTagNameMap {
    'cw-viewer': CwViewer;
  }
}
