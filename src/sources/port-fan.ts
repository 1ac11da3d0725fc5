/**
 * Several cameras through a port each, on one clock: what is sent goes to all of them, and a reader that asks late gets
 * the newest. One that rests (nobody sees its camera) holds nobody up.
 */
import type { TimedFrame } from '../media/timed-frame';
import type { FrameSink } from './frame-sink';

/** The sending ends of all cameras; those of each behave as `FramePortSender` says. */
export class PortFan implements FrameSink {
  readonly #lanes: readonly Lane[];

  /** @param senders one for each camera, in their order, at least one; owned from now on */
  constructor(private readonly senders: readonly FrameSink[]) {
    this.#lanes = senders.map((sender) => new Lane(sender));
  }

  /** Whether all readers went away. */
  get closed(): boolean {
    return this.senders.every(({ closed }) => closed);
  }

  /** Whether any reader is waiting for a frame. */
  get wanted(): boolean {
    return this.senders.some(({ wanted }) => wanted);
  }

  /** Resolves to true once a reader wants a frame, to false once all are gone. */
  async ready(): Promise<boolean> {
    while (!this.wanted && !this.closed)
      await Promise.race(this.senders.flatMap((sender) => (sender.closed ? [] : [sender.ready()])));
    return !this.closed;
  }

  /** Gives each camera its picture of one moment. Returns whether there was anybody to take one. */
  send(frame: TimedFrame, beside: readonly TimedFrame[] = []): boolean {
    const wanted = this.wanted;
    for (const [n, each] of [frame, ...beside].entries()) {
      const lane = this.#lanes[n];
      if (lane) lane.put(each);
      else each.frame.close();
    }
    return wanted;
  }

  /** Tells all readers that no frame follows. */
  end(): void {
    for (const sender of this.senders) if (!sender.closed) sender.end();
  }

  /** Closes all ports, and what still waited for a reader. */
  close(): void {
    for (const [n, sender] of this.senders.entries()) {
      sender.close();
      this.#lanes[n]!.drop();
    }
  }
}

/** One camera's way: the newest picture waits here until its reader asks. */
class Lane {
  #waiting: TimedFrame | null = null;
  #handing = false;
  /** Epoch in which its camera was told to show nothing; null while it shows something. */
  #emptyIn: number | null = null;

  constructor(private readonly sender: FrameSink) {}

  put(timed: TimedFrame): void {
    const empty = showsNothing(timed);
    // Said once: the network has better to do than to look at nothing.
    if (this.sender.closed || (empty && this.#emptyIn === timed.epoch)) {
      timed.frame.close();
      return;
    }
    this.#emptyIn = empty ? timed.epoch : null;
    this.drop();
    if (this.sender.wanted) this.sender.send(timed);
    else {
      this.#waiting = timed;
      void this.#hand();
    }
  }

  /** Closes what waits. */
  drop(): void {
    this.#waiting?.frame.close();
    this.#waiting = null;
  }

  /** Gives what waits away when it is asked for. Never rejects. */
  async #hand(): Promise<void> {
    if (this.#handing) return;
    this.#handing = true;
    while (this.#waiting && (await this.sender.ready())) {
      const timed: TimedFrame | null = this.#waiting;
      this.#waiting = null;
      if (timed) this.sender.send(timed);
    }
    this.#handing = false;
    // Its reader is gone.
    if (this.sender.closed) this.drop();
  }
}

/** Whether all of a picture is blank. */
function showsNothing({ blanks }: TimedFrame): boolean {
  return blanks?.some(({ width, height }) => width === 1 && height === 1) ?? false;
}
