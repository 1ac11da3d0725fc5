import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { CarriagewayError } from '../../../src/errors';
import type { TimedFrame } from '../../../src/media/timed-frame';
import type { FrameSink } from '../../../src/sources/frame-sink';
import { FilePlayer, type Playable } from '../../../src/sources/recording/file-player';
import type { FileFrame } from '../../../src/sources/recording/recording';
import type { SourceEvent } from '../../../src/sources/source';

const RATE = 10;

/** A second of frames at ten a second; counts what happens to each. */
class FakeFile implements Playable {
  readonly info = { duration: 1 };
  made = 0;
  closed = 0;
  /** Decoders that are open now. */
  decoders = 0;
  /** Milliseconds that each frame takes to decode. */
  decodeTime = 0;
  /** Frame at which the file is damaged. */
  damagedAt = Number.POSITIVE_INFINITY;

  async *frames(seconds: number): AsyncGenerator<FileFrame, void, undefined> {
    this.decoders++;
    try {
      // Like the real file, it shows its last frame for any time past it.
      for (let n = Math.min(Math.floor(seconds * RATE + 1e-9), RATE - 1); n < RATE; n++) {
        if (this.decodeTime) await new Promise((resolve) => setTimeout(resolve, this.decodeTime));
        if (n >= this.damagedAt) throw new CarriagewayError('source-truncated', `frame ${n}`);
        yield this.#frame(n);
      }
    } finally {
      this.decoders--;
    }
  }

  async neighbour(seconds: number, frames: number): Promise<number> {
    const shown = Math.floor(seconds * RATE + 1e-6);
    return Math.min(RATE - 1, Math.max(0, shown + frames)) / RATE;
  }

  #frame(n: number): FileFrame {
    this.made++;
    let open = true;
    const close = () => {
      if (!open) throw new Error('a frame was closed twice');
      open = false;
      this.closed++;
    };
    const frame = { close } as unknown as VideoFrame;
    return { frame, rotation: 90, seconds: n / RATE, duration: 1 / RATE, close };
  }
}

/** A reader that takes frames when told to, at the moment of fake time it is told. */
class FakeReader implements FrameSink {
  closed = false;
  ended = false;
  readonly seen: { number: number; epoch: number; at: number }[] = [];
  /** Asks for the next frame as soon as it has one. */
  eager = true;
  #credit = 1;
  #waiting: (() => void) | null = null;

  get wanted(): boolean {
    return this.#credit > 0 && !this.closed;
  }

  async ready(): Promise<boolean> {
    while (!this.wanted && !this.closed)
      await new Promise<void>((resolve) => {
        this.#waiting = resolve;
      });
    return !this.closed;
  }

  send({ frame, timestamp, epoch, rotation }: TimedFrame): boolean {
    expect(this.wanted).toBe(true);
    expect(rotation).toBe(90);
    frame.close();
    this.#credit--;
    this.seen.push({ number: Math.round((timestamp / 1e6) * RATE), epoch, at: performance.now() });
    if (this.eager) this.want();
    return true;
  }

  want(): void {
    this.#credit++;
    this.#waiting?.();
  }

  leave(): void {
    this.closed = true;
    this.#waiting?.();
  }

  end(): void {
    this.ended = true;
  }

  close(): void {
    this.leave();
  }

  get numbers(): number[] {
    return this.seen.map((frame) => frame.number);
  }
}

let file: FakeFile;
let reader: FakeReader;
let events: SourceEvent[];
let player: FilePlayer;

function start(): FilePlayer {
  player = new FilePlayer(file, reader, (event) => events.push(event));
  return player;
}

const pass = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds);
const ended = () => events.filter((event) => event.type === 'ended').length;

beforeEach(() => {
  vi.useFakeTimers();
  file = new FakeFile();
  reader = new FakeReader();
  events = [];
});

afterEach(async () => {
  const disposal = player[Symbol.asyncDispose]();
  await pass(1000);
  await disposal;
  vi.useRealTimers();
  expect(file.decoders).toBe(0);
  expect(file.closed).toBe(file.made);
});

