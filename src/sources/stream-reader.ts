/**
 * The reading end of a source that is a stream of bare `VideoFrame`s (a camera), and the one function that turns
 * whatever a source handed over into a reader.
 */
import { CarriagewayError } from '../errors';
import type { Rotation } from '../media/size';
import type { FrameHandle, FrameReader, TimedFrame } from '../media/timed-frame';
import { upright } from '../media/upright';
import { FramePortReader } from './frame-port';

/**
 * Reads a transferred `ReadableStream` of frames. The stream itself keeps one frame at most
 * (`MediaStreamTrackProcessor` with `maxBufferSize: 1` drops the older one), so a slow reader sees the newest.
 */
export class StreamFrameReader implements FrameReader {
  readonly live = true;
  readonly #reader: ReadableStreamDefaultReader<VideoFrame>;
  #closed = false;

  /**
   * @param stream owned from now on
   * @param rotation turn of every frame, on top of what a frame says of itself
   */
  constructor(
    stream: ReadableStream<VideoFrame>,
    private readonly rotation: Rotation,
  ) {
    this.#reader = stream.getReader();
  }

  /**
   * The next frame, or null when the track has ended or the reader was disposed.
   * @throws CarriagewayError `source-failed` when the stream breaks
   */
  async read(): Promise<TimedFrame | null> {
    if (this.#closed) return null;
    let result: ReadableStreamReadResult<VideoFrame>;
    try {
      result = await this.#reader.read();
    } catch (cause) {
      if (this.#closed) return null;
      throw new CarriagewayError('source-failed', cause instanceof Error ? cause.message : String(cause), {
        cause,
      });
    }
    if (result.done) return null;
    if (this.#closed) {
      result.value.close();
      return null;
    }
    const { frame, rotation } = upright(result.value, this.rotation);
    return { frame, timestamp: frame.timestamp, rotation, epoch: 0 };
  }

  /** Cancels the stream, which frees the frame that may wait in it. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    // A stream whose writing end already failed rejects here; it is gone all the same.
    await this.#reader.cancel().catch(() => {});
  }
}

/** The reader of what a source handed over; owns it. */
export function readerOf(handle: FrameHandle): FrameReader {
  return handle.kind === 'port'
    ? new FramePortReader(handle.port, handle.live, handle.onDemand)
    : new StreamFrameReader(handle.stream, handle.rotation);
}
