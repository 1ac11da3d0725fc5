/**
 * The frames of a media track: by a `MediaStreamTrackProcessor` where the browser has one in the window, and elsewhere
 * by a video element that plays it. Either way the newest frame wins, and nothing is read that nobody asked for.
 */
import { CarriagewayError, reportOf } from '../errors';
import type { FrameHandle } from '../media/timed-frame';
import { upright } from '../media/upright';
import { FramePortSender } from './frame-port';

/**
 * Where a track's pictures lie. A camera has a few buffers and waits for each to be given back; what comes by a
 * connection is decoded into memory of its own, as much as it takes.
 */
export type TrackOrigin = 'camera' | 'connection';

/** What comes of a track. Whoever made it ends it. */
export interface TrackFrames {
  readonly handle: FrameHandle;
  /** Stops reading. The track is stopped too, for a camera whose track runs keeps its light on. */
  dispose(): void;
}

/** Whether tracks can be read without a video element. */
function hasTrackProcessor(): boolean {
  return (
    typeof (globalThis as { MediaStreamTrackProcessor?: unknown }).MediaStreamTrackProcessor === 'function'
  );
}

/** Whether this browser can give the frames of a track in either way. */
export function readsTracks(): boolean {
  return (
    hasTrackProcessor() ||
    (typeof VideoFrame === 'function' && 'requestVideoFrameCallback' in HTMLVideoElement.prototype)
  );
}

/**
 * @param track owned from now on
 * @param origin a track that somebody else opened may be a camera's
 * @param make how a video element is made; for tests
 * @throws CarriagewayError `camera-unsupported`; the track is stopped then
 */
export function framesOfTrack(
  track: MediaStreamTrack,
  origin: TrackOrigin,
  make: () => HTMLVideoElement = () => document.createElement('video'),
): TrackFrames {
  if (!readsTracks()) {
    track.stop();
    throw new CarriagewayError(
      'camera-unsupported',
      'neither MediaStreamTrackProcessor nor frames of a video element',
    );
  }
  if (!hasTrackProcessor()) return playedFrames(track, make());
  const { readable } = new MediaStreamTrackProcessor({
    track: track as MediaStreamVideoTrack,
    maxBufferSize: 1,
  });
  return origin === 'connection' ? streamedFrames(track, readable) : sentFrames(track, readable);
}

/** Frames whose stream goes to the worker that reads it: the window has no part in any of them. */
function streamedFrames(track: MediaStreamTrack, stream: ReadableStream<VideoFrame>): TrackFrames {
  return {
    handle: { kind: 'stream', stream, rotation: 0 },
    dispose: () => {
      track.stop();
      // Never handed over: the frame that waits in it is freed here.
      if (!stream.locked) void stream.cancel();
    },
  };
}

/**
 * Frames read in the window and sent through a port. A camera's stream that is transferred to a worker stalls in
 * Chromium 156 after its first frame: in seven of seventeen loads of a page with its fake camera, whether the processor
 * was held in the window or not, and in none of 52 while the window collected its garbage all the time. So a frame that
 * the window's end of the stream took before the worker had the other is not given back, and the camera has no more.
 */
function sentFrames(track: MediaStreamTrack, readable: ReadableStream<VideoFrame>): TrackFrames {
  const { port1, port2 } = new MessageChannel();
  const sender = new FramePortSender(port1);
  const reader = readable.getReader();
  const read = async (): Promise<void> => {
    try {
      while (await sender.ready()) {
        const { done, value } = await reader.read();
        if (done) return sender.end();
        const { frame, rotation } = upright(value, 0);
        sender.send({ frame, timestamp: frame.timestamp, rotation, epoch: 0 });
      }
    } catch (thrown) {
      sender.fail(reportOf(thrown, 'source-failed'));
    } finally {
      // Nobody reads any more: the frame that waits in it is freed.
      await reader.cancel().catch(() => {});
    }
  };
  void read();
  return {
    handle: { kind: 'port', port: port2, live: true },
    dispose: () => {
      track.stop();
      sender.end();
      sender.close();
    },
  };
}

/**
 * Frames as a video element presents them (HTMLVideoElement, `requestVideoFrameCallback`). The element is never on the
 * page; it is muted, or it would not be allowed to play by itself.
 */
function playedFrames(track: MediaStreamTrack, video: HTMLVideoElement): TrackFrames {
  const { port1, port2 } = new MessageChannel();
  const sender = new FramePortSender(port1);
  let ended = false;
  video.muted = true;
  video.playsInline = true;
  video.srcObject = new MediaStream([track]);
  const begun = performance.now();

  const take = (): void => {
    if (ended) return;
    if (sender.closed) {
      dispose();
      return;
    }
    video.requestVideoFrameCallback(take);
    if (!sender.wanted || video.videoWidth === 0) return;
    // A live element's own clock starts anew with each change of its source; the window's does not.
    const timestamp = Math.round((performance.now() - begun) * 1000);
    let frame: VideoFrame;
    try {
      frame = new VideoFrame(video, { timestamp });
    } catch {
      // Between two sizes the element has no picture; the next one comes by itself.
      return;
    }
    sender.send({ frame, timestamp, rotation: 0, epoch: 0 });
  };
  const over = (): void => {
    if (!ended) sender.end();
  };
  function dispose(): void {
    if (ended) return;
    ended = true;
    track.removeEventListener('ended', over);
    track.stop();
    video.pause();
    video.srcObject = null;
    sender.end();
    sender.close();
  }
  track.addEventListener('ended', over);
  video.requestVideoFrameCallback(take);
  // A page that nobody sees may refuse; it plays when it is seen.
  video.play().catch(() => {});
  return { handle: { kind: 'port', port: port2, live: true }, dispose };
}
