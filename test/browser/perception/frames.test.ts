/** Real frames are not RGBA: they are planes of luma and chroma, with padding, colour spaces and orientations. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { GpuLedger } from '../../../src/gpu/resources';
import type { Rotation } from '../../../src/media/size';
import { FramePixels } from '../../../src/perception/frame-pixels';
import { GpuPreprocess } from '../../../src/perception/gpu-preprocess';
import { loadPixelKernel } from '../../../src/perception/pixel-kernel';
import { FrameResampler } from '../../../src/perception/resample';
import { storedFrame } from '../../../src/perception/stored-frame';
import { preprocess } from '../../twins/preprocess';
import { manifestOf, scene, seeded } from '../../unit/perception/cases';
import { frameOf, readFloats, testDevice } from './support';

const { input } = manifestOf({ input: { fit: 'letterbox' } });

let device: GPUDevice;
let errors: string[];
let ledger: GpuLedger;
let stage: GpuPreprocess;
let kernel: WebAssembly.Module;

beforeAll(async () => {
  ({ device, errors } = await testDevice());
  ledger = new GpuLedger(device);
  kernel = await loadPixelKernel();
  stage = await GpuPreprocess.create(device, ledger, input);
});

afterAll(() => {
  stage[Symbol.dispose]();
  expect(errors).toEqual([]);
  device.destroy();
});

/** The network's input as each engine makes it from a frame. */
async function bothWays(frame: VideoFrame, rotation: Rotation): Promise<[Float32Array, Float32Array]> {
  const stored = storedFrame(frame);
  const encoder = device.createCommandEncoder();
  stage.encode(encoder, stored, rotation);
  device.queue.submit([encoder.finish()]);
  const cpu = new Float32Array(3 * input.width * input.height);
  const resampler = new FrameResampler(input, kernel);
  const pixels = await new FramePixels().read(stored, (size) => resampler.frameMemory(size, rotation));
  resampler.run(pixels, rotation, cpu);
  stored.close();
  return [await readFloats(device, stage.tensor), cpu];
}

/** Largest and mean difference in steps of an 8-bit pixel. */
function difference(a: Float32Array, b: Float32Array): { most: number; mean: number } {
  let most = 0;
  let sum = 0;
  const step = 1 / 255 / Math.min(...input.std);
  for (const [i, value] of a.entries()) {
    const d = Math.abs(value - b[i]!) / step;
    most = Math.max(most, d);
    sum += d;
  }
  return { most, mean: sum / a.length };
}

/** A frame of planes: blocks of luma under smooth chroma. */
function planar(
  format: 'I420' | 'NV12',
  width: number,
  height: number,
  colorSpace: VideoColorSpaceInit,
): VideoFrame {
  const random = seeded(width);
  const [cw, ch] = [Math.ceil(width / 2), Math.ceil(height / 2)];
  const data = new Uint8Array(width * height + 2 * cw * ch);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      data[y * width + x] = 40 + 150 * ((Math.floor(x / 20) + Math.floor(y / 20)) % 2) + random() * 20;
  for (let i = 0; i < cw * ch; i++) {
    const wave = Math.sin((i % cw) / 25) * Math.cos(Math.floor(i / cw) / 20);
    const [u, v] = format === 'I420' ? [i, cw * ch + i] : [2 * i, 2 * i + 1];
    data[width * height + u] = 128 + 30 * wave;
    data[width * height + v] = 128 - 25 * wave;
  }
  return new VideoFrame(data, { format, codedWidth: width, codedHeight: height, timestamp: 0, colorSpace });
}

describe('frames of planes', () => {
  const bt709 = { primaries: 'bt709', transfer: 'bt709', matrix: 'bt709', fullRange: false } as const;
  const bt601 = {
    primaries: 'smpte170m',
    transfer: 'smpte170m',
    matrix: 'smpte170m',
    fullRange: false,
  } as const;
  test.each([
    ['I420', 'bt709', 320, 180, 0, bt709],
    ['I420', 'bt601', 320, 180, 90, bt601],
    ['NV12', 'bt709', 640, 360, 0, bt709],
    ['NV12', 'full range', 322, 182, 180, { ...bt709, fullRange: true }],
  ] as const)(
    '%s, %s: both engines read the same colours',
    async (format, _name, width, height, turn, space) => {
      const frame = planar(format, width, height, space);
      const [gpu, cpu] = await bothWays(frame, turn);
      frame.close();
      // Conversions round differently, by up to five steps in saturated colours; only the GPU's maps the slightly
      // different primaries of BT.601. A wrong matrix or range would show in the mean.
      const { most, mean } = difference(gpu, cpu);
      expect(most).toBeLessThan(10);
      expect(mean).toBeLessThan(1.5);
    },
  );
});

describe('frames with an orientation of their own', () => {
  test('are read as stored, and turned once', async () => {
    const [width, height] = [90, 60];
    const data = scene(width, height, 5);
    const plain = frameOf(data, width, height);
    const init: VideoFrameInit & { rotation: number } = { timestamp: 0, rotation: 90 };
    const turned = new VideoFrame(plain, init);
    const [gpu, cpu] = await bothWays(turned, 90);
    plain.close();
    turned.close();
    const expected = preprocess({ data, width, height }, 90, input);
    expect(difference(gpu, expected).most).toBeLessThan(1.5);
    expect(difference(cpu, expected).most).toBeLessThan(0.01);
  });
});

describe('frames whose visible part is not the coded one', () => {
  test.each([
    ['square pixels', 60, 50],
    ['pixels twice as wide as high', 120, 50],
  ])(
    'padding is left out, and the shown size decides the letterbox: %s',
    async (_name, shownWidth, shownHeight) => {
      const [width, height] = [96, 64];
      const data = scene(width, height, 6);
      const coded = frameOf(data, width, height);
      const visibleRect = { x: 8, y: 4, width: 60, height: 50 };
      const frame = new VideoFrame(coded, {
        visibleRect,
        displayWidth: shownWidth,
        displayHeight: shownHeight,
      });
      const [gpu, cpu] = await bothWays(frame, 0);
      coded.close();
      frame.close();
      const part = new Uint8Array(60 * 50 * 4);
      for (let y = 0; y < 50; y++)
        part.set(data.subarray(((y + 4) * width + 8) * 4, ((y + 4) * width + 68) * 4), y * 60 * 4);
      const display = { width: shownWidth, height: shownHeight };
      const expected = preprocess({ data: part, width: 60, height: 50, display }, 0, input);
      expect(difference(cpu, expected).most).toBeLessThan(0.01);
      // Chromium brings pixels that are not square to the shown size before the shader sees them.
      const { most, mean } = difference(gpu, expected);
      expect(most).toBeLessThan(shownWidth === 60 ? 1.5 : 40);
      expect(mean).toBeLessThan(shownWidth === 60 ? 0.5 : 3);
    },
  );
});
