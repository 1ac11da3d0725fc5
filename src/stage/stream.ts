/**
 * One source's frames in the worker: read at the source's own pace, whatever inference does. The newest one waits for
 * the network, and the one the network saw last is kept to be shown to it again.
 */
import { type ErrorReport, reportOf } from '../errors';
import { NewestSlot, type WaitingFrame } from '../media/newest-slot';
import { Signal } from '../media/signal';
import type { FrameReader, TimedFrame } from '../media/timed-frame';

/** What a stream tells its view. */
export interface StreamEvents {
  /** A frame arrived; borrowed for the call, the stream keeps it for the network or closes it. */
  frameArrived(timed: TimedFrame, arrival: number): void;
  /** A frame will never be segmented. */
  frameDropped(): void;
  /** A frame waits for the network. */
  frameWaits(): void;
  /**
   * Resolves when the next frame is to be asked for, where frames are made on demand; null: at once, whatever waits.
   * @param making milliseconds that making one takes, of late
   */
  frameDue(making: number): Promise<void> | null;
  ended(): void;
  failed(error: ErrorReport): void;
}

/** Milliseconds without a frame after which a camera's picture counts as frozen: the slowest give five a second. */
const STALLED_AFTER = 1000;

/** Longest time for which no frame is asked for, in milliseconds, whatever the network does. */
const DEMAND_MAX = 1000;

/** Weight of the newest measurement in the mean time that making a frame takes. */
const NEWEST = 0.3;

/** Reads one source and owns what waits of it. */
export class FrameStream implements AsyncDisposable {
  readonly #slot = new NewestSlot();
  #last: TimedFrame | null = null;
  /** Epoch of the frame that was last taken for the network; null when the next counts as a jump. */
  #epoch: number | null = null;
  #stride = 1;
  #sinceTaken = 0;
  #closed = false;
  #paused = false;
  #resume: (() => void) | null = null;
  /** When the newest frame came, or reading began or went on. */
  #heard = 0;
  /** Milliseconds that making a frame takes, of late. */
  #making = 0;
  /** Ends the waiting for the moment to ask for a frame. */
  readonly #due = new Signal();

  /** @param source its name */
  constructor(
    readonly source: string,
    private readonly reader: FrameReader,
    private readonly events: StreamEvents,
    private readonly now: () => number,
  ) {}

  /** Begins to read. */
  start(): void {
    this.#heard = this.now();
    void this.#read();
  }

  /** Every how many frames one is kept for the network. */
  setStride(stride: number): void {
    this.#stride = stride;
  }

  /** Stops reading, or goes on. A paused port gives its source no credit, so the source rests as well. */
  setPaused(paused: boolean): void {
    if (this.#paused && !paused) this.#heard = this.now();
    this.#paused = paused;
    this.#wake();
  }

  /** Whether a source whose frames come by themselves (a camera) has stopped to send any: what is seen is no longer so. */
  stalled(now: number): boolean {
    return this.reader.live === true && !this.#paused && !this.#closed && now - this.#heard > STALLED_AFTER;
  }

  /** Whether a frame waits for the network. */
  get waits(): boolean {
    return this.#slot.full;
  }

  /** Frames held for the network: the one that waits and the one it saw last. */
  get held(): number {
    return (this.#slot.full ? 1 : 0) + (this.#last ? 1 : 0);
  }

  /** The frame the network saw last, for whoever clones it; stays the stream's. */
  get last(): TimedFrame | null {
    return this.#last;
  }

  /**
   * Takes the waiting frame for the network. It becomes `last` and stays the stream's: valid until the next is taken.
   * @returns it, and whether time has jumped since the one before; null when none waits
   */
  take(): (WaitingFrame & { readonly jumped: boolean }) | null {
    const waiting = this.#slot.take();
    if (!waiting) return null;
    this.#due.fire();
    const { epoch } = waiting.timed;
    const jumped = epoch !== this.#epoch;
    this.#epoch = epoch;
    this.forget();
    this.#last = waiting.timed;
    return { ...waiting, jumped };
  }

  /** Closes the frame that the network saw last. */
  forget(): void {
    this.#last?.frame.close();
    this.#last = null;
  }

  /**
   * Has the last frame segmented once more, as after a jump: a source that rests sends no other when the model or the
   * ignore region changes. A frame that waits serves as well and goes first.
   */
  repeat(): void {
    this.#epoch = null;
    if (!this.#slot.full && this.#last) {
      const timed = { ...this.#last, frame: this.#last.frame.clone() };
      this.#slot.put({ timed, arrival: this.now(), repeated: true });
    }
    if (this.#slot.full) this.events.frameWaits();
  }

  /** Stops reading and closes all that is owned. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    this.#wake();
    this.#slot[Symbol.dispose]();
    this.forget();
    await this.reader[Symbol.asyncDispose]();
  }

  async #read(): Promise<void> {
    try {
      while (!this.#closed) {
        if (this.#paused) {
          await new Promise<void>((resolve) => {
            this.#resume = resolve;
          });
          continue;
        }
        if (this.reader.onDemand) {
          await this.#untilDue();
          if (this.#closed || this.#paused) continue;
        }
        const asked = this.now();
        const timed = await this.reader.read();
        this.#making += NEWEST * (this.now() - asked - this.#making);
        if (timed === null) {
          if (!this.#closed) this.events.ended();
          return;
        }
        if (this.#closed) {
          timed.frame.close();
          return;
        }
        this.#accept(timed);
      }
    } catch (thrown) {
      if (!this.#closed) this.events.failed(reportOf(thrown, 'source-failed'));
    }
  }

  /** Waits until a frame asked for now would be in time for the network. */
  async #untilDue(): Promise<void> {
    const asking = this.events.frameDue(this.#making);
    if (!asking) return;
    const end = this.now() + DEMAND_MAX;
    let due = false;
    void asking.then(() => {
      due = true;
      this.#due.fire();
    });
    while (!this.#closed && !this.#paused && (!due || this.#slot.full)) {
      const left = end - this.now();
      if (left <= 0) return;
      await this.#due.wait(left);
    }
  }

  #accept(timed: TimedFrame): void {
    const arrival = this.now();
    this.#heard = arrival;
    this.#sinceTaken++;
    const wanted = timed.epoch !== this.#epoch || this.#sinceTaken >= this.#stride;
    let kept = false;
    try {
      this.events.frameArrived(timed, arrival);
      if (wanted) {
        this.#sinceTaken = 0;
        if (this.#slot.put({ timed, arrival })) this.events.frameDropped();
        kept = true;
      } else this.events.frameDropped();
    } finally {
      if (!kept) timed.frame.close();
    }
    if (kept) this.events.frameWaits();
  }

  #wake(): void {
    this.#resume?.();
    this.#resume = null;
    this.#due.fire();
  }
}
