import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { CarriagewayError } from '../../../src/errors';
import type { Rotation } from '../../../src/media/size';
import { createEngine } from '../../../src/perception/create-engine';
import type { Engine, InferenceRequest, InferenceResult } from '../../../src/perception/engine';
import { type TinyOptions, tinyPspnet } from '../../fixtures/networks/tiny-pspnet';
import { scene } from '../../unit/perception/cases';
import { agreement, frameOf, readTexture, testDevice } from './support';

const MASK = { maskWidth: 120, maskHeight: 68 };
/** The networks of these tests: one of the house, and one as unlike it as the manifest allows. */
const HOUSE: TinyOptions = {};
const PEER: TinyOptions = {
  layout: 'NHWC',
  gate: false,
  channels: 19,
  parts: { input: { fit: 'letterbox', channels: 'BGR' } },
};

/** What a test opens is closed after it, those of the whole file at its end. Software WebGPU starts slowly. */
const open: Engine[] = [];
let house: Awaited<ReturnType<typeof onGpu>>;

beforeAll(async () => {
  house = await onGpu(HOUSE);
});

afterAll(async () => {
  await house.engine[Symbol.asyncDispose]();
  expect(house.engine.liveObjects()).toEqual({ buffers: 0, textures: 0, frames: 0 });
  expect(house.errors).toEqual([]);
  house.device.destroy();
});

afterEach(async () => {
  for (const engine of open.splice(0)) await engine[Symbol.asyncDispose]();
});

async function onGpu(options: TinyOptions) {
  const { device, errors } = await testDevice();
  const engine = await createEngine({ kind: 'webgpu', device, ...tinyPspnet(options) });
  return { device, errors, engine };
}

async function onCpu(options: TinyOptions = HOUSE, threads = 1): Promise<Engine> {
  const engine = await createEngine({ kind: 'wasm', threads, ...tinyPspnet(options) });
  open.push(engine);
  return engine;
}

/** What a request may say otherwise; `pan` is how far the picture moves from one to the next, in pixels. */
type Changes = Partial<InferenceRequest> & { width?: number; height?: number; pan?: number };

/** Part of a picture of coloured blocks, `left` pixels from its left edge. */
function part(width: number, height: number, left: number): Uint8Array<ArrayBuffer> {
  const whole = scene(2 * width, height, 5);
  const data = new Uint8Array(width * height * 4);
  for (let y = 0; y < height; y++) {
    const at = (2 * y * width + left) * 4;
    data.set(whole.subarray(at, at + width * 4), y * width * 4);
  }
  return data;
}

function request(seed: number, more: Changes = {}) {
  const { width = 213, height = 121, pan, ...rest } = more;
  const data = pan === undefined ? scene(width, height, seed) : part(width, height, seed * pan);
  const frame = frameOf(data, width, height);
  return { frame, rotation: 0 as Rotation, smoothing: 0.5, reset: false, ignore: null, ...rest };
}

/** Bytes of a mask of either kind. */
function pixelsOf({ mask }: InferenceResult, device: GPUDevice): Promise<Uint8Array> {
  return mask.kind === 'texture' ? readTexture(device, mask.texture) : Promise.resolve(mask.data.slice());
}

/** Runs one request on an engine and closes the frame as soon as the call has returned, as callers may. */
function inferAndClose(
  stream: { infer(r: InferenceRequest): Promise<InferenceResult> },
  r: InferenceRequest,
) {
  const result = stream.infer(r);
  r.frame.close();
  return result;
}

/** Runs the same frames through both engines and compares every mask and class map. */
async function compare(gpu: Awaited<ReturnType<typeof onGpu>>, cpu: Engine, more: Changes): Promise<void> {
  using a = gpu.engine.openStream(MASK);
  using b = cpu.openStream(MASK);
  for (let frame = 0; frame < 3; frame++) {
    const x = await inferAndClose(a, request(frame, more));
    const y = await inferAndClose(b, request(frame, more));
    const [p, q] = [await pixelsOf(x, gpu.device), await pixelsOf(y, gpu.device)];
    expect(new Set(p.filter((_, i) => i % 4 === 0)).size).toBeGreaterThan(2);
    expect(agreement(p, q)).toBeGreaterThanOrEqual(0.995);
    const [m, n] = [await x.classMap, await y.classMap];
    expect([m.width, m.height]).toEqual([n.width, n.height]);
    const same = m.classes.filter((id, i) => id === n.classes[i]).length;
    expect(same / m.classes.length).toBeGreaterThanOrEqual(0.995);
  }
}

