/**
 * One WebGL2 renderer for many canvases. Browsers give a worker few contexts (Chromium four, and takes the oldest away
 * from whoever asks for a fifth), and a dashboard has nine tiles: each is drawn in one place and handed to its canvas
 * as a bitmap, which costs no copy.
 */
import { CarriagewayError } from '../errors';
import type { Size } from '../media/size';
import { createRenderer, type Drawing, type OwnDrawing } from './renderer';

interface Place {
  readonly canvas: OffscreenCanvas;
  readonly drawing: OwnDrawing;
  readonly losers: Set<() => void>;
}

/** One place and how many draw there. */
interface Lease {
  readonly place: Promise<Place>;
  users: number;
}

/** Made when the first canvas asks, gone with the last one. A place that was lost is left, and the next to ask gets a new one. */
export class SharedDrawing {
  #lease: Lease | null = null;

  /**
   * Draws on a canvas through the shared renderer.
   * @param canvas shows bitmaps from now on, and can never show anything else
   * @param size of the first drawing
   * @throws CarriagewayError `overlay-failed`
   */
  async on(canvas: OffscreenCanvas, size: Size): Promise<Drawing> {
    const target = canvas.getContext('bitmaprenderer');
    if (!target) throw new CarriagewayError('overlay-failed', 'no bitmaprenderer context');
    this.#lease ??= this.#open(size);
    const lease = this.#lease;
    lease.users++;
    try {
      const { canvas: drawn, drawing, losers } = await lease.place;
      let lose: (() => void) | null = null;
      return {
        renderer: drawing.renderer,
        gl: drawing.gl,
        get users() {
          return Math.max(1, lease.users);
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
          return this.#leave(lease);
        },
      };
    } catch (thrown) {
      await this.#leave(lease);
      throw thrown;
    }
  }

  #open(size: Size): Lease {
    const lease: Lease = { place: makePlace(size, () => this.#forget(lease)), users: 0 };
    return lease;
  }

  #forget(lease: Lease): void {
    if (this.#lease === lease) this.#lease = null;
  }

  async #leave(lease: Lease): Promise<void> {
    lease.users--;
    if (lease.users > 0) return;
    const place = await lease.place.catch(() => null);
    // Another canvas may have asked meanwhile.
    if (lease.users > 0) return;
    this.#forget(lease);
    await place?.drawing.dispose();
  }
}

/** @param onLost is called before those who draw there hear of it */
async function makePlace(size: Size, onLost: () => void): Promise<Place> {
  const canvas = new OffscreenCanvas(size.width, size.height);
  const drawing = await createRenderer(canvas, null, size);
  const losers = new Set<() => void>();
  drawing.onLost(() => {
    onLost();
    for (const lose of losers) lose();
  });
  return { canvas, drawing, losers };
}
