/**
 * A page that runs a network of the house in half precision on whatever WebGPU the browser has, against the same in
 * single precision on the processor, and once more after the device was lost.
 */
import { openDevice } from '../../../src/gpu/device';
import { parseManifest } from '../../../src/model/manifest';
import { createEngine } from '../../../src/perception/create-engine';
import type { Engine } from '../../../src/perception/engine';
import { Footage } from './footage';

/** What was found; JSON. */
export interface HalfReport {
  readonly engine: string;
  readonly f16: boolean;
  /** Share of the class map's cells alike, half on WebGPU and single on the processor. */
  readonly alike: number;
  /** Code of what an inference on the lost device rejected with. */
  readonly lost: string;
  /** Share of cells alike before the loss and on the next device. */
  readonly again: number;
}

const MASK = { maskWidth: 240, maskHeight: 136 };

/** @param names of the networks that are served: in half precision, and in single */
async function half(names: { readonly half: string; readonly single: string }): Promise<HalfReport> {
  using footage = new Footage();
  const frame = footage.frame();
  try {
    const served = await network(names.half);
    const precision = 'fp16';
    const first = await openDevice();
    const gpu = await createEngine({ kind: 'webgpu', device: first.device, precision, ...served });
    const { description } = gpu;
    const seen = await classesOf(gpu, frame);
    first[Symbol.dispose]();
    const lost = await classesOf(gpu, frame).then(
      () => '',
      (thrown: unknown) => (thrown as { readonly code?: string }).code ?? String(thrown),
    );
    // What it held went with the device.
    await Promise.resolve(gpu[Symbol.asyncDispose]()).catch(() => {});
    using second = await openDevice();
    await using next = await createEngine({ kind: 'webgpu', device: second.device, precision, ...served });
    const again = await classesOf(next, frame);
    await using cpu = await createEngine({ kind: 'wasm', threads: 1, ...(await network(names.single)) });
    const expected = await classesOf(cpu, frame);
    return {
      engine: description,
      f16: first.f16,
      alike: alike(seen, expected),
      lost,
      again: alike(again, seen),
    };
  } finally {
    frame.close();
  }
}

async function network(name: string) {
  const manifest: unknown = await (await fetch(`/data/${name}/manifest`)).json();
  return {
    manifest: parseManifest(manifest),
    bytes: await (await fetch(`/data/${name}/file`)).arrayBuffer(),
  };
}

async function classesOf(engine: Engine, frame: VideoFrame): Promise<Uint8Array> {
  using stream = engine.openStream(MASK);
  const result = await stream.infer({ frame, rotation: 0, smoothing: 1, reset: true, ignore: null });
  return (await result.classMap).classes;
}

function alike(a: Uint8Array, b: Uint8Array): number {
  return a.filter((id, i) => id === b[i]).length / a.length;
}

(globalThis as unknown as { half: typeof half }).half = half;
