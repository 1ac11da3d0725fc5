/**
 * The place of the picture: holds the canvas of the present stage worker, and lays the divider and the region editor
 * exactly over the letterboxed picture inside it.
 */
import { pictureArea } from '../../overlay/placement';
import type { CanvasHost } from '../../stage/view-client';
import type { AppState, PictureSize } from './app-state';
import { CwElement } from './base';
import { h, setText } from './dom';
import { icon } from './icons';
import '../overlay/cw-divider';
import '../region/cw-region';

/**
 * Most device pixels a canvas gets. Sources rarely have more than 1080 lines; drawing a 4K canvas would take time from
 * the network and show nothing more.
 */
const PIXELS_MAX = 2560 * 1440;

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
export class CwViewer extends CwElement implements CanvasHost {
  readonly #place = h('div', { class: 'viewer-place', role: 'img', 'data-testid': 'picture' });
  readonly #frame = h('div', { class: 'viewer-frame' });

  /** Called when the size in device pixels has changed. */
  onResize: () => void = () => {};

  freshCanvas(): HTMLCanvasElement {
    const canvas = h('canvas', { 'data-testid': 'canvas' });
    this.#place.replaceChildren(canvas);
    return canvas;
  }

  pixels(): PictureSize {
    const ratio = devicePixelRatio;
    const width = Math.max(1, this.clientWidth * ratio);
    const height = Math.max(1, this.clientHeight * ratio);
    const shrink = Math.min(1, Math.sqrt(PIXELS_MAX / (width * height)));
    return { width: Math.round(width * shrink), height: Math.round(height * shrink) };
  }

  protected build(): void {
    const divider = h('cw-divider');
    const region = h('cw-region');
    divider.context = this.context;
    region.context = this.context;
    this.#frame.replaceChildren(divider, region);
    const empty = h(
      'div',
      { class: 'viewer-empty', 'data-testid': 'empty' },
      icon('file'),
      h('p', {}, 'Drop a video here, or choose a source.'),
      h(
        'button',
        { type: 'button', class: 'button primary', onclick: () => this.context.page.toggleMenu('sources') },
        'Choose a source',
      ),
    );
    this.append(this.#place, empty, this.#frame, this.#status());
    const observer = new ResizeObserver(() => this.#resized());
    observer.observe(this, { box: 'content-box' });
    this.signal.addEventListener('abort', () => observer.disconnect());
    this.watch(
      (s) => s.picture,
      () => this.#lay(),
    );
    this.watch(
      (s) => s.view.scene.bird,
      () => this.#lay(),
    );
    this.watch(
      (s) => s.playback?.info.title,
      (title) => this.#place.setAttribute('aria-label', title ? `Segmented video: ${title}` : 'No video yet'),
    );
    this.watch(
      (s) => s.playback === null && s.opening === null && s.stage !== 'starting',
      (nothing) => {
        empty.hidden = !nothing;
      },
    );
  }

  /** A pill in the corner: what is being waited for, and how far it is. */
  #status(): HTMLElement {
    const text = h('span', {});
    const progress = h('progress', { max: 100, 'aria-label': 'Progress' });
    const pill = h(
      'div',
      { class: 'viewer-status', role: 'status', 'data-testid': 'status' },
      text,
      progress,
    );
    this.watch(waitingFor, (waiting) => {
      pill.hidden = waiting === '';
      setText(text, waiting);
    });
    this.watch(
      (s) => s.progress,
      (p) => {
        if (p?.phase === 'download' && p.total > 0)
          progress.value = Math.min(100, (p.loaded / p.total) * 100);
        else progress.removeAttribute('value');
      },
    );
    return pill;
  }

  #resized(): void {
    this.#lay();
    this.onResize();
  }

  #lay(): void {
    const { picture, view } = this.context.store.state;
    // The dock lies at the right or the bottom, so the picture's part begins where the box does.
    const rect = fitInside(
      picture ?? USUAL,
      pictureArea({ width: this.clientWidth, height: this.clientHeight }, view.scene.bird),
    );
    for (const side of ['left', 'top', 'width', 'height'] as const)
      this.#frame.style[side] = `${rect[side]}px`;
  }
}

/** What the page waits for, as a text; empty when it waits for nothing. */
function waitingFor(state: Readonly<AppState>): string {
  if (state.stage === 'starting') return 'Starting…';
  if (state.stage === 'restarting') return 'Starting again…';
  if (state.progress?.phase === 'compile') return `Compiling ${state.loading ?? 'the network'}…`;
  if (state.loading !== null)
    return `Loading ${state.loading === 'Automatic' ? 'the network' : state.loading}…`;
  if (state.opening !== null) return 'Opening the source…';
  return '';
}

customElements.define('cw-viewer', CwViewer);

declare global {
  interface HTMLElementTagNameMap {
    'cw-viewer': CwViewer;
  }
}
