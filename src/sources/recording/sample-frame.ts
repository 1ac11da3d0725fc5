/** From a decoded sample to a frame of this house. */
import type { VideoSample } from 'mediabunny';
import { CarriagewayError } from '../../errors';
import { type Rotation, uprightSize } from '../../media/size';
import { wholeMicroseconds } from '../../media/times';
import { upright } from '../../media/upright';
import { drawUpright } from './draw-upright';
import type { FileFrame } from './recording';

/**
 * Frames say their time in whole microseconds; who asks for a frame by the time it said must get that one, not the
 * one before, whose exact time is a fraction earlier. In seconds.
 */
export const TIME_GRAIN = 1e-6;

/**
 * Turns a decoded sample into a frame; closes the sample.
 * @param start time of the demuxer's clock at which times begin, in seconds
 */
export function frameOf(sample: VideoSample, start: number): FileFrame {
  try {
    const seconds = wholeMicroseconds(sample.timestamp - start);
    sample.setTimestamp(Math.max(0, seconds));
    // The container's turn stays beside the frame: `toVideoFrame` does not apply it.
    const { frame, rotation } = upright(sample.toVideoFrame(), sample.rotation);
    if (sample.flip) return mirrored(frame, rotation, { seconds, duration: sample.duration });
    return { frame, rotation, seconds, duration: sample.duration, close: () => frame.close() };
  } finally {
    sample.close();
  }
}

/**
 * A frame that its container mirrors, from left to right after the turn: drawn anew, since nothing further on knows
 * mirrors. Closes the frame.
 */
function mirrored(
  frame: VideoFrame,
  rotation: Rotation,
  time: Pick<FileFrame, 'seconds' | 'duration'>,
): FileFrame {
  try {
    const { timestamp, displayWidth, displayHeight } = frame;
    const { width, height } = uprightSize({ width: displayWidth, height: displayHeight }, rotation);
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext('2d', { alpha: false });
    if (!context) throw new CarriagewayError('source-failed', 'no 2D canvas for a mirrored picture');
    context.setTransform(-1, 0, 0, 1, width, 0);
    drawUpright(context, { frame, rotation }, { x: 0, y: 0, width, height });
    const drawn = new VideoFrame(canvas, { timestamp, alpha: 'discard' });
    const stored = { rotation, mirrored: true };
    return { ...time, frame: drawn, rotation: 0, stored, close: () => drawn.close() };
  } finally {
    frame.close();
  }
}
