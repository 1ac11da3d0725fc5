/** Reads a handed-over source and says what it sees: the size and turn of each frame, then `end`. */
import type { FrameHandle } from '../../../src/media/timed-frame';
import { readerOf } from '../../../src/sources/stream-reader';

self.onmessage = async (event: MessageEvent<FrameHandle>) => {
  await using reader = readerOf(event.data);
  for (let timed = await reader.read(); timed; timed = await reader.read()) {
    const { frame, rotation } = timed;
    self.postMessage({ width: frame.displayWidth, height: frame.displayHeight, rotation });
    frame.close();
  }
  self.postMessage('end');
};
