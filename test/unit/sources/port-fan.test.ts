/** Several cameras through a port each: the newest for whoever asks late, nothing twice, and every frame closed once. */
import { expect, test } from 'vitest';
import type { TimedFrame } from '../../../src/media/timed-frame';
import type { FrameSink } from '../../../src/sources/frame-sink';
import { PortFan } from '../../../src/sources/port-fan';
import { ALL_BLANK } from '../../../src/sources/recording/recording';
import { CountedFrame, settle, timedFrame } from '../../fakes/stage-parts';

/** A sender whose reader asks when told to. */
class HandSender implements FrameSink {
  readonly sent: number[] = [];
  closed = false;
  ended = 0;
  #credit = 0;
  #waiting: (() => void)[] = [];

  get wanted(): boolean {
    return this.#credit > 0 && !this.closed;
  }

  async ready(): Promise<boolean> {
    while (!this.wanted && !this.closed)
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
      });
    return !this.closed;
  }

  send({ frame, timestamp }: TimedFrame): boolean {
    frame.close();
    if (!this.wanted) return false;
    this.#credit--;
    this.sent.push(timestamp);
    return true;
  }

  end(): void {
    this.ended++;
  }

  close(): void {
    this.closed = true;
    this.#wake();
  }

  want(): void {
    this.#credit++;
    this.#wake();
  }

  #wake(): void {
    for (const go of this.#waiting.splice(0)) go();
  }
}

function fanOf(count: number): { fan: PortFan; senders: HandSender[]; frames: CountedFrame[] } {
  const senders = Array.from({ length: count }, () => new HandSender());
  return { fan: new PortFan(senders), senders, frames: [] };
}

function moment(
  frames: CountedFrame[],
  timestamp: number,
  count: number,
  epoch = 0,
): [TimedFrame, TimedFrame[]] {
  const [first, ...beside] = Array.from({ length: count }, () => {
    const frame = new CountedFrame();
    frames.push(frame);
    return timedFrame(timestamp, epoch, frame);
  });
  return [first!, beside];
}

test('all cameras get one moment; one that asks late gets the newest, and holds nobody up', async () => {
  const { fan, senders, frames } = fanOf(3);
  senders[0]!.want();
  senders[2]!.want();
  expect(fan.wanted).toBe(true);
  fan.send(...moment(frames, 1, 3));
  senders[0]!.want();
  fan.send(...moment(frames, 2, 3));
  expect(senders.map(({ sent }) => sent)).toEqual([[1, 2], [], [1]]);
  senders[1]!.want();
  senders[2]!.want();
  await settle();
  expect(senders.map(({ sent }) => sent)).toEqual([[1, 2], [2], [1, 2]]);
  fan.close();
  expect(frames.map(({ closed }) => closed)).toEqual(frames.map(() => 1));
});

test('a frame is wanted as soon as any reader asks, and none is when all are gone', async () => {
  const { fan, senders } = fanOf(2);
  let ready: boolean | null = null;
  void fan.ready().then((is) => {
    ready = is;
  });
  await settle();
  expect([ready, fan.wanted]).toEqual([null, false]);
  senders[1]!.want();
  await settle();
  expect([ready, fan.wanted]).toEqual([true, true]);
  senders[1]!.close();
  expect([fan.closed, fan.wanted]).toEqual([false, false]);
  const gone = fan.ready();
  senders[0]!.close();
  expect(await gone).toBe(false);
  expect(fan.closed).toBe(true);
});

test('a camera that shows nothing is told once, and again after a jump', () => {
  const { fan, senders, frames } = fanOf(2);
  const empty = (timestamp: number, epoch: number): void => {
    for (const sender of senders) sender.want();
    const [first, [other]] = moment(frames, timestamp, 2, epoch) as [TimedFrame, [TimedFrame]];
    fan.send(first, [{ ...other, blanks: ALL_BLANK }]);
  };
  empty(1, 0);
  empty(2, 0);
  empty(3, 1);
  for (const sender of senders) sender.want();
  fan.send(...moment(frames, 4, 2, 1));
  empty(5, 1);
  expect(senders.map(({ sent }) => sent)).toEqual([
    [1, 2, 3, 4, 5],
    [1, 3, 4, 5],
  ]);
  fan.close();
  expect(frames.map(({ closed }) => closed)).toEqual(frames.map(() => 1));
});

test('what waits for a reader that goes away is closed', async () => {
  const { fan, senders, frames } = fanOf(2);
  senders[0]!.want();
  fan.send(...moment(frames, 1, 2));
  expect(frames[1]!.closed).toBe(0);
  senders[1]!.close();
  await settle();
  expect(frames[1]!.closed).toBe(1);
  fan.end();
  expect(senders.map(({ ended }) => ended)).toEqual([1, 0]);
  fan.close();
  expect(frames.map(({ closed }) => closed)).toEqual([1, 1]);
});
