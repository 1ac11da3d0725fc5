import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ReadbackRing } from '../../../src/gpu/readback';
import { GpuLedger } from '../../../src/gpu/resources';
import type { Rotation } from '../../../src/media/size';
import { uprightSize } from '../../../src/media/size';
import type { IgnoreRegion } from '../../../src/perception/engine';
import { GpuMotion, GpuMotionStream } from '../../../src/perception/gpu-motion';
import { GpuMaskStream, GpuPostprocess } from '../../../src/perception/gpu-postprocess';
import { GpuPreprocess } from '../../../src/perception/gpu-preprocess';
import { greyPicture, matchBlocks } from '../../../src/perception/motion';
import { MotionFollower } from '../../../src/perception/motion-follower';
import { motionGrid } from '../../../src/perception/motion-grid';
import { maskMap, outputSpec } from '../../../src/perception/output-spec';
import { classMap, stateLength } from '../../../src/perception/postprocess';
import { postprocess } from '../../twins/postprocess';
import { preprocess } from '../../twins/preprocess';
import { type ManifestParts, manifestOf, outputOf, scene, sharing } from '../../unit/perception/cases';
import { tensorOf, textureOf } from '../../unit/perception/textures';
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
  const cases: readonly (readonly [string, number, number, Rotation, NonNullable<ManifestParts['input']>])[] =
    [
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
  const ways = cases.flatMap((each) =>
    (['imported', 'copied'] as const).map((entry) => [...each, entry] as const),
  );
  test.each(ways)('%s', async (_name, width, height, rotation, input, entry) => {
    const manifest = manifestOf({ input });
    const data = scene(width, height, width + height);
    const stage = await GpuPreprocess.create(device, ledger, manifest.input, [entry]);
    expect(stage.entry).toBe(entry);
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
    ['21 channels, shared and nameless classes', sharing(peers), null],
    ['two classes', { classes: ['background', 'lesion'] }, null],
    ['150 classes of their own', { classes: Array.from({ length: 150 }, (_, i) => `class ${i}`) }, triangle],
    ['a sigmoid for each class', { output: { activation: 'sigmoid' } }, null],
    ['scores before a sigmoid for each class', { output: { activation: 'logits' } }, null],
    ['ids in place of scores', { output: { activation: 'ids' } }, triangle],
    ['256 channels', sharing(Array.from({ length: 256 }, (_, i) => peers[i % 21]!)), triangle],
  ];
  test.each(cases)('%s, over three frames', async (_name, parts, ignore) => {
    const manifest = manifestOf(parts);
    const spec = outputSpec(manifest);
    const mask = { width: 83, height: 47 };
    const picture = uprightSize({ width: 360, height: 640 }, 90);
    const stage = await GpuPostprocess.create(device, ledger, manifest);
    const stream = new GpuMaskStream(stage, mask);
    const ring = new ReadbackRing(device, ledger, stream.classMap.size);
    const state = new Uint16Array(stateLength(mask, spec));
    const follower = new MotionFollower(manifest.input, mask);
    const { content } = motionGrid(manifest.input, picture);
    const ground = textureOf(7);
    let followed = 0;
    for (let frame = 0; frame < 3; frame++) {
      const shown = tensorOf((x, y) => ground(x / 4 - 2 * frame, y / 4 + frame), manifest.input, content);
      const tensor = ledger.filled('input', shown, GPUBufferUsage.STORAGE);
      const scores = outputOf(spec, 100 + frame);
      const buffer = ledger.filled('scores', scores as Float32Array<ArrayBuffer>, GPUBufferUsage.STORAGE);
      const options = { smoothing: 0.35, reset: frame === 0, ignore };
      const encoder = device.createCommandEncoder();
      const texture = stream.encode(encoder, {
        ...options,
        scores: buffer.buffer,
        tensor: tensor.buffer,
        picture,
      });
      device.queue.submit([encoder.finish()]);
      const bytes = new Uint8Array(
        await ring.read([{ buffer: stream.classMap, size: stream.classMap.size }]),
      );
      const actual = await readTexture(device, texture);
      for (const owned of [buffer, tensor]) owned[Symbol.dispose]();
      const unmoved = state.slice();
      follower.follow(state, { ...options, tensor: shown, picture });
      if (state.some((part, i) => part !== unmoved[i])) followed++;
      const map = maskMap(manifest, picture, mask);
      const expected = postprocess(scores, state, { ...options, spec, map, mask });
      expect(agreement(actual, expected)).toBeGreaterThanOrEqual(0.999);
      let off = 0;
      for (const [i, value] of expected.entries()) if (i % 4 !== 0 && Math.abs(value - actual[i]!) > 2) off++;
      expect(off / expected.length).toBeLessThan(0.001);
      const reduced = classMap(state, spec, mask, ignore);
      expect(stream.cells).toEqual({ width: reduced.width, height: reduced.height });
      let same = 0;
      for (let i = 0; i < reduced.classes.length; i++)
        if (bytes[2 * i] === reduced.classes[i] && Math.abs(bytes[2 * i + 1]! - reduced.drivable[i]!) <= 1)
          same++;
      expect(same / reduced.classes.length).toBeGreaterThan(0.998);
    }
    expect(followed).toBe(2);
    for (const part of [ring, stream, stage]) part[Symbol.dispose]();
  });
});

