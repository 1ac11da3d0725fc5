/** Two cameras of one drive in one picture: the front one to the left, the rear one to the right, equally high. */
import { CarriagewayError } from '../../errors';
import { SAME_TIME } from '../../media/times';
import type { FileFrame, FileSound, Recording, RecordingInfo } from './recording';

/** Largest side of the joint picture in pixels: that of the videos. */
const SIDE_MAX = 8192;

/** Two recordings side by side. Time, sound and steps are the front one's. */
export class SideBySide implements Recording {
  readonly info: RecordingInfo;
  readonly #height: number;
  readonly #frontWidth: number;
  readonly #rearWidth: number;

  /**
   * @param front owned from now on, as is `rear`
   * @param offset seconds by which the rear recording's time is ahead of the front one's at the same moment
   */
  constructor(
    private readonly front: Recording,
    private readonly rear: Recording,
    private readonly offset: number,
  ) {
    const [one, other] = [front.info, rear.info];
    const across = one.width + (other.width * one.height) / other.height;
    const scale = Math.min(1, SIDE_MAX / Math.max(across, one.height));
    this.#height = Math.max(1, Math.round(one.height * scale));
    this.#frontWidth = Math.max(1, Math.round(one.width * scale));
    this.#rearWidth = Math.max(1, Math.floor(across * scale) - this.#frontWidth);
    this.info = { ...one, width: this.#frontWidth + this.#rearWidth, height: this.#height };
  }

  async *frames(seconds: number): AsyncGenerator<FileFrame, void, undefined> {
    const rear = new Companion(this.rear);
    try {
      for await (const frame of this.front.frames(seconds)) {
        let joint: VideoFrame;
        try {
          joint = this.#join(frame, await rear.at(frame.seconds + this.offset));
        } finally {
          frame.close();
        }
        const { seconds: at, duration } = frame;
        yield { frame: joint, rotation: 0, seconds: at, duration, close: () => joint.close() };
      }
    } finally {
      await rear[Symbol.asyncDispose]();
    }
  }

  neighbour(seconds: number, frames: number): Promise<number> {
    return this.front.neighbour(seconds, frames);
  }

  numberAt(seconds: number): Promise<number> {
    return this.front.numberAt(seconds);
  }

  frameCount(): Promise<number> {
    return this.front.frameCount();
  }

  sound(): Promise<FileSound | null> {
    return this.front.sound();
  }

  place(): Promise<string | null> {
    return this.front.place();
  }

  [Symbol.dispose](): void {
    this.front[Symbol.dispose]();
    this.rear[Symbol.dispose]();
  }

  #join(front: FileFrame, rear: FileFrame | null): VideoFrame {
    const canvas = new OffscreenCanvas(this.info.width, this.#height);
    const context = canvas.getContext('2d', { alpha: false });
    if (!context) throw new CarriagewayError('source-failed', 'no 2D canvas for two pictures');
    drawUpright(context, front, 0, this.#frontWidth, this.#height);
    // Where the rear camera has nothing to show its half stays black.
    if (rear) drawUpright(context, rear, this.#frontWidth, this.#rearWidth, this.#height);
    return new VideoFrame(canvas, { timestamp: Math.round(front.seconds * 1e6), alpha: 'discard' });
  }
}

/** Reads a recording along with another: the frame shown at times that rise. */
class Companion implements AsyncDisposable {
  #frames: AsyncGenerator<FileFrame, void, undefined> | null = null;
  #shown: FileFrame | null = null;
  #next: FileFrame | null = null;

  constructor(private readonly recording: Recording) {}

  /** The frame at a time, borrowed until the next call; null before the first and after the end. */
  async at(seconds: number): Promise<FileFrame | null> {
    if (seconds < 0 || seconds > this.recording.info.duration) return null;
    if (!this.#frames) {
      this.#frames = this.recording.frames(seconds);
      this.#next = await this.#read();
    }
    while (this.#next && this.#next.seconds <= seconds + SAME_TIME) {
      this.#shown?.close();
      this.#shown = this.#next;
      this.#next = await this.#read();
    }
    return this.#shown;
  }

  /** The next frame; null at the end, and at damage: the front recording goes on. */
  async #read(): Promise<FileFrame | null> {
    try {
      const { value } = await this.#frames!.next();
      return value ?? null;
    } catch {
      return null;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#shown?.close();
    this.#next?.close();
    await this.#frames?.return();
  }
}

/** Draws a frame upright into a box that has its proportions. */
function drawUpright(
  context: OffscreenCanvasRenderingContext2D,
  { frame, rotation }: FileFrame,
  left: number,
  width: number,
  height: number,
): void {
  context.save();
  context.translate(left + width / 2, height / 2);
  context.rotate((rotation * Math.PI) / 180);
  const [across, down] = rotation % 180 === 0 ? [width, height] : [height, width];
  context.drawImage(frame, -across / 2, -down / 2, across, down);
  context.restore();
}
