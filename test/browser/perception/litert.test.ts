import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { CarriagewayError } from '../../../src/errors';
import type { Rotation } from '../../../src/media/size';
import { loadModel } from '../../../src/model/load-model';
import type { ModelManifest } from '../../../src/model/manifest';
import { createEngine, fileWishOf } from '../../../src/perception/create-engine';
import type { Engine, EngineKind, InferenceRequest } from '../../../src/perception/engine';
import { agreement } from './support';

const MASK = { maskWidth: 152, maskHeight: 88 };

/** The smallest of the house's networks, as each engine takes it. */
const network: Partial<Record<EngineKind, { manifest: ModelManifest; bytes: ArrayBuffer }>> = {};
const open: Engine[] = [];

beforeAll(async () => {
  for (const kind of ['cpu', 'wasm'] as const)
    network[kind] = await loadModel('/models/pspnet-wasm.json', { wanted: fileWishOf(kind, false) });
});

afterEach(async () => {
  for (const engine of open.splice(0)) await engine[Symbol.asyncDispose]();
});

async function start(kind: 'cpu' | 'wasm', threads = 1): Promise<Engine> {
  const engine = await createEngine({ kind, threads, ...network[kind]! });
  open.push(engine);
  return engine;
}

/** A street of the plainest kind: sky, houses, grass, carriageway with its line, a car. `seed` moves things about. */
function street(seed: number, upsideDown = false): VideoFrame {
  const canvas = new OffscreenCanvas(320, 184);
  const context = canvas.getContext('2d')!;
  if (upsideDown) context.setTransform(-1, 0, 0, -1, 320, 184);
  const fill = (colour: string, points: readonly (readonly [number, number])[]) => {
    context.fillStyle = colour;
    context.beginPath();
    for (const [x, y] of points) context.lineTo(x, y);
    context.fill();
  };
  const box = (colour: string, x: number, y: number, width: number, height: number) =>
    fill(colour, [
      [x, y],
      [x + width, y],
      [x + width, y + height],
      [x, y + height],
    ]);
  const shift = 9 * seed;
  box('#b9cfe4', 0, 0, 320, 92);
  box('#5f7745', 0, 86, 320, 98);
  box('#8a7566', 10 + shift, 40, 60, 54);
  box('#a39a8c', 230 - shift, 30, 70, 64);
  fill('#6b6b6e', [
    [150, 90],
    [176, 90],
    [300 + shift, 184],
    [20 + shift, 184],
  ]);
  fill('#e4e4e0', [
    [163, 100],
    [165, 100],
    [172 + shift / 2, 184],
    [164 + shift / 2, 184],
  ]);
  box('#3b4f7a', 180 + shift / 2, 92, 22, 16);
  return new VideoFrame(canvas, { timestamp: 0 });
}

function request(seed: number, more: Partial<InferenceRequest> = {}): InferenceRequest {
  const frame = more.frame ?? street(seed);
  return { rotation: 0 as Rotation, smoothing: 1, reset: true, ignore: null, ...more, frame };
}

async function maskOf(stream: { infer: ReturnType<Engine['openStream']>['infer'] }, r: InferenceRequest) {
  const result = stream.infer(r);
  r.frame.close();
  const { mask } = await result;
  if (mask.kind !== 'pixels') throw new Error('not pixels');
  return mask.data.slice();
}

describe('LiteRT on the processor', () => {
  test('says what runs, and sees what onnxruntime sees', async () => {
    const [cpu, wasm] = [await start('cpu'), await start('wasm')];
    expect(cpu.kind).toBe('cpu');
    expect(cpu.description).toMatch(/^LiteRT, 1 thread, (no )?relaxed SIMD/);
    using a = cpu.openStream(MASK);
    using b = wasm.openStream(MASK);
    for (let seed = 0; seed < 3; seed++) {
      const [here, there] = [await maskOf(a, request(seed)), await maskOf(b, request(seed))];
      // A drawing is no photograph, and far from sure: int8 differs more on it than the manifest's figure says.
      expect(agreement(here, there)).toBeGreaterThan(0.8);
      const turned = await maskOf(b, request(seed, { rotation: 180 }));
      expect(agreement(here, there)).toBeGreaterThan(agreement(here, turned) + 0.2);
    }
  });

  test('follows the gate, and the turn of the picture', async () => {
    const [cpu, wasm] = [await start('cpu'), await start('wasm')];
    using a = cpu.openStream(MASK);
    using b = wasm.openStream(MASK);
    const whole = await maskOf(a, request(1));
    const shut = await maskOf(a, request(1, { gate: [0, 0, 0, 0] }));
    expect(agreement(shut, whole)).toBeLessThan(0.99);
    const turned = await maskOf(a, request(1, { rotation: 180 }));
    expect(agreement(turned, whole)).toBeLessThan(0.9);
    // Stored upside down and turned back, it is the street again; of one on its head no network is sure, and int8 less.
    const stored = () => request(1, { frame: street(1, true), rotation: 180 });
    const back = await maskOf(a, stored());
    // As much as int8 keeps of fp32 (the manifest): a picture turned back is resampled a hair otherwise.
    expect(agreement(back, whole)).toBeGreaterThan(0.98);
    expect(agreement(back, await maskOf(b, stored()))).toBeGreaterThan(0.8);
    expect(agreement(await maskOf(a, request(1)), whole)).toBe(1);
  });

  test('two threads and overlapping calls of two streams give what one gives alone', async () => {
    const cpu = await start('cpu', 2);
    using a = cpu.openStream(MASK);
    using b = cpu.openStream(MASK);
    const alone = [await maskOf(a, request(1)), await maskOf(b, request(2))];
    const together = await Promise.all([maskOf(a, request(1)), maskOf(b, request(2))]);
    for (const [i, mask] of together.entries()) expect(agreement(mask, alone[i]!)).toBe(1);
    expect(cpu.liveObjects().frames).toBe(0);
  });

  test.each<[string, (n: { manifest: ModelManifest; bytes: ArrayBuffer }) => typeof n]>([
    ['a file that is cut', (n) => ({ ...n, bytes: n.bytes.slice(0, n.bytes.byteLength / 3) })],
    ['no network at all', (n) => ({ ...n, bytes: new TextEncoder().encode('<html>'.repeat(99)).buffer })],
    [
      'another input size',
      (n) => ({ ...n, manifest: { ...n.manifest, input: { ...n.manifest.input, width: 320 } } }),
    ],
    [
      'another output name',
      (n) => ({ ...n, manifest: { ...n.manifest, output: { ...n.manifest.output, name: 'x' } } }),
    ],
    ['a missing gate', (n) => ({ ...n, manifest: { ...n.manifest, gate: null } })],
  ])('%s is refused with a code', async (_name, spoil) => {
    const code = (e: CarriagewayError) => e.code;
    const starting = createEngine({ kind: 'cpu', threads: 1, ...spoil(network.cpu!) });
    expect(await starting.catch(code)).toBe('model-load-failed');
  });
});