describe('both engines', () => {
  test.each<[string, Changes]>([
    ['as it is', {}],
    ['picture that moves', { pan: 27, smoothing: 0.2 }],
    ['gate half closed, picture turned', { rotation: 90, gate: [1, 0, 1, 0] }],
  ])('agree on at least 99.5 % of pixels: network of the house, %s', async (_name, more) => {
    // The graph is captured on the GPU and cannot be on the processor: this compares replays with plain runs, too.
    expect(house.engine.description).toMatch(/graph capture$/);
    await compare(house, await onCpu(), more);
  });

  test('agree on at least 99.5 % of pixels: 19 channels last, letterboxed, BGR, turned', async () => {
    const gpu = await onGpu(PEER);
    await compare(gpu, await onCpu(PEER), { rotation: 270 });
    await gpu.engine[Symbol.asyncDispose]();
    expect(gpu.errors).toEqual([]);
    gpu.device.destroy();
  });

  test('follow the gate', async () => {
    const cpu = await onCpu();
    using stream = cpu.openStream(MASK);
    const full = await inferAndClose(stream, request(1, { reset: true }));
    const none = await inferAndClose(stream, request(1, { reset: true, gate: [0, 0, 0, 0] }));
    if (full.mask.kind !== 'pixels' || none.mask.kind !== 'pixels') throw new Error('not pixels');
    expect(agreement(full.mask.data, none.mask.data)).toBeLessThan(0.99);
  });

  test('give stage times and 16 KB of class map at most', async () => {
    for (const each of [house.engine, await onCpu()]) {
      using stream = each.openStream({ maskWidth: 320, maskHeight: 180 });
      const result = await inferAndClose(stream, request(3));
      const times = await result.times;
      const map = await result.classMap;
      expect(times.model).toBeGreaterThan(0);
      expect(map.classes.byteLength + map.drivable.byteLength).toBeLessThanOrEqual(16384);
    }
  });
});

describe('WebGPU engine', () => {
  test('overlapping calls over two streams are serialised and do not mix', async () => {
    const { device, engine } = house;
    using a = engine.openStream(MASK);
    using b = engine.openStream(MASK);
    const alone = [];
    for (const seed of [1, 2])
      alone.push(await pixelsOf(await inferAndClose(a, request(seed, { reset: true })), device));
    const together = await Promise.all([
      inferAndClose(a, request(1, { reset: true })),
      inferAndClose(b, request(2, { reset: true })),
    ]);
    for (const [i, result] of together.entries())
      expect(agreement(await pixelsOf(result, device), alone[i]!)).toBe(1);
    expect(engine.liveObjects().frames).toBe(0);
  });

  test('masks alternate between two textures', async () => {
    using stream = house.engine.openStream(MASK);
    const textures = [];
    for (let i = 0; i < 4; i++) {
      const { mask } = await inferAndClose(stream, request(i));
      textures.push(mask.kind === 'texture' ? mask.texture : null);
    }
    expect(textures[0]).not.toBe(textures[1]);
    expect(textures[2]).toBe(textures[0]);
    expect(textures[3]).toBe(textures[1]);
  });

  test('live objects stay flat while it runs, and a stream takes its own with it', async () => {
    const { device, engine } = house;
    const before = engine.liveObjects();
    const stream = engine.openStream(MASK);
    await inferAndClose(stream, request(0));
    const running = engine.liveObjects();
    for (let i = 1; i < 6; i++) await inferAndClose(stream, request(i));
    expect(engine.liveObjects()).toEqual(running);
    const last = inferAndClose(stream, request(9));
    stream[Symbol.dispose]();
    await last.catch(() => {});
    await device.queue.onSubmittedWorkDone();
    expect(engine.liveObjects()).toEqual(before);
    await expect(inferAndClose(stream, request(1))).rejects.toMatchObject({ code: 'inference-failed' });
  });

  test('a lost device rejects with a code, and another device starts in the same place', async () => {
    const { device, engine } = await onGpu(HOUSE);
    const stream = engine.openStream(MASK);
    await inferAndClose(stream, request(0));
    const code = (e: CarriagewayError) => e.code;
    const underWay = inferAndClose(stream, request(0)).catch(code);
    device.destroy();
    expect(await underWay).toBe('webgpu-lost');
    expect(await inferAndClose(stream, request(1)).catch(code)).toBe('webgpu-lost');
    await engine[Symbol.asyncDispose]();
    expect(engine.liveObjects()).toEqual({ buffers: 0, textures: 0, frames: 0 });
    const next = await onGpu(HOUSE);
    using again = next.engine.openStream(MASK);
    expect((await inferAndClose(again, request(0))).mask.width).toBe(MASK.maskWidth);
    await next.engine[Symbol.asyncDispose]();
    next.device.destroy();
    // Two starts of a network on software WebGPU, each many seconds of shader compilation.
  }, 400_000);
});

