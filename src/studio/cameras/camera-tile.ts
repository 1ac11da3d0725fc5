/**
 * The place of one camera's picture: the canvas of the present stage worker, and, where there are several cameras, a
 * button with the camera's name. Of one that is not looked at the whole picture is the button.
 */
import type { Rect, Size } from '../../media/size';
import type { CanvasHost } from '../../stage/view-client';
import { say } from '../../words/words';

/**
 * Most device pixels a canvas gets. Sources rarely have more than 1080 lines; drawing a 4K canvas would take time from
 * the network and show nothing more.
 */
const PIXELS_MAX = 2560 * 1440;

/** What a tile says of its camera. */
interface TileText {
  /** For assistive technology. */
  readonly picture: string;
  /** Name, perhaps with what is amiss, and rate of masks; null where there is one camera. */
  readonly caption: {
    readonly text: string;
    readonly rate: string;
    readonly chosen: boolean;
  } | null;
}

/** Outside of what is drawn again and again: a canvas that a worker draws on is never made anew by a render. */
export class CameraTile implements CanvasHost {
  readonly element = document.createElement('div');
  /** What is magnified by fingers. */
  readonly picture = document.createElement('div');
  readonly #chip = document.createElement('div');
  readonly #button = document.createElement('button');
  readonly #name = document.createElement('span');
  readonly #rate = document.createElement('span');
  readonly #suffix: string;

  /**
   * @param place of its camera among those of the source
   * @param choose is called when its button is used
   */
  constructor(
    private readonly place: number,
    choose: () => void,
  ) {
    this.#suffix = place === 0 ? '' : `-${place + 1}`;
    this.element.className = 'viewer-tile';
    this.picture.className = 'viewer-place';
    this.picture.role = 'img';
    this.picture.dataset.testid = `picture${this.#suffix}`;
    this.#button.type = 'button';
    this.#button.className = 'camera-button';
    this.#button.dataset.testid = `camera-${place + 1}`;
    this.#button.setAttribute('aria-keyshortcuts', String(place + 1));
    this.#button.addEventListener('click', choose);
    this.#rate.className = 'figure';
    const key = document.createElement('kbd');
    key.textContent = String(place + 1);
    key.ariaHidden = 'true';
    this.#button.append(key, this.#name);
    this.#chip.className = 'camera-chip';
    this.#chip.append(this.#button, this.#rate);
    this.element.append(this.picture, this.#chip);
  }

  freshCanvas(): OffscreenCanvas {
    const canvas = document.createElement('canvas');
    canvas.dataset.testid = `canvas${this.#suffix}`;
    this.picture.replaceChildren(canvas);
    return canvas.transferControlToOffscreen();
  }

  pixels(): Size {
    const ratio = devicePixelRatio;
    const width = Math.max(1, this.element.clientWidth * ratio);
    const height = Math.max(1, this.element.clientHeight * ratio);
    const shrink = Math.min(1, Math.sqrt(PIXELS_MAX / (width * height)));
    return { width: Math.round(width * shrink), height: Math.round(height * shrink) };
  }

  /** Puts it somewhere in the viewer; `whole` is all of it, null hides it. */
  lay(at: Rect | 'whole' | null): void {
    const { element } = this;
    element.hidden = at === null;
    const place = at === 'whole' ? null : at;
    for (const [side, length] of [
      ['left', place?.x],
      ['top', place?.y],
      ['width', place?.width],
      ['height', place?.height],
    ] as const)
      element.style[side] = length === undefined ? '' : `${length}px`;
  }

  /** Says what it shows. */
  say({ picture, caption }: TileText): void {
    this.picture.ariaLabel = picture;
    this.#chip.hidden = caption === null;
    this.element.classList.toggle('chosen', caption?.chosen ?? false);
    if (!caption) return;
    const { text, rate, chosen } = caption;
    this.#name.textContent = text;
    this.#rate.textContent = rate;
    this.#button.ariaPressed = String(chosen);
    const label = say('cameras.look', { number: this.place + 1, text });
    if (this.#button.ariaLabel !== label) {
      this.#button.ariaLabel = label;
      this.#button.title = `${label} (${this.place + 1})`;
    }
  }

  remove(): void {
    this.element.remove();
  }
}
