/** From a decoded sample to a frame of this house. */
import type { VideoSample } from 'mediabunny';
import { wholeMicroseconds } from '../../media/times';
import { upright } from '../../media/upright';
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
    return { frame, rotation, seconds, duration: sample.duration, close: () => frame.close() };
  } finally {
    sample.close();
  }
}
