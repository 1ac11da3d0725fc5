/**
 * Plays a recording into a frame port: shows each frame at its time, and lets the newest win when the reader is slow. Two
 * loops share a queue: `ReadAhead` decodes into it, and this one empties it by the clock.
 */

import { Signal } from '../../media/signal';
import type { TimedFrame } from '../../media/timed-frame';
import { SAME_TIME } from '../../media/times';
import type { FrameSink } from '../frame-sink';
import type { SourceEvent, TimeRange } from '../source';
import { MediaClock, type WallClock } from './media-clock';
import { ReadAhead } from './read-ahead';
import type { FileFrame } from './recording';
import { Rewind } from './rewind';

/**
 * How late a frame may come out of the decoder, in seconds, before the clock waits for it. A machine that cannot
 * decode in real time then shows slow motion, every frame of it, instead of ever larger jumps.
 */
const LATE_LIMIT = 0.1;

/** Milliseconds between two reports of the time: a scrubber that moves four times a second looks alive. */
const REPORT_INTERVAL = 250;

/** What can be played: a `Recording`, or a fake of it. */
export interface Playable {
  readonly info: { readonly duration: number };
  frames(seconds: number): AsyncGenerator<FileFrame, void, undefined>;
  /** See `Recording.neighbour`. */
  neighbour(seconds: number, frames: number): Promise<number>;
}

/** Plays one file. Starts by itself once the reader wants its first frame. */
export class FilePlayer implements AsyncDisposable {
  readonly #clock: MediaClock;
  readonly #ahead: ReadAhead;
  /** Something changed: the showing loop looks again. */
  readonly #changed = new Signal();
  readonly #showing: Promise<void>;
  #epoch = -1;
  #wantsPlay = true;
  /** A frame of this epoch was shown; until then the clock waits, so that a slow start eats no time. */
  #shown = false;
  #ended = false;
  #loop = false;
  #range: TimeRange | null = null;
  #disposed = false;
  /** Time of the frame sent last, in seconds. */
  #sent = 0;
  /** Steps under way: where one goes depends on where the one before it ended. */
  #stepping: Promise<void> = Promise.resolve();
  /** Seeks asked for: each takes the place of the steps before it. */
  #seeks = 0;
  readonly #rewind: Rewind;
  /** Resolved by the first frame of an epoch, or by the next one. */
  #whenShown: (() => void)[] = [];
  #awaitingCredit = false;
  #lastReport = Number.NEGATIVE_INFINITY;

