/**
 * One stream's way through the worker: it reads its source at the source's own pace, whatever inference does, and
 * keeps the newest frame for the network.
 */
import { type ErrorReport, reportOf } from '../errors';
import type { FrameReader, TimedFrame } from '../media/timed-frame';
import type { EngineStream } from '../perception/engine';
import { LaneMeters } from './lane-meters';
import { NewestSlot } from './newest-slot';

/** What a lane tells its stage. */
export interface LaneEvents {
  /** A frame arrived; borrowed for the call, the lane keeps it for the network or closes it. */
  onFrame(lane: Lane, timed: TimedFrame): void;
  /** A frame waits for the network. */
  onWaiting(lane: Lane): void;
  onEnd(lane: Lane): void;
  onError(lane: Lane, error: ErrorReport): void;
}

/** Reads one source and owns what waits of it. */
export class Lane implements AsyncDisposable {
  readonly slot = new NewestSlot();
  readonly meters = new LaneMeters();
  /** The engine's state for this stream; owned here, replaced when engine or picture size change. */
  engineStream: EngineStream | null = null;
  /** Upright size the engine stream was made for. */
  streamSize = '';
  /** Epoch of the frame last segmented. */
  lastEpoch = -1;
  /** Timestamp of that frame, in microseconds. */
  lastTimestamp = 0;
  /** `performance.now()` at arrival of the frame last shown. */
  shownArrival = 0;
  #last: TimedFrame | null = null;
  #stride = 1;
  #sinceSegmented = 0;
  #closed = false;
  #paused = false;
  #resume: (() => void) | null = null;

  constructor(
    readonly key: string,
    private readonly reader: FrameReader,
    private readonly events: LaneEvents,
    private readonly now: () => number,
  ) {}

  /** Begins to read. */
  start(): void {
    void this.#read();
  }

  /** Every how many frames one is kept for the network. */
  set stride(stride: number) {
    this.#stride = stride;
  }

  /** Stops reading, or goes on. A paused port gives its source no credit, so the source rests as well. */
  setPaused(paused: boolean): void {
    this.#paused = paused;
    if (!paused) this.#wake();
  }

  /** Frames held for the network: the one that waits and the one it saw last. */
  get held(): number {
    return (this.slot.full ? 1 : 0) + (this.#last ? 1 : 0);
  }

  /** The frame the network saw last, for whoever clones it; stays the lane's. */
  get last(): TimedFrame | null {
    return this.#last;
  }

  /** Takes ownership of the frame the network works on, in place of the one before it. */
  keep(timed: TimedFrame): void {
    this.#last?.frame.close();
    this.#last = timed;
    if (this.#closed) this.forget();
  }

  /** Closes the frame that the network saw last. */
  forget(): void {
    this.#last?.frame.close();
    this.#last = null;
  }

  /**
   * Has the last frame segmented once more, as after a jump: a source that rests sends no other when the network or
   * the ignore region changes. A frame that waits serves as well and goes first.
   */
  repeat(): void {
    this.lastEpoch = -1;
    if (!this.slot.full && this.#last) {
      const timed = { ...this.#last, frame: this.#last.frame.clone() };
      this.slot.put({ timed, arrival: this.now(), repeated: true });
    }
    if (this.slot.full) this.events.onWaiting(this);
  }

  /** Gives up the engine's state, before the engine goes. */
  releaseEngineStream(): void {
    this.engineStream?.[Symbol.dispose]();
    this.engineStream = null;
    this.streamSize = '';
  }

  /** Stops reading and closes all that is owned. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    this.#wake();
    this.slot[Symbol.dispose]();
    this.forget();
    this.releaseEngineStream();
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
        const timed = await this.reader.read();
        if (timed === null) {
          if (!this.#closed) this.events.onEnd(this);
          return;
        }
        if (this.#closed) {
          timed.frame.close();
          return;
        }
        this.#accept(timed);
      }
    } catch (thrown) {
      if (!this.#closed) this.events.onError(this, reportOf(thrown, 'source-failed'));
    }
  }

  #accept(timed: TimedFrame): void {
    const arrival = this.now();
    this.meters.arrived(arrival);
    let kept = false;
    try {
      this.#sinceSegmented++;
      const jumped = timed.epoch !== this.lastEpoch;
      const wanted = jumped || this.#sinceSegmented >= this.#stride;
      if (wanted) this.#sinceSegmented = 0;
      this.events.onFrame(this, timed);
      if (wanted) {
        if (this.slot.put({ timed, arrival })) this.meters.dropped();
        kept = true;
      } else this.meters.dropped();
    } finally {
      if (!kept) timed.frame.close();
    }
    if (kept) this.events.onWaiting(this);
  }

  #wake(): void {
    this.#resume?.();
    this.#resume = null;
  }
}
