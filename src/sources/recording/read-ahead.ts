/**
 * Decodes a recording a little ahead of where it is shown, into a queue. One run of decoding at a time: a new one ends
 * the one before, and of several begun in a hurry only the last decodes anything.
 */
import { type ErrorReport, reportOf } from '../../errors';
import { Signal } from '../../media/signal';
import { FrameQueue } from './frame-queue';
import type { FileFrame, Recording } from './recording';

/** Frames decoded ahead. Few: an 8K frame takes 50 MB, and hardware decoders have only so many to give. */
const QUEUE_CAPACITY = 3;

/** How a run ended. */
export interface FinishedRun {
  /** Media time at which its last frame is over, in seconds. */
  readonly end: number;
  /** What cut it short; null when it came to the end. */
  readonly damage: ErrorReport | null;
}

/** Owns the frames that were decoded and not yet taken. */
export class ReadAhead {
  readonly queue = new FrameQueue<FileFrame>(QUEUE_CAPACITY);
  /** The queue has room, or the run is over: the decoding loop goes on. */
  readonly #room = new Signal();
  #run = 0;
  #decoding: Promise<void> = Promise.resolve();
  #finished: FinishedRun | null = null;

  /**
   * @param file stays the caller's
   * @param arriving told of each frame before it is queued
   * @param changed told that a frame was queued, or that the run is over
   */
  constructor(
    private readonly file: Pick<Recording, 'frames'>,
    private readonly arriving: (frame: FileFrame) => void,
    private readonly changed: () => void,
  ) {}

  /** Set when the present run has decoded all it can. */
  get finished(): FinishedRun | null {
    return this.#finished;
  }

  /** Drops what is queued and decodes from a time on. Resolves when the first frame is there, or none will come. */
  async begin(seconds: number): Promise<void> {
    this.stop();
    const run = this.#run;
    this.#finished = null;
    // One decoder at a time: the former run ends first.
    const before = this.#decoding;
    const ready = new Signal();
    this.#decoding = before.then(() => this.#decode(run, seconds, ready)).finally(() => ready.fire());
    await ready.wait();
  }

  /** Frames were taken: there may be room for more. */
  taken(): void {
    this.#room.fire();
  }

  /** Ends the present run and closes what is queued. */
  stop(): void {
    this.#run++;
    this.queue.clear();
    this.#room.fire();
  }

  /** Resolves when no loop runs any more. */
  async ended(): Promise<void> {
    await this.#decoding;
  }

  /** Decodes into the queue until the end, or until another run begins. Never rejects. */
  async #decode(run: number, seconds: number, ready: Signal): Promise<void> {
    if (run !== this.#run) return;
    let end = 0;
    let damage: ErrorReport | null = null;
    try {
      for await (const frame of this.file.frames(seconds)) {
        if (run !== this.#run) {
          frame.close();
          break;
        }
        end = Math.max(end, frame.seconds + frame.duration);
        this.arriving(frame);
        this.queue.push(frame);
        ready.fire();
        this.changed();
        while (this.queue.full && run === this.#run) await this.#room.wait();
      }
    } catch (thrown) {
      damage = reportOf(thrown, 'source-failed');
    }
    if (run !== this.#run) return;
    this.#finished = { end, damage };
    this.changed();
  }
}
