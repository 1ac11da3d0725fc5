/**
 * One WebGL2 renderer for many canvases. Browsers give a worker few contexts (Chromium four, and takes the oldest away
 * from whoever asks for a fifth), and a dashboard has nine tiles: each is drawn in one place and handed to its canvas
 * as a bitmap, which costs no copy.
 */
import { CarriagewayError } from '../errors';
import type { Size } from './placement';
import { createRenderer, type Drawing, type OwnDrawing } from './renderer';

interface Place {
  readonly canvas: OffscreenCanvas;
  readonly drawing: OwnDrawing;
  readonly losers: Set<() => void>;
}

/** Made when the first canvas asks, gone with the last one. */
export class SharedDrawing {
  #place: Promise<Place> | null = null;
  #users = 0;

  /**
   * Draws on a canvas through the shared renderer.
   * @param canvas shows bitmaps from now on, and can never show anything else
   * @param size of the first drawing
   * @throws CarriagewayError `overlay-failed`
   */
  async on(canvas: OffscreenCanvas, size: Size): Promise<Drawing> {
    const target = canvas.getContext('bitmaprenderer');
    if (!target) throw new CarriagewayError('overlay-failed', 'no bitmaprenderer context');
    this.#users++;
    try {
      this.#place ??= makePlace(size);
      const { canvas: drawn, drawing, losers } = await this.#place;
      const shared = this;
      let lose: (() => void) | null = null;
      return {
        renderer: drawing.renderer,
        gl: drawing.gl,
        get users() {
          return Math.max(1, shared.#users);
        },
        resize: () => {},
        begin: ({ width, height }) => {
          if (drawn.width !== width || drawn.height !== height) drawing.resize({ width, height });
        },
        end: () => target.transferFromImageBitmap(drawn.transferToImageBitmap()),
        onLost: (listener) => {
          lose = listener;
          losers.add(listener);
        },
        dispose: () => {
          if (lose) losers.delete(lose);
          return this.#leave();
        },
      };
    } catch (thrown) {
      await this.#leave();
      throw thrown;
    }
  }

  async #leave(): Promise<void> {
    this.#users--;
    if (this.#users > 0) return;
    const place = await this.#place?.catch(() => null);
    // Another canvas may have asked meanwhile.
    if (this.#users > 0) return;
    this.#place = null;
    await place?.drawing.dispose();
  }
}

async function makePlace(size: Size): Promise<Place> {
  const canvas = new OffscreenCanvas(size.width, size.height);
  const drawing = await createRenderer(canvas, null, size);
  const losers = new Set<() => void>();
  drawing.onLost(() => {
    for (const lose of losers) lose();
  });
  return { canvas, drawing, losers };
}
