/**
 * Turns of frames. A `VideoFrame` of newer browsers may carry a turn of its own, which some consumers obey
 * (`importExternalTexture`, `drawImage`) and others do not (`copyTo`). In this house a frame carries none: the turn
 * travels beside it, in `TimedFrame.rotation`.
 */
import type { Rotation } from './size';

/** What newer browsers add to `VideoFrame` and its constructor (WebCodecs, "VideoFrame orientation"). */
interface Oriented {
  readonly rotation?: number;
}

/** Brings any sum of quarter turns, in degrees, to one of the four. */
function quarterTurn(degrees: number): Rotation {
  const turn = (((Math.round(degrees / 90) * 90) % 360) + 360) % 360;
  return turn as Rotation;
}

/**
 * Moves a frame's own turn out of it.
 * @param frame taken over; the frame returned is the same one, or replaces it (the given one is then closed)
 * @param rotation clockwise turn known from elsewhere (the container), applied after the frame's own
 * @returns a frame without a turn, and the whole turn that brings it upright
 */
export function upright(frame: VideoFrame, rotation: Rotation): { frame: VideoFrame; rotation: Rotation } {
  const own = quarterTurn((frame as Oriented).rotation ?? 0);
  if (own === 0) return { frame, rotation };
  // The constructor adds the given turn to the frame's own.
  const init: VideoFrameInit & Oriented = { rotation: quarterTurn(-own) };
  try {
    return { frame: new VideoFrame(frame, init), rotation: quarterTurn(own + rotation) };
  } finally {
    frame.close();
  }
}
