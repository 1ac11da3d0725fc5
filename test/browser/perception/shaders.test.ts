import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ReadbackRing } from '../../../src/gpu/readback';
import { GpuLedger } from '../../../src/gpu/resources';
import type { IgnoreRegion, Turn } from '../../../src/perception/engine';
import { uprightSize } from '../../../src/perception/geometry';
import { GpuMaskStream, GpuPostprocess } from '../../../src/perception/gpu-postprocess';
import { GpuPreprocess } from '../../../src/perception/gpu-preprocess';
import { maskMap, outputSpec } from '../../../src/perception/output-spec';
import { classMap, postprocess, stateLength } from '../../../src/perception/postprocess';
import { preprocess } from '../../../src/perception/preprocess';
import { type ManifestParts, manifestOf, scene, scoresOf } from '../../unit/perception/cases';
import { agreement, frameOf, readFloats, readTexture, testDevice } from './support';

let device: GPUDevice;
let errors: string[];
let ledger: GpuLedger;

beforeAll(async () => {
  ({ device, errors } = await testDevice());
  ledger = new GpuLedger(device);
});

afterAll(() => {
  expect(errors).toEqual([]);
  expect([ledger.buffers, ledger.textures]).toEqual([0, 0]);
  device.destroy();
});

describe('preprocess.wgsl', () => {
  const cases: readonly (readonly [string, number, number, Turn, NonNullable<ManifestParts['input']>])[] = [
    ['the input’s own size', 64, 32, 0, {}],
    ['a large downscale', 640, 360, 0, {}],
    ['an enlargement', 30, 18, 0, {}],
    ['odd sizes', 131, 77, 0, { width: 33, height: 19 }],
    ['a quarter turn', 90, 120, 90, {}],
    ['half a turn', 121, 90, 180, {}],
    ['three quarter turns', 77, 131, 270, {}],
    ['letterbox of a wide picture', 200, 60, 0, { fit: 'letterbox' }],
    ['letterbox of a turned picture', 200, 60, 90, { fit: 'letterbox' }],
    ['BGR', 100, 50, 0, { channels: 'BGR' }],
    ['channels last', 100, 50, 0, { layout: 'NHWC', channels: 'BGR' }],
    ['raw pixel values', 100, 50, 0, { scale: 1, mean: [100, 110, 120], std: [1, 1, 1] }],
  ];
  test.each(cases)('%s', async (_name, width, height, rotation, input) => {
    const manifest = manifestOf({ input });
    const data = scene(width, height, width + height);
    const stage = await GpuPreprocess.create(device, ledger, manifest.input);
    const frame = frameOf(data, width, height);
    const encoder = device.createCommandEncoder();
    stage.encode(encoder, frame, rotation);
    device.queue.submit([encoder.finish()]);
    frame.close();
    const actual = await readFloats(device, stage.tensor);
    stage[Symbol.dispose]();
    const expected = preprocess({ data, width, height }, rotation, manifest.input);
    // One and a half of 255 steps: texture units weigh neighbours in steps of 1/256.
    const step = (255 * manifest.input.scale) / Math.min(...manifest.input.std) / 255;
    let worst = 0;
    for (const [i, value] of expected.entries()) worst = Math.max(worst, Math.abs(value - actual[i]!));
    expect(worst / step).toBeLessThan(1.5);
  });
});

describe('postprocess.wgsl and class-map.wgsl', () => {
  const triangle: IgnoreRegion = [
    { x: 0.1, y: 0.95 },
    { x: 0.5, y: 0.4 },
    { x: 0.9, y: 0.95 },
  ];
  const peers = Array.from({ length: 21 }, (_, i) => (['road', null, 'vehicle', 'sky'] as const)[i % 4]!);
  const cases: readonly (readonly [string, ManifestParts, IgnoreRegion | null])[] = [
    ['a network of the house', {}, null],
    ['an ignore region', {}, triangle],
    ['channels last', { output: { layout: 'NHWC' } }, null],
    [
      'letterbox',
      { input: { fit: 'letterbox', width: 64, height: 64 }, output: { width: 8, height: 8 } },
      null,
    ],
    ['21 channels, shared and nameless classes', { classes: peers }, null],
    ['256 channels', { classes: Array.from({ length: 256 }, (_, i) => peers[i % 21]!) }, triangle],
  ];
  test.each(cases)('%s, over three frames', async (_name, parts, ignore) => {
    const manifest = manifestOf(parts);
    const spec = outputSpec(manifest);
    const mask = { width: 83, height: 47 };
    const picture = uprightSize({ width: 360, height: 640 }, 90);
    const stage = await GpuPostprocess.create(device, ledger, manifest);
    const stream = new GpuMaskStream(stage, mask);
    const ring = new ReadbackRing(device, ledger, stream.classMap.size);
    const state = new Uint16Array(stateLength(mask));
    for (let frame = 0; frame < 3; frame++) {
      const scores = scoresOf(spec.channels * spec.width * spec.height, 100 + frame, 4);
      const buffer = ledger.filled('scores', scores as Float32Array<ArrayBuffer>, GPUBufferUsage.STORAGE);
      const options = { smoothing: 0.35, reset: frame === 0, ignore };
      const encoder = device.createCommandEncoder();
      const texture = stream.encode(encoder, { ...options, scores: buffer.buffer, picture });
      device.queue.submit([encoder.finish()]);
      const bytes = new Uint8Array(
        await ring.read([{ buffer: stream.classMap, size: stream.classMap.size }]),
      );
      const actual = await readTexture(device, texture);
      buffer[Symbol.dispose]();
      const map = maskMap(manifest, picture, mask);
      const expected = postprocess(scores, state, { ...options, spec, map, mask });
      expect(agreement(actual, expected)).toBeGreaterThanOrEqual(0.999);
      let off = 0;
      for (const [i, value] of expected.entries()) if (i % 4 !== 0 && Math.abs(value - actual[i]!) > 2) off++;
      expect(off / expected.length).toBeLessThan(0.001);
      const reduced = classMap(state, mask, ignore);
      expect(stream.cells).toEqual({ width: reduced.width, height: reduced.height });
      let same = 0;
      for (let i = 0; i < reduced.classes.length; i++)
        if (bytes[2 * i] === reduced.classes[i] && Math.abs(bytes[2 * i + 1]! - reduced.drivable[i]!) <= 1)
          same++;
      expect(same / reduced.classes.length).toBeGreaterThan(0.998);
    }
    for (const part of [ring, stream, stage]) part[Symbol.dispose]();
  });
});
