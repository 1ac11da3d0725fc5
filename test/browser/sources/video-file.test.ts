import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { VideoFile } from '../../../src/sources/recording/video-file';
import { clip } from './clips';

/** Frames born (by a decoder or a constructor) and closed since the test began. */
let born = 0;
let closed = 0;

beforeEach(() => {
  born = 0;
  closed = 0;
  const RealFrame = VideoFrame;
  const close = RealFrame.prototype.close;
  vi.spyOn(RealFrame.prototype, 'close').mockImplementation(function (this: VideoFrame) {
    // A closed frame has no size; closing it again does nothing and is not counted.
    if (this.codedWidth > 0) closed++;
    close.call(this);
  });
  const FrameCounter = new Proxy(RealFrame, {
    construct(target, args, newTarget) {
      born++;
      return Reflect.construct(target, args, newTarget) as VideoFrame;
    },
  });
  const DecoderCounter = new Proxy(VideoDecoder, {
    construct(target, [init]: [VideoDecoderInit]) {
      const output: VideoFrameOutputCallback = (frame) => {
        born++;
        init.output(frame);
      };
      return new target({ ...init, output });
    },
  });
  vi.stubGlobal('VideoFrame', FrameCounter);
  vi.stubGlobal('VideoDecoder', DecoderCounter);
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

/** A decoder may still give a frame or two after it was told to stop; they are closed as they come. */
async function expectNoneLeft(): Promise<void> {
  await vi.waitFor(() => expect(closed).toBe(born), { timeout: 10_000 });
}

test('all frames of a file: each one born is closed', async (context) => {
  using file = await VideoFile.open(await clip(context, 'long.mp4'));
  expect(closed).toBeGreaterThan(0);
  let count = 0;
  for await (const frame of file.frames(0)) {
    frame.close();
    count++;
  }
  expect(count).toBe(45);
  await expectNoneLeft();
});

test('left in the middle, again and again', async (context) => {
  using file = await VideoFile.open(await clip(context, 'long.mp4'));
  for (let turn = 0; turn < 10; turn++)
    for await (const frame of file.frames(turn / 5)) {
      frame.close();
      break;
    }
  await expectNoneLeft();
});

test('disposed of in the middle: the loop ends', async (context) => {
  const file = await VideoFile.open(await clip(context, 'long.mp4'));
  let count = 0;
  for await (const frame of file.frames(0)) {
    frame.close();
    if (++count === 3) file[Symbol.dispose]();
  }
  expect(count).toBeLessThan(45);
  await expectNoneLeft();
});

test.for(['truncated.mp4', 'damaged.mp4'])(
  '%s: what came before the damage is closed too',
  async (name, context) => {
    using file = await VideoFile.open(await clip(context, name));
    const reading = async () => {
      for await (const frame of file.frames(0)) frame.close();
    };
    await expect(reading()).rejects.toMatchObject({ code: 'source-truncated' });
    await expectNoneLeft();
  },
);

test.for(['text.mp4', 'mpeg4.mp4', 'too-large.webm'])(
  '%s: refused, with nothing left',
  async (name, context) => {
    const blob = await clip(context, name);
    await expect(VideoFile.open(blob)).rejects.toMatchObject({ name: 'CarriagewayError' });
    await expectNoneLeft();
  },
);