describe('WebAssembly engine', () => {
  test('serves overlapping calls in turn, keeps two masks intact and paints over older ones', async () => {
    const engine = await onCpu();
    using stream = engine.openStream(MASK);
    const calls = [0, 1, 2, 3, 4].map((seed) => inferAndClose(stream, request(seed, { reset: true })));
    const results = await Promise.all(calls);
    const lengths = results.map(({ mask }) => (mask.kind === 'pixels' ? mask.data.byteLength : -1));
    const size = MASK.maskWidth * MASK.maskHeight * 4;
    expect(lengths.slice(3)).toEqual([size, size]);
    expect(lengths[0]).toBe(0);
    // Two that may be drawn, and one to paint over for each frame on its way.
    expect(engine.liveObjects()).toEqual({ buffers: 4, textures: 0, frames: 0 });
  });

  test('counts as many masks while it paints one as while it rests', async () => {
    const engine = await onCpu();
    using stream = engine.openStream(MASK);
    for (const seed of [0, 1, 2]) await inferAndClose(stream, request(seed));
    const seen = new Set<number>();
    const underWay = inferAndClose(stream, request(3)).then(() => true);
    for (let done = false; !done; ) {
      seen.add(engine.liveObjects().buffers);
      done = await Promise.race([underWay, new Promise<false>((resolve) => setTimeout(resolve, 1, false))]);
    }
    expect([...seen]).toEqual([3]);
  });

  test('runs on two threads with the same outcome', async () => {
    const one = await onCpu();
    const two = await onCpu({}, 2);
    expect(two.description).toContain('2 threads');
    using a = one.openStream(MASK);
    using b = two.openStream(MASK);
    const x = await inferAndClose(a, request(4));
    const y = await inferAndClose(b, request(4));
    if (x.mask.kind !== 'pixels' || y.mask.kind !== 'pixels') throw new Error('not pixels');
    expect(agreement(x.mask.data, y.mask.data)).toBeGreaterThan(0.999);
  });

  test('ends what is under way when it is disposed of', async () => {
    const engine = await onCpu();
    const stream = engine.openStream(MASK);
    const running = inferAndClose(stream, request(0));
    await engine[Symbol.asyncDispose]();
    await expect(running).rejects.toMatchObject({ code: 'inference-failed' });
    expect(engine.liveObjects()).toEqual({ buffers: 0, textures: 0, frames: 0 });
  });
});

describe('what is not the network of the manifest', () => {
  const bad: readonly (readonly [
    string,
    (n: ReturnType<typeof tinyPspnet>) => ReturnType<typeof tinyPspnet>,
  ])[] = [
    ['no ONNX at all', (n) => ({ ...n, bytes: new TextEncoder().encode('<html>').buffer })],
    ['a truncated file', (n) => ({ ...n, bytes: n.bytes.slice(0, 2000) })],
    [
      'another input size',
      (n) => ({ ...n, manifest: { ...n.manifest, input: { ...n.manifest.input, width: 128 } } }),
    ],
    [
      'another output name',
      (n) => ({ ...n, manifest: { ...n.manifest, output: { ...n.manifest.output, name: 'x' } } }),
    ],
    ['a missing gate', (n) => ({ ...n, manifest: { ...n.manifest, gate: null } })],
  ];
  test.each(bad)('%s is refused by both engines', async (_name, spoil) => {
    const network = spoil(tinyPspnet());
    const { device } = house;
    const code = (e: CarriagewayError) => e.code;
    expect(await createEngine({ kind: 'wasm', threads: 1, ...network }).catch(code)).toBe(
      'model-load-failed',
    );
    expect(await createEngine({ kind: 'webgpu', device, ...network }).catch(code)).toBe('model-load-failed');
  });
});
