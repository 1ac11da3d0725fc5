import { afterEach, describe, expect, type TestContext, test, vi } from 'vitest';
import type { FrameReader } from '../../../src/media/timed-frame';
import { openAddress, openFile } from '../../../src/sources/recording/recording-source';
import type { FrameSource, SourceEvent } from '../../../src/sources/source';
import { readerOf } from '../../../src/sources/stream-reader';
import { clip, corners, frameNumber, look, readWhile } from './clips';

const UPRIGHT = 'red green white blue';
let cleanup: (() => Promise<void>)[] = [];

afterEach(async () => {
  vi.unstubAllGlobals();
  for (const step of cleanup.reverse()) await step();
  cleanup = [];
});

async function open(
  blob: Blob,
  name = 'clip',
): Promise<{ source: FrameSource; reader: FrameReader; events: SourceEvent[] }> {
  const source = await openFile(blob, name);
  const reader = readerOf(source.handle());
  const events: SourceEvent[] = [];
  source.onEvent((event) => events.push(event));
  cleanup.push(
    () => source.dispose(),
    async () => reader[Symbol.asyncDispose](),
  );
  return { source, reader, events };
}

/** The address of a generated clip; skips the test where it could not be made. */
async function addressOf(context: TestContext, name: string): Promise<URL> {
  await clip(context, name);
  return new URL(`/test/fixtures/generated/${name}`, location.href);
}

describe('at an address', () => {
  test.for(['h264.mp4', 'vp9.webm'])('%s: every frame, as of a file', async (name, context) => {
    const source = await openAddress(await addressOf(context, name));
    const reader = readerOf(source.handle());
    cleanup.push(
      () => source.dispose(),
      async () => reader[Symbol.asyncDispose](),
    );
    expect(source.info).toMatchObject({ kind: 'file', title: name, width: 160, height: 90 });
    expect(source.info.key).toMatch(/:[1-9]\d+$/);
    const numbers = await readWhile(
      reader,
      (timed) => frameNumber(look(timed).at),
      (all) => all.at(-1) !== 14,
    );
    expect(numbers[0]).toBe(0);
    expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
    await source.controls.seek?.(0.5);
    await readWhile(
      reader,
      (timed) => frameNumber(look(timed).at),
      (all) => all.at(-1) !== 7,
    );
  });

  test('what is not there is a typed error, and no worker stays', async () => {
    await expect(openAddress(new URL('/no-such-film.mp4', location.href))).rejects.toMatchObject({
      code: expect.stringMatching(/^source-/),
    });
  });
});

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 10));
}

describe('what plays', () => {
  test.for([
    'h264.mp4',
    'h264-audio.mov',
    'h264.mkv',
    'h264.mpegts',
    'vp9.webm',
    'vp8.webm',
    'av1.mp4',
    'late-start.mkv',
  ])('%s: every frame, in order, at its time, upright', async (name, context) => {
    const { source, reader, events } = await open(await clip(context, name), name);
    expect(source.info).toMatchObject({ kind: 'file', title: name, width: 160, height: 90, frameRate: 15 });
    expect(source.info.duration).toBeCloseTo(1, 1);

    const seen = await readWhile(
      reader,
      (timed) => {
        const { timestamp, rotation, epoch } = timed;
        const { at } = look(timed);
        return { timestamp, rotation, epoch, number: frameNumber(at), corners: corners(at) };
      },
      (all) => all.at(-1)?.number !== 14,
    );
    for (const { timestamp, number } of seen)
      expect(Math.abs(timestamp / 1e6 - number / 15)).toBeLessThan(0.002);
    for (const frame of seen) expect(frame).toMatchObject({ rotation: 0, epoch: 0, corners: UPRIGHT });
    const numbers = seen.map((frame) => frame.number);
    expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
    expect(numbers[0]).toBe(0);
    await until(() => events.some((event) => event.type === 'ended'));
    expect(events.filter((event) => event.type === 'error')).toEqual([]);
  });

  test.for([90, 180, 270] as const)('a file turned by %i° comes with its turn', async (turn, context) => {
    const { source, reader } = await open(await clip(context, `rotated-${turn}.mp4`));
    const frame = (await reader.read())!;
    expect(frame.rotation).toBe(turn);
    const picture = look(frame);
    const upright = turn === 180 ? [160, 90] : [90, 160];
    expect([source.info.width, source.info.height]).toEqual(upright);
    expect([picture.width, picture.height]).toEqual(upright);
    const clockwise = UPRIGHT.split(' ');
    const shift = 4 - turn / 90;
    expect(corners(picture.at)).toBe([...clockwise.slice(shift), ...clockwise.slice(0, shift)].join(' '));
  });

  test('pixels that are not square widen the picture', async (context) => {
    const { source, reader } = await open(await clip(context, 'wide-pixels.mp4'));
    expect([source.info.width, source.info.height]).toEqual([213, 90]);
    const picture = look((await reader.read())!);
    expect([picture.width, picture.height]).toEqual([213, 90]);
  });

  test.for([
    ['odd.webm', 321, 181],
    ['odd.mp4', 161, 91],
    ['8k.mp4', 7680, 4320],
  ] as const)('%s keeps its size of %i × %i', async ([name, width, height], context) => {
    const { source, reader } = await open(await clip(context, name));
    expect([source.info.width, source.info.height]).toEqual([width, height]);
    const timed = (await reader.read())!;
    const { frame } = timed;
    expect([frame.displayWidth, frame.displayHeight]).toEqual([width, height]);
    if (width < 1000) expect(corners(look(timed).at)).toBe(UPRIGHT);
    else frame.close();
  });

  test('a variable rate is announced as such, and kept', async (context) => {
    const { source, reader } = await open(await clip(context, 'variable-rate.mp4'));
    expect(source.info).not.toHaveProperty('frameRate');
    await source.controls.pause!();
    for (const n of [0, 3, 7, 9]) {
      await source.controls.seek!((n * n) / 30 + 0.01);
      const [found] = await readWhile(
        reader,
        (timed) => [timed.timestamp, frameNumber(look(timed).at)] as const,
        (all) => all.at(-1)?.[1] !== n,
      ).then((all) => all.slice(-1));
      expect(Math.abs(found![0] / 1e6 - (n * n) / 30)).toBeLessThan(0.002);
    }
  });
});

