/**
 * The canvas that the first drive is drawn on. Its graphics context takes its time, by way of the process that draws, and
 * is the same whatever street is driven: a worker may ask for it before anybody asks for a street.
 */

/** What a drive asks of its context. */
const ATTRIBUTES: WebGLContextAttributes = {
  alpha: false,
  antialias: false,
  powerPreference: 'high-performance',
};

/** A canvas's context for a drive: the same each time. Null where there is no WebGL 2. */
export function driveContext(canvas: OffscreenCanvas): WebGL2RenderingContext | null {
  return canvas.getContext('webgl2', ATTRIBUTES);
}

/** A canvas that has its context. */
class SpareCanvas {
  #spare: OffscreenCanvas | null = null;

  /** Asks for the context. What goes wrong is met again, and said, where it is drawn with. */
  prepare(): void {
    const canvas = new OffscreenCanvas(1, 1);
    if (driveContext(canvas)) this.#spare = canvas;
  }

  /** The prepared canvas, once and unless its context was lost; else a new one. It is the caller's to size. */
  take(): OffscreenCanvas {
    const spare = this.#spare;
    this.#spare = null;
    return spare && !driveContext(spare)?.isContextLost() ? spare : new OffscreenCanvas(1, 1);
  }
}

/** The one of this worker. */
export const spareCanvas = new SpareCanvas();
