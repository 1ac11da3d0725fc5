/**
 * Carries a source's frames into a track: reads at the source's pace, and lets a frame go when the track has not taken
 * the one before. Runs in a worker.
 */
import type { FrameReader } from '../media/timed-frame';

/**
 * Pumps until the source ends or the track is closed. Every frame is closed exactly once: by the track that took it, or
 * here.
 * @param reader owned from now on
 * @param writable the track's writing end; owned from now on
 */
export async function pump(reader: FrameReader, writable: WritableStream<VideoFrame>): Promise<void> {
  const writer = writable.getWriter();
  try {
    for (;;) {
      const timed = await reader.read();
      if (timed === null) break;
      // A backlog would only grow the delay; what is live is the newest.
      if ((writer.desiredSize ?? 0) <= 0) {
        timed.frame.close();
        continue;
      }
      try {
        await writer.write(timed.frame);
      } catch {
        timed.frame.close();
        break;
      }
    }
  } finally {
    await writer.close().catch(() => {});
    await reader[Symbol.asyncDispose]();
  }
}
