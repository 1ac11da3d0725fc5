/** The canvas that an embedder gave, and its like where a worker or a device was lost. */
import { CarriagewayError } from '../errors';
import type { CanvasHost } from '../stage/view-client';

/** The canvas of a view; in place of one that is of no more use comes its like. */
export class ViewCanvas implements CanvasHost {
  /** What draws on the present one, until a worker takes it. */
  #drawing: OffscreenCanvas | null;
  #canvas: HTMLCanvasElement;

  /**
   * Takes the drawing of a canvas over at once, so that one which something else draws on is refused at the door.
   * @throws CarriagewayError `option-invalid`
   */
  constructor(canvas: HTMLCanvasElement | undefined) {
    if (canvas !== undefined && !(canvas instanceof HTMLCanvasElement))
      throw new CarriagewayError('option-invalid', 'canvas: no canvas element');
    this.#canvas = canvas ?? document.createElement('canvas');
    try {
      this.#drawing = this.#canvas.transferControlToOffscreen();
    } catch (cause) {
      throw new CarriagewayError('option-invalid', 'canvas: something else draws on it', { cause });
    }
  }

  get element(): HTMLCanvasElement {
    return this.#canvas;
  }

  freshCanvas(): OffscreenCanvas {
    const first = this.#drawing;
    this.#drawing = null;
    if (first) return first;
    const next = this.#canvas.cloneNode(false) as HTMLCanvasElement;
    this.#canvas.replaceWith(next);
    this.#canvas = next;
    return next.transferControlToOffscreen();
  }

  pixels(): { width: number; height: number } {
    const { width, height } = this.#canvas.getBoundingClientRect();
    const side = (length: number) => Math.max(1, Math.round(length * devicePixelRatio));
    return { width: side(width), height: side(height) };
  }
}
