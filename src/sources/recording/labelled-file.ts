/** A recording with labels beside it: each frame comes with the map that belongs to it. */
import type { LabelMap } from '../../media/timed-frame';
import type { Playable } from './file-player';
import type { FileFrame } from './recording';

/** Label maps by frame. */
export interface Labels {
  /** Number of maps. */
  readonly size: number;
  /** The map of a frame by its number and its time in seconds; null when there is none. */
  at(n: number, seconds: number): Promise<LabelMap | null>;
}

/** A recording and what can be laid beside it. */
export class LabelledFile implements Playable {
  labels: Labels | null = null;

  /** @param file stays the caller's */
  constructor(private readonly file: Playable & { readonly info: { readonly frameRate?: number } }) {}

  get info(): Playable['info'] {
    return this.file.info;
  }

  neighbour(seconds: number, frames: number): Promise<number> {
    return this.file.neighbour(seconds, frames);
  }

  async *frames(seconds: number): AsyncGenerator<FileFrame, void, undefined> {
    const rate = this.file.info.frameRate ?? 0;
    for await (const frame of this.file.frames(seconds)) {
      // A map that cannot be read costs its own frame its truth, and nothing else.
      const truth = await this.labels?.at(Math.round(frame.seconds * rate), frame.seconds).catch(() => null);
      yield truth ? { ...frame, truth } : frame;
    }
  }
}
