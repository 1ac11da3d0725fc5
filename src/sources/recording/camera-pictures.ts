/** Pictures that no camera took: all cameras in one, and the empty one of a camera that recorded nothing. */
import { CarriagewayError } from '../../errors';
import type { Rect, Size } from '../../media/size';
import { blanksOf, type CameraGrid } from './camera-grid';
import { drawUpright } from './draw-upright';
import { drawEmpty, emptyPicture } from './empty-picture';
import type { FileFrame } from './recording';

/** Puts what cameras show at one moment into one picture. */
export class JointPicture {
  /** @param said for each camera what is said where it shows nothing */
  constructor(
    private readonly grid: CameraGrid,
    private readonly said: readonly string[],
  ) {}

  /**
   * The picture of a moment; the taker closes it.
   * @param frames for each camera its frame, or null; borrowed for the call
   * @param seconds of the moment
   */
  of(
    frames: readonly (FileFrame | null)[],
    seconds: number,
  ): Pick<FileFrame, 'frame' | 'rotation' | 'blanks' | 'close'> {
    const { width, height, places, cells } = this.grid;
    const { canvas, context } = canvasOf(this.grid);
    for (const [camera, frame] of frames.entries())
      if (frame) drawUpright(context, frame, places[camera]!);
      else drawEmpty(context, this.said[camera]!, cells[camera]!);
    const joint = new VideoFrame(canvas, { timestamp: Math.round(seconds * 1e6), alpha: 'discard' });
    const blanks = blanksOf(
      this.grid,
      frames.map((frame) => frame === null),
    ).map((blank) => shareOf(blank, width, height));
    return {
      frame: joint,
      rotation: 0,
      ...(blanks.length > 0 ? { blanks } : {}),
      close: () => joint.close(),
    };
  }
}

/** Empty pictures, each drawn once. */
export class EmptyPictures implements Disposable {
  readonly #drawn = new Map<string, VideoFrame>();

  /** The picture of a camera that shows nothing; the taker closes it. @param size upright pixels */
  of(said: string, size: Size): VideoFrame {
    let drawn = this.#drawn.get(said);
    if (!drawn) {
      drawn = emptyPicture(size, said, 0);
      this.#drawn.set(said, drawn);
    }
    return drawn.clone();
  }

  [Symbol.dispose](): void {
    for (const drawn of this.#drawn.values()) drawn.close();
    this.#drawn.clear();
  }
}

function canvasOf({ width, height }: Size): {
  canvas: OffscreenCanvas;
  context: OffscreenCanvasRenderingContext2D;
} {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d', { alpha: false });
  if (!context) throw new CarriagewayError('source-failed', 'no 2D canvas for several pictures');
  return { canvas, context };
}

/** A place in a picture as shares of it. */
export function shareOf({ x, y, width, height }: Rect, across: number, down: number): Rect {
  return { x: x / across, y: y / down, width: width / across, height: height / down };
}
