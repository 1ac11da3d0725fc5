/**
 * A page that runs the product's shaders against their twins on the processor, on whatever WebGPU the browser has. For
 * browsers that the browser tests cannot drive.
 */
import { openDevice } from '../../../src/gpu/device';
import { GpuLedger } from '../../../src/gpu/resources';
import type { Rotation } from '../../../src/media/size';
import { loadModel } from '../../../src/model/load-model';
import { createEngine } from '../../../src/perception/create-engine';
import type { EngineStream, InferenceResult } from '../../../src/perception/engine';
import { type FrameEntry, GpuPreprocess } from '../../../src/perception/gpu-preprocess';
import { agreement, frameOf, readFloats, readTexture } from '../../browser/perception/support';
import { tinyPspnet } from '../../fixtures/networks/tiny-pspnet';
import { preprocess } from '../../twins/preprocess';
import { manifestOf, scene } from '../../unit/perception/cases';

/** What was found; JSON. */
export interface TwinsReport {
  readonly engine: string;
  readonly f16: boolean;
  readonly entry: FrameEntry;
  /** Largest difference of `preprocess.wgsl` from its twin in each case, in 255ths of the range. */
  readonly preprocess: readonly number[];
  /** Share of pixels alike of the masks of both engines, frame by frame. */
  readonly masks: readonly number[];
  /** The same of the class maps. */
  readonly maps: readonly number[];
}

/** What became of a network in half precision. */
export interface HalfReport {
  /** Of the file that ran. */
  readonly precision: string;
  /** Why the first device went. */
  readonly lost: string;
  /** Share of the class map alike to that of the processor in single precision: on a first device, and on one after it. */
  readonly maps: readonly number[];
}

const SIZES: readonly (readonly [width: number, height: number, rotation: Rotation])[] = [
  [64, 32, 0],
  [320, 180, 0],
  [131, 77, 180],
  [90, 120, 90],
  [77, 131, 270],
];

const MASK = { maskWidth: 120, maskHeight: 68 };

/** Frames of a picture that moves: so that motion and smoothing have something to do. */
const FRAMES = 4;

async function twins(): Promise<TwinsReport> {
  const { device, f16 } = await openDevice();
  const ledger = new GpuLedger(device);
  const { input } = manifestOf({});
  const differences: number[] = [];
  let entry: FrameEntry = 'imported';
  for (const [width, height, rotation] of SIZES) {
    const data = scene(width, height, width);
    using stage = await GpuPreprocess.create(device, ledger, input);
    entry = stage.entry;
    const frame = frameOf(data, width, height);
    const encoder = device.createCommandEncoder();
    stage.encode(encoder, frame, rotation);
    device.queue.submit([encoder.finish()]);
    frame.close();
    const actual = await readFloats(device, stage.tensor);
    const expected = preprocess({ data, width, height }, rotation, input);
    const step = (255 * input.scale) / Math.min(...input.std) / 255;
    differences.push(Math.max(...expected.map((value, i) => Math.abs(value - actual[i]!))) / step);
  }
  await using gpu = await createEngine({ kind: 'webgpu', device, ...tinyPspnet() });
  await using cpu = await createEngine({ kind: 'wasm', threads: 1, ...tinyPspnet() });
  const masks: number[] = [];
  const maps: number[] = [];
  using a = gpu.openStream(MASK);
  using b = cpu.openStream(MASK);
  for (let n = 0; n < FRAMES; n++) {
    const [x, y] = [await see(a, n), await see(b, n)];
    masks.push(agreement(await pixelsOf(x, device), await pixelsOf(y, device)));
    const [m, k] = [await x.classMap, await y.classMap];
    maps.push(m.classes.filter((id, i) => id === k.classes[i]).length / m.classes.length);
  }
  return { engine: gpu.description, f16, entry, preprocess: differences, masks, maps };
}

/** The network of the house in half precision, on a device that goes and on the one after it. */
async function half(): Promise<HalfReport> {
  const load = (precision: 'fp16' | 'fp32') =>
    loadModel(new URL('models/pspnet-lite.json', location.href).href, {
      wanted: { runtime: 'onnxruntime', precision },
    });
  const whole = await load('fp32');
  await using cpu = await createEngine({ kind: 'wasm', threads: 1, ...whole });
  using right = cpu.openStream(MASK);
  const expected = (await (await see(right, 0)).classMap).classes;
  const { manifest, bytes, file } = await load('fp16');
  const maps: number[] = [];
  let lost = '';
  for (const goes of [true, false]) {
    using opened = await openDevice();
    const { device } = opened;
    await using gpu = await createEngine({
      kind: 'webgpu',
      device,
      manifest,
      bytes,
      precision: file.precision,
    });
    using stream = gpu.openStream(MASK);
    const { classes } = await (await see(stream, 0)).classMap;
    maps.push(classes.filter((id, i) => id === expected[i]).length / classes.length);
    if (!goes) break;
    device.destroy();
    lost = (await opened.lost).reason;
  }
  return { precision: file.precision, lost, maps };
}

function see(stream: EngineStream, n: number): Promise<InferenceResult> {
  const frame = frameOf(scene(213, 121, 5 + (n >> 1)), 213, 121);
  const seen = stream.infer({ frame, rotation: 0, smoothing: 0.4, reset: n === 0, ignore: null });
  frame.close();
  return seen;
}

function pixelsOf({ mask }: InferenceResult, device: GPUDevice): Promise<Uint8Array> {
  return mask.kind === 'texture' ? readTexture(device, mask.texture) : Promise.resolve(mask.data.slice());
}

Object.assign(globalThis, { twins, half });
