/** Entry of the worker that carries a source's frames into a track to be sent. The work is in `src/live/pump`. */
import { pump } from '../src/live/pump';
import type { FrameHandle } from '../src/media/timed-frame';
import { readerOf } from '../src/sources/stream-reader';

self.onmessage = ({
  data,
}: MessageEvent<{ readonly handle: FrameHandle; readonly writable: WritableStream<VideoFrame> }>) => {
  void pump(readerOf(data.handle), data.writable);
};