describe('playing', () => {
  test('each frame once, at its time', async () => {
    start();
    await pass(1);
    const begin = reader.seen[0]!.at;
    await pass(1200);
    // The last one stands, and so comes once more in an epoch of its own.
    expect(reader.numbers).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 9]);
    expect(reader.seen.at(-1)!.epoch).toBe(1);
    for (const { number, at } of reader.seen.slice(0, -1)) expect(at - begin).toBeCloseTo(number * 100, -1);
    expect(ended()).toBe(1);
    expect(events).toContainEqual({ type: 'time', seconds: 1, playing: false });
    expect(events.at(-1)).toEqual({ type: 'time', seconds: 0.9, playing: false });
  });

  test('time waits for the reader’s first frame', async () => {
    reader.eager = false;
    reader.send = () => expect.unreachable('nobody asked');
    Object.defineProperty(reader, 'wanted', { get: () => false });
    start();
    await pass(5000);
    expect(ended()).toBe(0);
    expect(events.filter((event) => event.type === 'time')).toEqual([]);
  });

  test('a slow reader gets the newest frame; those overtaken are closed, all are decoded', async () => {
    reader.eager = false;
    start();
    await pass(1);
    for (const wait of [350, 200, 300]) {
      await pass(wait);
      reader.want();
      await pass(1);
    }
    expect(reader.numbers).toEqual([0, 3, 5, 8]);
    expect(file.made).toBe(10);
  });

  test('a decoder that cannot keep up shows every frame, in slow motion', async () => {
    file.decodeTime = 250;
    start();
    await pass(3000);
    expect(reader.numbers.slice(0, 10)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    const gaps = reader.seen.slice(1, 10).map((frame, i) => frame.at - reader.seen[i]!.at);
    expect(Math.max(...gaps)).toBeLessThan(300);
  });

  test('no more frames are decoded ahead than the queue holds', async () => {
    start();
    void player.pause();
    await pass(1000);
    expect(reader.numbers).toEqual([0]);
    expect(file.made).toBeLessThanOrEqual(5);
  });

  test('reports of time come now and then, not with each frame', async () => {
    start();
    await pass(900);
    const times = events.flatMap((event) => (event.type === 'time' ? [event.seconds] : []));
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(times.length).toBeGreaterThanOrEqual(3);
    expect(times.length).toBeLessThanOrEqual(5);
  });
});

