/**
 * The place of the picture: holds the canvas of the present stage worker, and lays the divider and the region editor
 * exactly over the letterboxed picture inside it.
 */
import { html, nothing, type TemplateResult } from 'lit';
import { pictureArea } from '../../overlay/placement';
import type { CanvasHost } from '../../stage/view-client';
import { say } from '../../words/words';
import type { AppState, PictureSize } from './app-state';
import { CwElement } from './element';
import './cw-frame-menu';
import { formatCount } from './format';
import { icon } from './icons';
import '../overlay/cw-divider';
import { PictureTouch } from '../overlay/touch';
import { WHOLE } from '../overlay/zoom';
import '../region/cw-region';
import { AUTOMATIC_TITLE } from '../model/model-actions';
import { titleOf } from '../session/source-words';

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
  /** Outside of what is drawn again and again: a canvas that a worker draws on is never made anew by a render. */
  readonly #place = document.createElement('div');

  #zoom = WHOLE;
  #touch: PictureTouch | null = null;

  /** Called when the size in device pixels has changed. */
  onResize: () => void = () => {};

  freshCanvas(): OffscreenCanvas {
    const canvas = document.createElement('canvas');
    canvas.dataset.testid = 'canvas';
    this.#place.replaceChildren(canvas);
    return canvas.transferControlToOffscreen();
  }

  pixels(): PictureSize {
    const ratio = devicePixelRatio;
    const width = Math.max(1, this.clientWidth * ratio);
    const height = Math.max(1, this.clientHeight * ratio);
    const shrink = Math.min(1, Math.sqrt(PIXELS_MAX / (width * height)));
    return { width: Math.round(width * shrink), height: Math.round(height * shrink) };
  }

  override connectedCallback(): void {
    this.#place.className = 'viewer-place';
    this.#place.role = 'img';
    this.#place.dataset.testid = 'picture';
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
    );
    let width = this.clientWidth;
    const observer = new ResizeObserver(() => {
      // Turned, or of another size: what was looked at is somewhere else.
      if (this.clientWidth !== width) this.#touch?.reset();
      width = this.clientWidth;
      this.#lay();
      this.onResize();
    });
    observer.observe(this, { box: 'content-box' });
    this.signal.addEventListener('abort', () => observer.disconnect());
  }

  protected override render(): TemplateResult {
    const { playback, opening, stage } = this.state;
    this.#place.ariaLabel = playback
      ? say('viewer.video', { title: titleOf(playback) })
      : say('viewer.no-video');
    const idle = playback === null && opening === null && stage !== 'starting';
    return html`${this.#place}
      <div class="viewer-empty" data-testid="empty" ?hidden=${!idle}>
        ${icon('file')}
        <p>${say('viewer.empty')}</p>
        <button type="button" class="button primary" @click=${() => this.context.page.toggleMenu('sources')}>${say('viewer.choose')}</button>
      </div>
      <div class="viewer-frame"><cw-divider .context=${this.context}></cw-divider><cw-region .context=${this.context}></cw-region></div>
      <button
        type="button"
        class="button zoom-whole"
        data-testid="zoom-whole"
        ?hidden=${this.#zoom.scale === 1}
        @click=${() => this.#touch?.reset()}
      >${say('viewer.whole')}</button>
      ${this.#status()}<cw-frame-menu .context=${this.context}></cw-frame-menu>`;
  }

  protected override updated(): void {
    this.#lay();
  }

  /** A pill in the corner: what is being waited for, and how far it is. */
  #status(): TemplateResult {
    const waiting = waitingFor(this.state);
    const percent = percentOf(this.state) ?? nothing;
    return html`<div class="viewer-status" role="status" data-testid="status" ?hidden=${waiting === ''}><span>${waiting}</span><progress
      max="100" value=${percent} aria-label=${say('viewer.progress')}></progress></div>`;
  }

  #lay(): void {
    const { picture, view } = this.state;
    const frame = this.querySelector<HTMLElement>('.viewer-frame')!;
    // The dock lies at the right or the bottom, so the picture's part begins where the box does.
    const rect = fitInside(
      picture ?? USUAL,
      pictureArea({ width: this.clientWidth, height: this.clientHeight }, view.scene.bird),
    );
    for (const side of ['left', 'top', 'width', 'height'] as const) frame.style[side] = `${rect[side]}px`;
    // What lies on the picture is magnified with it, about the same corner; its handles stay as large as fingers.
    const { scale, x, y } = this.#zoom;
    frame.style.transformOrigin = `${-rect.left}px ${-rect.top}px`;
    for (const part of [this.#place, frame])
      part.style.transform = scale === 1 ? '' : `translate(${x}px, ${y}px) scale(${scale})`;
    frame.style.setProperty('--zoom', String(scale));
  }
}

/** How far it is with what it waits for; null where that cannot be told. */
function percentOf({ progress, openingFiles, loading }: Readonly<AppState>): number | null {
  if (progress?.phase === 'download' && progress.total > 0)
    return Math.min(100, (progress.loaded / progress.total) * 100);
  return openingFiles && loading === null ? (openingFiles.done / openingFiles.of) * 100 : null;
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
  return '';
}

customElements.define('cw-viewer', CwViewer);

declare global {
  interface HTMLElementTagNameMap {
    'cw-viewer': CwViewer;
  }
}
