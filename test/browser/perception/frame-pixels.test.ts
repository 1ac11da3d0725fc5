/** A frame's pixels on the processor. */
import { expect, test } from 'vitest';
import { FramePixels } from '../../../src/perception/frame-pixels';

const SIZE = { width: 16, height: 8 };
const PIXELS = SIZE.width * SIZE.height;

test.each(['RGBX', 'BGRX'] as const)(
  'the unused channel of %s colours nothing, whatever lies in it',
  async (format) => {
    const given = new Uint8Array(PIXELS * 4);
    for (let i = 0; i < PIXELS; i++) given.set([100, 150, 200, i % 256], i * 4);
    const frame = new VideoFrame(given, {
      format,
      codedWidth: SIZE.width,
      codedHeight: SIZE.height,
      timestamp: 0,
    });
    try {
      const read = await new FramePixels().read(
        frame,
        ({ width, height }) => new Uint8Array(width * height * 4),
      );
      expect(read).toMatchObject(SIZE);
      const expected = format === 'RGBX' ? [100, 150, 200] : [200, 150, 100];
      for (let i = 0; i < PIXELS; i++) expect([...read.data.subarray(i * 4, i * 4 + 3)]).toEqual(expected);
    } finally {
      frame.close();
    }
  },
);
