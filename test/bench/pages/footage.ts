/**
 * Frames to measure with: a drawn street in which things move. What it shows does not matter to the clock; that it
 * is not one flat colour does, a little.
 */

/** Size of the frames: what dashcam clips on the web commonly have. */
export const FOOTAGE = { width: 960, height: 540 } as const;

/** Different frames; they repeat. */
const COUNT = 8;

/** A few frames, made once. Whoever takes one by `frame` owns and closes it; disposing closes the originals. */
export class Footage implements Disposable {
  readonly #frames: VideoFrame[] = [];
  #next = 0;

  constructor() {
    const canvas = new OffscreenCanvas(FOOTAGE.width, FOOTAGE.height);
    const context = canvas.getContext('2d', { willReadFrequently: true });
    if (!context) throw new Error('no 2D context');
    for (let i = 0; i < COUNT; i++) {
      paintStreet(context, i / COUNT);
      // A frame of its own pixels: one that shares the canvas's memory could still be painted over.
      const { data } = context.getImageData(0, 0, FOOTAGE.width, FOOTAGE.height);
      const size = { codedWidth: FOOTAGE.width, codedHeight: FOOTAGE.height };
      this.#frames.push(new VideoFrame(data, { format: 'RGBX', ...size, timestamp: i }));
    }
  }

  /** The next frame. */
  frame(): VideoFrame {
    return this.#frames[this.#next++ % COUNT]!.clone();
  }

  [Symbol.dispose](): void {
    for (const frame of this.#frames.splice(0)) frame.close();
  }
}

/** @param phase 0 to 1 through one cycle of the scene */
function paintStreet(context: OffscreenCanvasRenderingContext2D, phase: number): void {
  const { width, height } = FOOTAGE;
  const horizon = height * 0.45;
  const shape = (colour: string, points: readonly (readonly [number, number])[]) => {
    context.fillStyle = colour;
    context.beginPath();
    for (const [x, y] of points) context.lineTo(x * width, y * height);
    context.fill();
  };
  context.fillStyle = '#a8c4dc';
  context.fillRect(0, 0, width, horizon);
  context.fillStyle = '#587048';
  context.fillRect(0, horizon, width, height - horizon);
  shape('#5a5a5e', [
    [0.46, 0.45],
    [0.54, 0.45],
    [1.05, 1],
    [-0.05, 1],
  ]);
  // Dashes of the centre line come nearer.
  for (let i = 0; i < 6; i++) {
    const near = ((i + phase) / 6) ** 2;
    const y = 0.45 + 0.55 * near;
    shape('#e8e8e0', [
      [0.5 - 0.01 * near, y],
      [0.5 + 0.01 * near, y],
      [0.5 + 0.013 * near, y + 0.06 * near],
      [0.5 - 0.013 * near, y + 0.06 * near],
    ]);
  }
  const car = 0.6 + 0.05 * Math.sin(phase * 2 * Math.PI);
  shape('#20306a', [
    [car, 0.5],
    [car + 0.07, 0.5],
    [car + 0.08, 0.6],
    [car - 0.01, 0.6],
  ]);
}
