/**
 * Any source as a track that WebRTC can send: camera, file or simulated drive. Frames go from the source's worker
 * through the pump's worker into the track; the page itself touches none.
 */
import { CarriagewayError } from '../errors';
import type { FrameSource } from '../sources/source';

/** A track and what feeds it. */
export interface SourceTrack {
  readonly track: MediaStreamTrack;
  /** Ends the track, the pump and the source. */
  dispose(): Promise<void>;
}

/**
 * Makes a track of a source.
 * @param source owned from now on, also on errors
 * @throws CarriagewayError `live-unsupported`
 */
export async function trackOf(source: FrameSource): Promise<SourceTrack> {
  const Generator = (globalThis as Partial<typeof globalThis>).MediaStreamTrackGenerator;
  if (!Generator) {
    await source.dispose();
    throw new CarriagewayError('live-unsupported', 'no MediaStreamTrackGenerator');
  }
  const track = new Generator({ kind: 'video' });
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
