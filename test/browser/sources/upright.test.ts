import { describe, expect, test } from 'vitest';
import { StreamFrameReader } from '../../../src/sources/stream-reader';
import { corners, look } from './clips';

/** A frame of 64 × 32 with a colour in each quarter, that says of itself it is turned. */
function turnedFrame(rotation: number): VideoFrame {
  const canvas = new OffscreenCanvas(64, 32);
  const context = canvas.getContext('2d')!;
  for (const [colour, x, y] of [
    ['#f00', 0, 0],
    ['#0f0', 32, 0],
    ['#00f', 0, 16],
    ['#fff', 32, 16],
  ] as const) {
    context.fillStyle = colour;
    context.fillRect(x, y, 32, 16);
  }
  const plain = new VideoFrame(canvas, { timestamp: 5 });
  const init = { rotation } as VideoFrameInit;
  try {
    return new VideoFrame(plain, init);
  } finally {
    plain.close();
  }
}

const streamOf = (...frames: VideoFrame[]) =>
  new ReadableStream<VideoFrame>({
    start(controller) {
      for (const frame of frames) controller.enqueue(frame);
      controller.close();
    },
  });

describe('frames that carry a turn of their own', () => {
  test.for([
    [0, 0, 0, 'red green white blue'],
    [90, 0, 90, 'blue red green white'],
    [180, 90, 270, 'green white blue red'],
    [270, 270, 180, 'white blue red green'],
  ] as const)('own %i°, source %i°: told as %i°, drawn once', async ([own, source, whole, seen]) => {
    const frame = turnedFrame(own);
    const reader = new StreamFrameReader(streamOf(frame), source);
    const timed = (await reader.read())!;
    expect(timed.rotation).toBe(whole);
    expect(timed.timestamp).toBe(5);
    // The pixels as stored, whoever reads them.
    expect([timed.frame.displayWidth, timed.frame.displayHeight]).toEqual([64, 32]);
    expect((timed.frame as { rotation?: number }).rotation ?? 0).toBe(0);
    expect(corners(look(timed).at)).toBe(seen);
    // Closed: the original too, which the reader owned.
    expect(frame.codedWidth).toBe(0);
    expect(await reader.read()).toBeNull();
  });

  test('a broken stream is an error; after dispose it is the end', async () => {
    const broken = new ReadableStream<VideoFrame>({
      start: (controller) => controller.error(new Error('gone')),
    });
    await expect(new StreamFrameReader(broken, 0).read()).rejects.toMatchObject({
      code: 'source-failed',
      detail: 'gone',
    });
    const endless = new StreamFrameReader(new ReadableStream<VideoFrame>(), 0);
    const reading = endless.read();
    await endless[Symbol.asyncDispose]();
    expect(await reading).toBeNull();
  });
});