describe('motion.wgsl', () => {
  const cases: readonly (readonly [string, NonNullable<ManifestParts['input']>, number, number])[] = [
    ['a network of the house', { width: 480, height: 288 }, 640, 360],
    ['a small one, turned', { width: 304, height: 176 }, 360, 640],
    ['letterbox', { width: 256, height: 256, fit: 'letterbox' }, 640, 360],
    ['channels last', { width: 128, height: 64, layout: 'NHWC', channels: 'BGR' }, 640, 360],
    ['odd sizes', { width: 131, height: 77 }, 640, 360],
    ['hardly a picture', { width: 33, height: 19 }, 640, 360],
  ];
  test.each(cases)('%s: finds what the reference finds', async (_name, input, width, height) => {
    const manifest = manifestOf({ input });
    const picture = { width, height };
    const grid = motionGrid(manifest.input, picture);
    const stage = await GpuMotion.create(device, ledger, manifest.input);
    const stream = new GpuMotionStream(stage);
    // It comes, goes on, stands, turns back by parts of a pixel, and is cut.
    const shots = [[0, 0], [2, 1], [2, 1], [0.4, 3.7], null] as const;
    let before = new Uint16Array(grid.grey.width * grid.grey.height);
    for (const [frame, shift] of shots.entries()) {
      const texture = textureOf(shift ? 20 : 21);
      const [dx, dy] = shift ?? [0, 0];
      const shown = tensorOf((x, y) => texture(x / 4 - dx, y / 4 - dy), manifest.input, grid.content);
      const tensor = ledger.filled('input', shown, GPUBufferUsage.STORAGE);
      const encoder = device.createCommandEncoder();
      const pass = encoder.beginComputePass();
      const request = { tensor: tensor.buffer, picture, smoothing: 0.3, reset: frame === 0 };
      const found = stream.encode(pass, request);
      pass.end();
      device.queue.submit([encoder.finish()]);
      expect(found).toEqual(frame === 0 ? null : grid);
      const now = new Uint16Array(before.length);
      greyPicture(shown, manifest.input, grid, now);
      if (frame > 0) {
        const field = new Int32Array(2 * grid.blocks.width * grid.blocks.height);
        const moved = matchBlocks(now, before, grid, field);
        // Two blocks in all tell nothing for certain; what is found there must still be the same.
        if (grid.blocks.width > 2) expect(moved).toBe(frame === 1 || frame === 3);
        const actual = new Int32Array((await readFloats(device, stream.field)).buffer);
        // A grey level on the edge of the next may be rounded otherwise; hardly any block turns on it.
        const off = Array.from({ length: field.length / 2 }, (_, i) => i).filter(
          (i) => actual[4 * i] !== field[2 * i] || actual[4 * i + 1] !== field[2 * i + 1],
        );
        expect(off.length / (field.length / 2)).toBeLessThan(0.02);
      }
      before = now;
      tensor[Symbol.dispose]();
    }
    stream[Symbol.dispose]();
  });

  test('what is not smoothed costs nothing, and is not followed afterwards', async () => {
    const manifest = manifestOf();
    const stage = await GpuMotion.create(device, ledger, manifest.input);
    const stream = new GpuMotionStream(stage);
    const tensor = ledger.buffer('input', 3 * 64 * 32 * 4, GPUBufferUsage.STORAGE);
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    const picture = { width: 640, height: 360 };
    const encode = (smoothing: number) =>
      stream.encode(pass, { tensor: tensor.buffer, picture, smoothing, reset: false }) !== null;
    expect([0.3, 0.3, 1, 0.3, 0.3].map(encode)).toEqual([false, true, false, false, true]);
    pass.end();
    device.queue.submit([encoder.finish()]);
    for (const owned of [tensor, stream]) owned[Symbol.dispose]();
  });
});
