/**
 * A frame as it is stored. Recent browsers let a `VideoFrame` carry an orientation of its own and apply it when the
 * frame is drawn or imported, but not when it is copied. The house turns pictures itself, by the rotation that comes
 * with each frame, so the frame's own orientation is taken off first.
 */
import type { Size } from '../media/size';

/** What recent browsers know of a frame beyond the types of this TypeScript. */
type OrientedFrame = VideoFrame & { readonly rotation?: number };

/**
 * A clone of `frame` without orientation metadata. The caller closes it.
 */
export function storedFrame(frame: VideoFrame): VideoFrame {
  const turned = (frame as OrientedFrame).rotation ?? 0;
  if (turned === 0) return frame.clone();
  // Rotations add up, so the rest of the full turn cancels the present one.
  const init: VideoFrameInit & { rotation: number } = {
    timestamp: frame.timestamp,
    rotation: 360 - turned,
  };
  return new VideoFrame(frame, init);
}

/** Size of the stored picture on screen, before any turn. */
export function displaySize(stored: VideoFrame): Size {
  return { width: stored.displayWidth, height: stored.displayHeight };
}

/** Size of the stored picture in pixels: the visible part, without the padding of the codec. */
export function visibleSize(stored: VideoFrame): Size {
  const rect = stored.visibleRect;
  return rect ? { width: rect.width, height: rect.height } : displaySize(stored);
}