describe('transport', () => {
  test('pause holds the picture, alone in a new epoch, at its time; play goes on from there', async () => {
    start();
    await pass(250);
    void player.pause();
    await pass(5000);
    expect(reader.numbers).toEqual([0, 1, 2, 2]);
    expect(reader.seen.at(-1)!.epoch).toBe(1);
    expect(events.at(-1)).toEqual({ type: 'time', seconds: 0.2, playing: false });
    player.play();
    await pass(100);
    expect(reader.numbers).toEqual([0, 1, 2, 2, 3]);
  });

  test('steps go frame by frame, and no further than the ends', async () => {
    start();
    await pass(1);
    for (const [frames, number] of [
      [1, 1],
      [1, 2],
      [-1, 1],
      [4, 5],
      [-2, 3],
      [100, 9],
      [1, 9],
      [-100, 0],
      [-1, 0],
    ] as const) {
      void player.step(frames);
      await pass(200);
      expect(reader.numbers.at(-1)).toBe(number);
      expect(events.at(-1)).toEqual({ type: 'time', seconds: number / RATE, playing: false });
    }
    expect(ended()).toBe(0);
  });

  test('steps in a hurry all count', async () => {
    start();
    await pass(1);
    for (const frames of [1, 1, 1, -1, 1, 1]) void player.step(frames);
    await pass(100);
    expect(reader.numbers.at(-1)).toBe(4);
  });

  test('a seek right after a step goes where it was told', async () => {
    start();
    await pass(350);
    void player.step(1);
    void player.seek(0);
    void player.step(1);
    await pass(200);
    expect(reader.numbers.at(-1)).toBe(1);
    void player.step(3);
    void player.seek(0.6);
    await pass(200);
    expect(reader.numbers.at(-1)).toBe(6);
  });

  test('a step forward shows what was decoded ahead', async () => {
    start();
    void player.pause();
    await pass(100);
    const { made } = file;
    void player.step(1);
    await pass(100);
    expect(reader.numbers).toEqual([0, 1]);
    expect(file.made - made).toBe(1);
  });

  test.for([
    [2, 500],
    [0.5, 2000],
  ])('at speed %d the file takes %i ms', async ([rate, milliseconds]) => {
    player = start();
    player.setRate(rate!);
    await pass(milliseconds! - 20);
    expect(ended()).toBe(0);
    await pass(60);
    expect(ended()).toBe(1);
    expect(reader.numbers.slice(0, 10)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  test('at 16 times the speed frames are skipped and none is shown late', async () => {
    reader.eager = false;
    start();
    player.setRate(16);
    await pass(1);
    await pass(32);
    reader.want();
    await pass(1);
    expect(reader.numbers).toEqual([0, 5]);
  });

  test('backwards: frames in falling order, each at its time, until the start', async () => {
    start();
    await pass(1);
    await player.seek(0.8);
    await pass(1);
    const from = reader.seen.length;
    player.setRate(-2);
    await pass(1000);
    const back = reader.numbers.slice(from);
    expect(back).toEqual([7, 6, 5, 4, 3, 2, 1, 0, 0]);
    expect(events.at(-1)).toEqual({ type: 'time', seconds: 0, playing: false });
    player.setRate(1);
    player.play();
    await pass(150);
    expect(reader.numbers.slice(-1)).toEqual([1]);
  });

  test('a range: stops on its last frame, or loops inside it', async () => {
    start();
    player.setRange({ from: 0.2, to: 0.4 });
    await pass(700);
    expect(reader.numbers).toEqual([0, 1, 2, 3, 4, 4]);
    player.setLoop(true);
    player.play();
    await pass(650);
    expect(reader.numbers.slice(6)).toEqual([2, 3, 4, 2, 3, 4]);
    player.setRange(null);
    await pass(300);
    expect(reader.numbers.at(-1)).toBeGreaterThan(4);
  });

  test('a range that was passed already holds nothing up', async () => {
    start();
    await pass(1);
    void player.seek(0.6);
    player.setRange({ from: 0.2, to: 0.4 });
    await pass(800);
    expect(reader.numbers.slice(1)).toEqual([6, 7, 8, 9, 9]);
  });

  test.for([
    [0.55, 5],
    [0.5, 5],
    [0, 0],
    [-4, 0],
    [99, 9],
  ])('a seek to %d s while paused shows frame %i alone, in a new epoch', async ([seconds, number]) => {
    start();
    void player.pause();
    await pass(100);
    await player.seek(seconds!);
    await pass(1000);
    expect(reader.seen.slice(1)).toMatchObject([{ number, epoch: 1 }]);
    expect(ended()).toBe(0);
  });

  test('a seek while playing goes on from there', async () => {
    start();
    await pass(150);
    void player.seek(0.7);
    await pass(1000);
    expect(reader.numbers).toEqual([0, 1, 7, 8, 9, 9]);
    expect(ended()).toBe(1);
  });

  test('of seeks in a hurry the last one decodes', async () => {
    start();
    void player.pause();
    await pass(100);
    file.decodeTime = 40;
    const before = file.made;
    const seeks = [0.2, 0.9, 0.1, 0.6].map((seconds) => player.seek(seconds));
    await pass(1000);
    await Promise.all(seeks);
    expect(reader.seen.slice(1)).toMatchObject([{ number: 6, epoch: 4 }]);
    // The queue's worth of the last seek, and no more than one frame that was under way.
    expect(file.made - before).toBeLessThanOrEqual(6);
  });

  test('a loop begins a new epoch, and the end is never told', async () => {
    start();
    player.setLoop(true);
    await pass(2550);
    expect(reader.numbers).toEqual([
      0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2, 3, 4, 5,
    ]);
    expect(reader.seen.at(-1)!.epoch).toBe(2);
    expect(ended()).toBe(0);
  });

  test('at the end the last picture stays; play begins anew, a seek shows its frame', async () => {
    start();
    await pass(1500);
    expect(ended()).toBe(1);
    await player.seek(0.3);
    await pass(500);
    expect(reader.numbers.at(-1)).toBe(3);
    player.play();
    await pass(2000);
    expect(reader.numbers.at(-1)).toBe(9);
    expect(ended()).toBe(2);
    player.play();
    await pass(50);
    expect(reader.numbers.at(-1)).toBe(0);
  });
});

describe('damage and departure', () => {
  test('plays up to the damage, tells it once, and can be played again', async () => {
    file.damagedAt = 4;
    start();
    await pass(2000);
    expect(reader.numbers).toEqual([0, 1, 2, 3]);
    expect(events.filter((event) => event.type === 'error')).toMatchObject([
      { error: { code: 'source-truncated', detail: 'frame 4' } },
    ]);
    expect(ended()).toBe(1);
    player.play();
    await pass(150);
    expect(reader.numbers.slice(4)).toEqual([0, 1]);
  });

  test('a loop over nothing but damage does not spin', async () => {
    file.damagedAt = 0;
    start();
    player.setLoop(true);
    await pass(1000);
    expect(ended()).toBe(1);
    expect(events.filter((event) => event.type === 'error')).toHaveLength(1);
  });

  test('a reader that leaves stops the decoding', async () => {
    start();
    await pass(250);
    reader.leave();
    await pass(500);
    expect(file.decoders).toBe(0);
    expect(file.closed).toBe(file.made);
  });

  test('dispose in the middle of a decode ends everything and tells the reader', async () => {
    file.decodeTime = 100;
    start();
    await pass(150);
    const disposal = player[Symbol.asyncDispose]();
    await pass(200);
    await disposal;
    expect(reader.ended).toBe(true);
    expect(reader.closed).toBe(true);
    await player.seek(0);
    await pass(500);
    expect(file.decoders).toBe(0);
  });
});
