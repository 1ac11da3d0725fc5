import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Rotation } from '../../../src/media/size';
import { uprightSize } from '../../../src/media/size';
import { inputIndex, type StoredPixels } from '../../../src/perception/preprocess';
import { FrameResampler } from '../../../src/perception/resample';
import { preprocess } from '../../twins/preprocess';
import { manifestOf, scene } from './cases';
import { kernelModule } from './kernel';

const TURNS: readonly Rotation[] = [0, 90, 180, 270];
const turn = fc.constantFrom(...TURNS);
const side = fc.integer({ min: 1, max: 40 });
const plain = { scale: 1, mean: [0, 0, 0], std: [1, 1, 1] };

/** The picture as a phone stores it that must be turned by `rotation` to stand upright. */
function storeTurned(upright: StoredPixels, rotation: Rotation): StoredPixels {
  const { width, height } = uprightSize(upright, rotation);
  const data = new Uint8Array(width * height * 4);
  for (let y = 0; y < upright.height; y++)
    for (let x = 0; x < upright.width; x++) {
      const [sx, sy] =
        rotation === 90
          ? [y, upright.width - 1 - x]
          : rotation === 180
            ? [upright.width - 1 - x, upright.height - 1 - y]
            : rotation === 270
              ? [upright.height - 1 - y, x]
              : [x, y];
      const from = (y * upright.width + x) * 4;
      data.set(upright.data.subarray(from, from + 4), (sy * width + sx) * 4);
    }
  return { data, width, height };
}

describe('preprocess', () => {
  test('a picture of the size of the input passes unchanged', () => {
    const { input } = manifestOf({ input: { width: 12, height: 9, ...plain } });
    const data = scene(12, 9, 1);
    const tensor = preprocess({ data, width: 12, height: 9 }, 0, input);
    for (let y = 0; y < 9; y++)
      for (let x = 0; x < 12; x++)
        for (let c = 0; c < 3; c++)
          expect(tensor[inputIndex(input, c, x, y)]).toBe(data[(y * 12 + x) * 4 + c]);
  });

  test('a constant picture becomes the normalised constant at any size and rotation', () => {
    fc.assert(
      fc.property(side, side, turn, (width, height, rotation) => {
        const { input } = manifestOf({ input: { width: 10, height: 8 } });
        const data = new Uint8Array(width * height * 4);
        for (let i = 0; i < data.length; i += 4) data.set([200, 100, 50, 255], i);
        const tensor = preprocess({ data, width, height }, rotation, input);
        const expected = [200, 100, 50].map((v, c) => (v / 255 - input.mean[c]!) / input.std[c]!);
        for (const [i, value] of tensor.entries())
          expect(value).toBeCloseTo(expected[Math.floor(i / 80)]!, 4);
      }),
      { numRuns: 40 },
    );
  });

  test('a turned picture gives the tensor of the upright one', () => {
    fc.assert(
      fc.property(side, side, turn, fc.integer(), (width, height, rotation, seed) => {
        const { input } = manifestOf({ input: { width: 9, height: 13, fit: 'letterbox' } });
        const upright = { data: scene(width, height, seed), width, height };
        const expected = preprocess(upright, 0, input);
        const turned = preprocess(storeTurned(upright, rotation), rotation, input);
        for (const [i, value] of expected.entries()) expect(turned[i]).toBeCloseTo(value, 4);
      }),
      { numRuns: 40 },
    );
  });

  test('BGR and NHWC are the same values in another order', () => {
    const pixels = { data: scene(30, 20, 3), width: 30, height: 20 };
    const rgb = manifestOf({ input: { width: 16, height: 8, ...plain } }).input;
    const bgr = { ...rgb, channels: 'BGR' as const, layout: 'NHWC' as const };
    const a = preprocess(pixels, 0, rgb);
    const b = preprocess(pixels, 0, bgr);
    for (let y = 0; y < 8; y++)
      for (let x = 0; x < 16; x++)
        for (let c = 0; c < 3; c++) expect(b[inputIndex(bgr, 2 - c, x, y)]).toBe(a[inputIndex(rgb, c, x, y)]);
  });

  test('a letterboxed picture is centred between bands of the mean', () => {
    const { input } = manifestOf({ input: { width: 20, height: 20, fit: 'letterbox' } });
    const data = new Uint8Array(40 * 20 * 4).fill(255);
    const tensor = preprocess({ data, width: 40, height: 20 }, 0, input);
    for (let y = 0; y < 20; y++) {
      const value = tensor[inputIndex(input, 0, 7, y)]!;
      if (y < 5 || y >= 15) expect(value).toBe(0);
      else expect(value).toBeCloseTo((1 - 0.4) / 0.25, 5);
    }
  });

  test('a strong downscale averages instead of aliasing', () => {
    const { input } = manifestOf({ input: { width: 16, height: 16, ...plain } });
    const data = new Uint8Array(128 * 128 * 4);
    // One-pixel stripes: a sampler without a filter would return black or white.
    for (let i = 0; i < 128 * 128; i++) data.fill(i % 2 ? 255 : 0, i * 4, i * 4 + 4);
    const tensor = preprocess({ data, width: 128, height: 128 }, 0, input);
    for (const value of tensor) expect(Math.abs(value - 127.5)).toBeLessThan(1);
  });
});

describe('FrameResampler', () => {
  test('agrees with the reference for all sizes, rotations, layouts and fits', () => {
    fc.assert(
      fc.property(
        fc.record({
          width: fc.integer({ min: 1, max: 150 }),
          height: fc.integer({ min: 1, max: 150 }),
          rotation: turn,
          seed: fc.integer(),
          layout: fc.constantFrom('NCHW' as const, 'NHWC' as const),
          channels: fc.constantFrom('RGB' as const, 'BGR' as const),
          fit: fc.constantFrom('stretch' as const, 'letterbox' as const),
        }),
        ({ width, height, rotation, seed, layout, channels, fit }) => {
          const { input } = manifestOf({ input: { width: 11, height: 8, layout, channels, fit } });
          const pixels = { data: scene(width, height, seed), width, height };
          const tensor = new Float32Array(3 * 11 * 8).fill(9);
          new FrameResampler(input, kernelModule).run(pixels, rotation, tensor);
          const expected = preprocess(pixels, rotation, input);
          for (const [i, value] of expected.entries()) expect(tensor[i]).toBeCloseTo(value, 4);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('reads frames written straight into its memory', () => {
    const { input } = manifestOf({ input: { width: 16, height: 16 } });
    const resampler = new FrameResampler(input, kernelModule);
    const size = { width: 40, height: 30 };
    const data = scene(40, 30, 9);
    const memory = resampler.frameMemory(size, 90);
    memory.set(data);
    const tensor = new Float32Array(3 * 16 * 16);
    resampler.run({ data: memory, ...size }, 90, tensor);
    const expected = preprocess({ data, ...size }, 90, input);
    for (const [i, value] of expected.entries()) expect(tensor[i]).toBeCloseTo(value, 4);
  });

  test('follows a change of size between frames', () => {
    const { input } = manifestOf({ input: { width: 16, height: 16, fit: 'letterbox' } });
    const resampler = new FrameResampler(input, kernelModule);
    const tensor = new Float32Array(3 * 16 * 16);
    for (const [width, height] of [
      [64, 16],
      [16, 64],
      [33, 31],
    ] as const) {
      const pixels = { data: scene(width, height, 5), width, height };
      resampler.run(pixels, 0, tensor);
      const expected = preprocess(pixels, 0, input);
      for (const [i, value] of expected.entries()) expect(tensor[i]).toBeCloseTo(value, 4);
    }
  });
});