  /**
   * @param file what to play; stays the caller's
   * @param sender where frames go; owned from now on
   * @param report told of time, end and damage
   */
  constructor(
    private readonly file: Playable,
    private readonly sender: FrameSink,
    private readonly report: (event: SourceEvent) => void,
    private readonly wall: WallClock = () => performance.now(),
  ) {
    this.#clock = new MediaClock(wall, file.info.duration);
    this.#ahead = new ReadAhead(
      file,
      (frame) => this.#arriving(frame),
      () => this.#changed.fire(),
    );
    this.#rewind = new Rewind(
      {
        show: (seconds) => this.#showAlone(seconds),
        before: (seconds) => file.neighbour(seconds, 0),
        atStart: () => void this.pause(),
      },
      wall,
    );
    void this.seek(0);
    this.#showing = this.#show();
  }

  /** Runs on, or from the start when it stands at the end. */
  play(): void {
    this.#wantsPlay = true;
    if (this.#rewind.rate !== null) this.#rewind.start(this.#clock.now);
    else if (this.#ended) void this.seek(this.#range?.from ?? 0);
    else if (this.#shown) this.#clock.play();
    this.#reportTime();
    this.#changed.fire();
  }

  /**
   * Stands still on the frame shown. That frame is sent once more, in an epoch of its own: whatever the reader skipped
   * while time ran, the picture that stands gets a mask computed from it alone. Resolves when it is ready to be read.
   */
  async pause(): Promise<void> {
    const ran = this.#wantsPlay;
    this.#halt();
    this.#reportTime();
    this.#changed.fire();
    if (ran && this.#shown && !this.#ended) await this.#jump(this.#sent);
  }

  /** Whether to start again at the end of the file, or of the range where there is one. */
  setLoop(loop: boolean): void {
    this.#loop = loop;
  }

  /** Plays no further than the end of a range; null plays all. */
  setRange(range: TimeRange | null): void {
    this.#range = range;
  }

  /**
   * Changes the speed: 1 is the recording's own, below 0 runs backwards. Frames that fall between two pictures are
   * decoded and not sent; backwards, they are left out.
   * @throws RangeError when `rate` is 0 or not finite
   */
  setRate(rate: number): void {
    this.#clock.setRate(Math.abs(rate));
    const now = this.#shown ? this.#sent : this.#clock.now;
    this.#rewind.stop();
    this.#rewind.rate = rate < 0 ? -rate : null;
    if (!this.#wantsPlay) return;
    this.#clock.pause();
    if (rate < 0) this.#rewind.start(now);
    else if (this.#shown) this.#clock.play();
    this.#changed.fire();
  }

  /**
   * Stands still `frames` frames further on, or back when negative; at either end no further than there are frames.
   * Resolves when that frame is ready to be read.
   */
  step(frames: number): Promise<void> {
    this.#halt();
    const seeks = this.#seeks;
    let shown: Promise<void> = Promise.resolve();
    this.#stepping = this.#stepping.then(async () => {
      const seconds = await this.file.neighbour(this.#clock.now, frames).catch(() => this.#clock.now);
      // Whoever sought meanwhile wants to be there, not beside where it was.
      if (this.#disposed || seeks !== this.#seeks) return;
      shown = this.#showQueued(seconds) ? Promise.resolve() : this.#jump(seconds);
    });
    return this.#stepping.then(() => shown);
  }

  /**
   * Jumps to the frame at or before `seconds`; clamped into the file. Of several calls in a hurry only the last one
   * decodes. Resolves when that frame is ready to be read, or another jump has taken its place.
   */
  async seek(seconds: number): Promise<void> {
    this.#seeks++;
    const rewinding = this.#rewind.running;
    this.#rewind.stop();
    await this.#jump(seconds);
    if (rewinding && this.#wantsPlay) this.#rewind.start(this.#clock.now);
  }

  async #jump(seconds: number): Promise<void> {
    if (this.#disposed) return;
    this.#startEpoch(seconds);
    // The clock keeps inside the recording.
    const ready = this.#ahead.begin(this.#clock.now);
    // Nobody asked for the first.
    if (this.#epoch > 0) this.#reportTime();
    await ready;
  }

  /** Time has jumped; what comes next is the first of its epoch. */
  #startEpoch(seconds: number): void {
    this.#epoch++;
    this.#ended = false;
    this.#shown = false;
    this.#clock.pause();
    this.#clock.seek(seconds);
    for (const resolve of this.#whenShown.splice(0)) resolve();
  }

  /** Goes to a frame that was decoded ahead already; says whether it was. */
  #showQueued(seconds: number): boolean {
    while ((this.#ahead.queue.first?.seconds ?? Number.POSITIVE_INFINITY) < seconds - SAME_TIME)
      this.#ahead.queue.takeFirst()?.close();
    this.#ahead.taken();
    const next = this.#ahead.queue.first;
    if (!next || next.seconds > seconds + SAME_TIME) return false;
    this.#startEpoch(next.seconds);
    this.#reportTime();
    this.#changed.fire();
    return true;
  }

  /** Shows one frame while running backwards; resolves when it was sent. */
  async #showAlone(seconds: number): Promise<void> {
    void this.#jump(seconds);
    await new Promise<void>((resolve) => this.#whenShown.push(resolve));
  }

  /** Stops time, in either direction. */
  #halt(): void {
    this.#wantsPlay = false;
    this.#rewind.stop();
    this.#clock.pause();
  }

  /** A machine that decodes too slowly: the clock waits for what comes. */
  #arriving(frame: FileFrame): void {
    const late = this.#clock.now - frame.seconds > LATE_LIMIT * this.#clock.rate;
    if (this.#shown && this.#ahead.queue.size === 0 && this.#clock.playing && late)
      this.#clock.seek(frame.seconds);
  }

  /** Sends frames at their times until disposed or the reader is gone. Never rejects. */
  async #show(): Promise<void> {
    while (!this.#disposed && !this.sender.closed) {
      const before = this.#ahead.queue.size;
      const now = this.#clock.now;
      this.#ahead.queue.dropOvertaken(now);
      if (this.sender.wanted) this.#sendDue(now);
      else this.#awaitCredit();
      if (this.#ahead.queue.size < before) this.#ahead.taken();
      if (this.#isOver(now)) this.#finish();
      else if (this.#clock.playing && this.wall() - this.#lastReport >= REPORT_INTERVAL) this.#reportTime();
      await this.#changed.wait(this.#millisecondsToNext());
    }
    if (!this.#disposed) this.#ahead.stop();
  }

  #sendDue(now: number): void {
    // The first frame after a jump is shown even if it lies a hair after the point asked for.
    const due = this.#ahead.queue.takeDue(now) ?? (this.#shown ? null : this.#ahead.queue.takeFirst());
    if (!due) return;
    const { seconds, beside } = due;
    const range = this.#range;
    if (range && this.#shown && seconds > range.to + SAME_TIME && this.#sent <= range.to + SAME_TIME) {
      due.close();
      this.#endRange(range);
      return;
    }
    const at = { timestamp: Math.round(seconds * 1e6), epoch: this.#epoch };
    this.sender.send(
      timedOf(due, at),
      beside?.map((other) => timedOf(other, at)),
    );
    this.#sent = seconds;
    if (this.#shown) return;
    this.#shown = true;
    // A clock that stands shows the time of the picture, not the point asked for.
    if (!this.#wantsPlay || this.#rewind.running) this.#clock.seek(seconds);
    else this.#clock.play();
    for (const resolve of this.#whenShown.splice(0)) resolve();
    this.#reportTime();
  }

  /** Starts again, or rests on the range's last picture, which a slow reader may not have seen. */
  #endRange(range: TimeRange): void {
    if (this.#loop) {
      void this.#jump(range.from);
      return;
    }
    this.#halt();
    void this.#jump(range.to);
  }

  #awaitCredit(): void {
    if (this.#awaitingCredit) return;
    this.#awaitingCredit = true;
    void this.sender.ready().then(() => {
      this.#awaitingCredit = false;
      this.#changed.fire();
    });
  }

  /** Until the queue's next frame is due; its second one matters too, since it may overtake the first. */
  #millisecondsToNext(): number {
    const now = this.#clock.now;
    const next = this.#ahead.queue.nextTimeAfter(now) ?? this.#end;
    return next === undefined ? Number.POSITIVE_INFINITY : this.#clock.millisecondsUntil(next);
  }

  /** Media time at which the last frame is over, in seconds; undefined until all is decoded. */
  get #end(): number | undefined {
    const { finished } = this.#ahead;
    return finished ? Math.min(finished.end, this.#clock.duration) : undefined;
  }

  #isOver(now: number): boolean {
    if (this.#ended || !this.#ahead.finished || this.#ahead.queue.size > 0) return false;
    // A run that decoded nothing is over even while paused: there is nothing to wait for.
    return this.#shown ? this.#clock.playing && now >= this.#end! : true;
  }

  #finish(): void {
    const { damage } = this.#ahead.finished!;
    if (damage) this.report({ type: 'error', error: damage });
    this.#ended = true;
    // Without a single frame shown, starting again would spin.
    if (this.#loop && this.#shown) {
      void this.#jump(this.#range?.from ?? 0);
      return;
    }
    this.#halt();
    this.#reportTime();
    this.report({ type: 'ended' });
    if (damage || !this.#shown) return;
    // The last picture stands from now on, and gets its own mask like any that stands.
    void this.#jump(this.#sent);
    this.#ended = true;
  }

  #reportTime(): void {
    this.#lastReport = this.wall();
    this.report({ type: 'time', seconds: this.#clock.now, playing: this.#wantsPlay });
  }

  /** Stops both loops, closes what was decoded and not sent, and tells the reader that nothing follows. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#rewind.stop();
    this.#ahead.stop();
    for (const resolve of this.#whenShown.splice(0)) resolve();
    if (!this.sender.closed) this.sender.end();
    this.sender.close();
    this.#changed.fire();
    await Promise.all([this.#ahead.ended(), this.#showing]);
  }
}

function timedOf(
  { frame, rotation, truth, blanks }: FileFrame,
  at: Pick<TimedFrame, 'timestamp' | 'epoch'>,
): TimedFrame {
  return { frame, rotation, ...at, ...(truth ? { truth } : {}), ...(blanks ? { blanks } : {}) };
}
