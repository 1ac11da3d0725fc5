/** The canvas that an embedder gave, and its like where a worker or a device was lost. */
import { CarriagewayError } from '../errors';
import type { CanvasHost } from '../stage/view-client';

/** Canvases that were given to a stage: each can be drawn on by one only. */
const drawnOn = new WeakSet<HTMLCanvasElement>();

/** The canvas of a view; in place of one that is of no more use comes its like. */
export class ViewCanvas implements CanvasHost {
  #given = false;
  #canvas: HTMLCanvasElement;

  constructor(canvas: HTMLCanvasElement | undefined) {
    if (canvas !== undefined && !(canvas instanceof HTMLCanvasElement))
      throw new CarriagewayError('option-invalid', 'canvas: no canvas element');
    if (canvas && drawnOn.has(canvas))
      throw new CarriagewayError('option-invalid', 'canvas: another stage draws on it');
    this.#canvas = canvas ?? document.createElement('canvas');
    drawnOn.add(this.#canvas);
  }

  get element(): HTMLCanvasElement {
    return this.#canvas;
  }

  freshCanvas(): HTMLCanvasElement {
    if (this.#given) {
      const next = this.#canvas.cloneNode(false) as HTMLCanvasElement;
      drawnOn.add(next);
      this.#canvas.replaceWith(next);
      this.#canvas = next;
    }
    this.#given = true;
    return this.#canvas;
  }

  pixels(): { width: number; height: number } {
    const { width, height } = this.#canvas.getBoundingClientRect();
    const side = (length: number) => Math.max(1, Math.round(length * devicePixelRatio));
    return { width: side(width), height: side(height) };
  }
}
