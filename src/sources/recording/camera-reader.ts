/** Reads one camera's clips along with another camera: the picture shown at times that rise. */
import { SAME_TIME } from '../../media/times';
import { type PlacedClip, shownAt } from './camera-schedule';
import type { FileFrame, Recording } from './recording';

/** A clip and the name of its file. */
export interface ClipRecording {
  readonly name: string;
  readonly recording: Recording;
}

/** Owns the frames it has read; the recordings stay the caller's. */
export class CameraReader implements AsyncDisposable {
  #clip = -1;
  #frames: AsyncGenerator<FileFrame, void, undefined> | null = null;
  #shown: FileFrame | null = null;
  #next: FileFrame | null = null;

  /**
   * @param placed where each clip lies on the time line
   * @param duration of the time line, in seconds
   */
  constructor(
    private readonly clips: readonly ClipRecording[],
    private readonly placed: readonly PlacedClip[],
    private readonly duration: number,
  ) {}

  /** The frame at a media time, borrowed until the next call; null where this camera has nothing to show. */
  async at(seconds: number): Promise<FileFrame | null> {
    const clip = seconds < -SAME_TIME ? -1 : shownAt(this.placed, this.duration, seconds);
    if (clip !== this.#clip) await this.#turnTo(clip, seconds);
    if (clip < 0) return null;
    const local = seconds - this.placed[clip]!.start;
    while (this.#next && this.#next.seconds <= local + SAME_TIME) {
      this.#shown?.close();
      this.#shown = this.#next;
      this.#next = await this.#read();
    }
    return this.#shown;
  }

  async #turnTo(clip: number, seconds: number): Promise<void> {
    await this.#leave();
    this.#clip = clip;
    if (clip < 0) return;
    const { recording } = this.clips[clip]!;
    const local = Math.max(0, seconds - this.placed[clip]!.start);
    this.#frames = recording.frames(Math.min(local, recording.info.duration));
    this.#next = await this.#read();
  }

  /** The next frame; null at the end, and at damage: the other cameras go on. */
  async #read(): Promise<FileFrame | null> {
    try {
      const { value } = await this.#frames!.next();
      return value ?? null;
    } catch {
      return null;
    }
  }

  async #leave(): Promise<void> {
    this.#shown?.close();
    this.#next?.close();
    this.#shown = null;
    this.#next = null;
    await this.#frames?.return();
    this.#frames = null;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#leave();
  }
}
