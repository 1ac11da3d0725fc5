/** Photographs as frames that stand upright. */
import { CarriagewayError } from '../../errors';
import type { Orientation } from '../../media/orientation';
import type { Rotation } from '../../media/size';

/** What a frame of newer browsers says of its stored pixels (WebCodecs, "VideoFrame orientation"). */
interface Oriented {
  readonly rotation?: number;
  readonly flip?: boolean;
}

/**
 * An upright frame of a picture; closes the bitmap. Browsers turn a photograph as its camera noted down, but some leave
 * the stored pixels as they are and note the turn on the frame, mirrored ones among them: such a frame is drawn anew. So
 * is one that lets something through: who reads its pixels would see colours that nobody is shown.
 */
export function uprightPicture(
  bitmap: ImageBitmap,
  timestamp: number,
): { frame: VideoFrame; stored: Orientation } {
  try {
    const frame = new VideoFrame(bitmap, { timestamp, alpha: 'keep' });
    const { rotation = 0, flip = false } = frame as Oriented;
    const stored = { rotation: rotation as Rotation, mirrored: flip };
    const clear = frame.format?.includes('A') ?? false;
    if (rotation === 0 && !flip && !clear) return { frame, stored };
    frame.close();
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
    const context = canvas.getContext('2d', { alpha: false });
    if (!context) throw new CarriagewayError('source-failed', 'no 2D canvas for a turned picture');
    context.drawImage(bitmap, 0, 0);
    return { frame: new VideoFrame(canvas, { timestamp, alpha: 'discard' }), stored };
  } finally {
    bitmap.close();
  }
}