describe('transport', () => {
  test('a seek while paused shows exactly the frame asked for, in a new epoch', async (context) => {
    const { source, reader } = await open(await clip(context, 'long.mp4'));
    (await reader.read())!.frame.close();
    await source.controls.pause!();
    // The paused picture has an epoch of its own; nobody asked for it, so the seeks take its place.
    let epoch = 1;
    for (const n of [40, 3, 17, 0, 44]) {
      await source.controls.seek!(n / 15 + 0.001);
      const [frame] = await readWhile(
        reader,
        (timed) => ({ epoch: timed.epoch, number: frameNumber(look(timed).at) }),
        (all) => (all.at(-1)?.epoch ?? epoch) === epoch,
      ).then((all) => all.slice(-1));
      expect(frame!.number).toBe(n);
      expect(frame!.epoch).toBe(++epoch);
    }
  });

  test('a seek to the time a frame said gives that frame', async (context) => {
    const { source, reader } = await open(await clip(context, 'long.mp4'));
    const times = await readWhile(
      reader,
      (timed) => timed.timestamp,
      (all) => all.length < 8,
    );
    await source.controls.pause!();
    const [frame] = await (async () => {
      await source.controls.seek!(times[7]! / 1e6);
      const all = await readWhile(
        reader,
        (timed) => timed,
        (seen) => (seen.at(-1)?.epoch ?? 0) === 0,
      );
      return all.slice(-1);
    })();
    expect(frame!.timestamp).toBe(times[7]);
  });

  test('of many seeks in a hurry the last one counts', async (context) => {
    const { source, reader } = await open(await clip(context, 'long.mp4'));
    await source.controls.pause!();
    await Promise.all([10, 30, 5, 20, 12].map((n) => source.controls.seek!(n / 15 + 0.001)));
    const seen = await readWhile(
      reader,
      (timed) => ({ epoch: timed.epoch, number: frameNumber(look(timed).at) }),
      (all) => (all.at(-1)?.epoch ?? 0) < 5,
    );
    expect(seen.at(-1)).toEqual({ epoch: 5, number: 12 });
  });

  test('pause holds, play goes on, and time is told', async (context) => {
    const { source, reader, events } = await open(await clip(context, 'long.mp4'));
    (await reader.read())!.frame.close();
    await source.controls.pause!();
    let arrived = 0;
    const next = reader.read().then((timed) => {
      arrived++;
      return timed;
    });
    // Several frame intervals: what was under way when the pause came has long arrived.
    await new Promise((resolve) => setTimeout(resolve, 400));
    const whilePaused = arrived;
    expect(whilePaused).toBeLessThanOrEqual(1);
    await source.controls.play!();
    (await next)!.frame.close();
    expect(events).toContainEqual(expect.objectContaining({ type: 'time', playing: false }));
    expect(events.at(-1)).toMatchObject({ type: 'time', playing: true });
  });

  test('a loop starts again, in a new epoch, from the first frame', async (context) => {
    const { source, reader, events } = await open(await clip(context, 'h264.mp4'));
    await source.controls.setLoop!(true);
    const seen = await readWhile(
      reader,
      (timed) => ({ epoch: timed.epoch, timestamp: timed.timestamp }),
      (all) => (all.at(-1)?.epoch ?? 0) < 2,
    );
    expect(seen.find((frame) => frame.epoch === 1)!.timestamp).toBe(0);
    expect(seen.at(-1)).toEqual({ epoch: 2, timestamp: 0 });
    expect(events.some((event) => event.type === 'ended')).toBe(false);
  });

  test('after the end, play starts again', async (context) => {
    const { source, reader, events } = await open(await clip(context, 'h264.mp4'));
    let next = reader.read();
    const ended = () => events.some((event) => event.type === 'ended');
    const drain = (async () => {
      for (;;) {
        const timed = await next;
        if (!timed) return null;
        timed.frame.close();
        // Epoch 1 is the last picture once more, which stands from then on.
        if (timed.epoch > 1) return timed.timestamp;
        next = reader.read();
      }
    })();
    await until(ended);
    await source.controls.play!();
    expect(await drain).toBe(0);
  });

  test('a slow reader gets the newest frame, not a backlog', async (context) => {
    const { reader } = await open(await clip(context, 'long.mp4'));
    const numbers: number[] = [];
    while ((numbers.at(-1) ?? 0) < 30) {
      numbers.push(frameNumber(look((await reader.read())!).at));
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
    // At 15 frames a second, half a second of absence overtakes some seven frames.
    expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
    expect(numbers.at(-1)! - numbers[0]!).toBeGreaterThan(2 * (numbers.length - 1));
  });

  test('dispose ends the reader; a second handle is refused; commands after it do nothing, questions are refused', async (context) => {
    const { source, reader } = await open(await clip(context, 'h264.mp4'));
    expect(() => source.handle()).toThrow();
    (await reader.read())!.frame.close();
    await source.controls.pause!();
    const last = reader.read();
    await source.dispose();
    const { thumbnail, place } = source.controls;
    await expect(thumbnail!(0, 32)).rejects.toMatchObject({ code: 'source-failed' });
    await expect(place!()).rejects.toMatchObject({ code: 'source-failed' });
    const timed = await last;
    timed?.frame.close();
    if (timed) expect(await reader.read()).toBeNull();
    await source.controls.play!();
  });
});

describe('bad files', () => {
  test('HEVC plays where the browser has it, and is named where it has not', async (context) => {
    const blob = await clip(context, 'hevc.mp4');
    const { supported } = await VideoDecoder.isConfigSupported({ codec: 'hvc1.1.6.L60.90' });
    if (!supported) {
      const detail = expect.stringMatching(/^hevc \(h(ev|vc)1\./);
      await expect(openFile(blob, 'hevc.mp4')).rejects.toMatchObject({
        code: 'source-codec-unsupported',
        detail,
      });
      return;
    }
    const { reader } = await open(blob);
    expect(corners(look((await reader.read())!).at)).toBe(UPRIGHT);
  });

  test('a worker that does not start is told at once', async () => {
    const RealWorker = Worker;
    class BrokenWorker extends RealWorker {
      constructor() {
        super('data:text/javascript,throw new Error("broken")');
      }
    }
    vi.stubGlobal('Worker', BrokenWorker);
    await expect(openFile(new Blob(['x']), 'x')).rejects.toMatchObject({ code: 'source-failed' });
  });

  test.for([
    ['text.mp4', 'source-not-a-video', ''],
    ['still.png', 'source-not-a-video', ''],
    ['empty.mp4', 'source-empty', ''],
    ['audio-only.mp4', 'source-no-video-track', 'sound only'],
    ['audio-only.webm', 'source-no-video-track', 'sound only'],
    ['mpeg4.mp4', 'source-codec-unsupported', 'mp4v'],
    ['theora.mkv', 'source-codec-unsupported', 'V_THEORA'],
    ['too-large.webm', 'source-too-large', '8200 × 64'],
    ['no-index.mp4', 'source-truncated', 'index'],
    ['truncated.webm', 'source-truncated', ''],
  ] as const)('%s is refused: %s', async ([name, code, detail], context) => {
    const blob = await clip(context, name);
    await expect(openFile(blob, name)).rejects.toMatchObject({
      code,
      detail: expect.stringContaining(detail),
    });
  });

  test.for(['truncated.mp4', 'truncated-clusters.webm', 'damaged.mp4'])(
    '%s plays up to the damage and says so',
    async (name, context) => {
      const { reader, events } = await open(await clip(context, name));
      const over = () => events.some((event) => event.type === 'ended');
      const numbers: number[] = [];
      const reading = (async () => {
        for (let timed = await reader.read(); timed; timed = await reader.read())
          numbers.push(frameNumber(look(timed).at));
      })();
      await until(over);
      await reader[Symbol.asyncDispose]();
      await reading;
      expect(numbers.length).toBeGreaterThan(0);
      expect(numbers.at(-1)).toBeLessThan(44);
      const errors = events.filter((event) => event.type === 'error');
      expect(errors).toHaveLength(1);
      expect(errors[0]!.error.code).toBe('source-truncated');
    },
  );
});
