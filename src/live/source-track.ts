/**
 * Any source as a track that WebRTC can send: camera, file or simulated drive. Frames go from the source's worker
 * through the pump's worker into the track, and the page itself touches none. Where a browser makes no track of frames
 * (Firefox, Safari), the page draws them on a canvas, whose track is sent.
 */
import { CarriagewayError } from '../errors';
import { uprightSize } from '../media/size';
import type { FrameReader, TimedFrame } from '../media/timed-frame';
import { drawUpright } from '../sources/recording/draw-upright';
import type { FrameSource } from '../sources/source';
import { readerOf } from '../sources/stream-reader';

/** A track and what feeds it. */
export interface SourceTrack {
  readonly track: MediaStreamTrack;
  /** Ends the track, whatever feeds it and the source. */
  dispose(): Promise<void>;
}

/**
 * Makes a track of a source.
 * @param source owned from now on, also on errors
 * @throws CarriagewayError `live-unsupported`
 */
export async function trackOf(source: FrameSource): Promise<SourceTrack> {
  const Generator = (globalThis as Partial<typeof globalThis>).MediaStreamTrackGenerator;
  if (Generator) return pumpedTrack(source, new Generator({ kind: 'video' }));
  return drawnTrack(source);
}

function pumpedTrack(source: FrameSource, track: MediaStreamTrackGenerator<VideoFrame>): SourceTrack {
  const worker = new Worker(new URL('../../workers/pump.worker.ts', import.meta.url), {
    type: 'module',
    name: 'pump',
  });
  const handle = source.handle();
  const { writable } = track;
  worker.postMessage({ handle, writable }, [writable, handle.kind === 'port' ? handle.port : handle.stream]);
  return {
    track,
    async dispose() {
      track.stop();
      await source.dispose();
      worker.terminate();
    },
  };
}

/** Draws what comes on a canvas that is never on the page; its track has a picture for each drawing. */
async function drawnTrack(source: FrameSource): Promise<SourceTrack> {
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d', { alpha: false });
  const stream = context && 'captureStream' in canvas ? canvas.captureStream() : null;
  const [track] = stream?.getVideoTracks() ?? [];
  if (!context || !track) {
    await source.dispose();
    throw new CarriagewayError('live-unsupported', 'neither MediaStreamTrackGenerator nor captureStream');
  }
  const { width, height } = source.info;
  canvas.width = width;
  canvas.height = height;
  const reader = readerOf(source.handle());
  const done = drawAll(reader, context).finally(() => track.stop());
  return {
    track,
    async dispose() {
      track.stop();
      await reader[Symbol.asyncDispose]();
      await source.dispose();
      await done;
    },
  };
}

/** Until the source ends. Never rejects: what befell the source is told by the source. */
async function drawAll(reader: FrameReader, context: CanvasRenderingContext2D): Promise<void> {
  try {
    for (let timed = await reader.read(); timed; timed = await reader.read()) draw(timed, context);
  } catch {
    // Said by the source's own event.
  }
}

function draw({ frame, rotation }: TimedFrame, context: CanvasRenderingContext2D): void {
  try {
    const { canvas } = context;
    const size = uprightSize({ width: frame.displayWidth, height: frame.displayHeight }, rotation);
    if (canvas.width !== size.width) canvas.width = size.width;
    if (canvas.height !== size.height) canvas.height = size.height;
    drawUpright(context, { frame, rotation }, { x: 0, y: 0, ...size });
  } finally {
    frame.close();
  }
}
