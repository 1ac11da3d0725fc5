/**
 * A network in LiteRT.js: XNNPACK's kernels, with relaxed SIMD and int8 two to four times as fast as onnxruntime-web on
 * the same processor. For networks that were converted beforehand.
 */
import type { CompiledModel, Tensor, TensorDetails } from '@litertjs/core';
import { CarriagewayError } from '../errors';
import type { ModelManifest } from '../model/manifest';
import type { LiteRtBuild } from './litert-build';
import { type LiteRtApi, loadLiteRt } from './litert-runtime';
import type { ScoreRunner } from './score-runner';
import { findThreads } from './thread-search';

/** Runs with a number of threads before it is judged: the first one packs weights and wakes threads. */
const TIMED_RUNS = 2;

/** What a build is, for people. */
function buildName(build: LiteRtBuild): string {
  if (build === 'compat') return 'no relaxed SIMD';
  return globalThis.crossOriginIsolated ? 'relaxed SIMD' : 'relaxed SIMD, page not isolated';
}

function refuse(detail: string): never {
  throw new CarriagewayError('model-load-failed', detail);
}

/** A tensor of a network by its name. @throws CarriagewayError `model-load-failed` */
function named(list: readonly TensorDetails[], name: string, role: string): TensorDetails {
  const found = list.find((tensor) => tensor.name === name);
  if (!found) return refuse(`the network has no ${role} called "${name}"`);
  if (found.dtype !== 'float32') refuse(`${role} "${name}" is ${found.dtype}, not float32`);
  return found;
}

/** Order of the axes of a tensor that holds `channels` planes of a size. @throws CarriagewayError `model-load-failed` */
function layoutOf(
  shape: ArrayLike<number>,
  { channels, width, height }: { readonly channels: number; readonly width: number; readonly height: number },
): 'NCHW' | 'NHWC' {
  const is = (...wanted: number[]) =>
    shape.length === wanted.length && wanted.every((side, i) => shape[i] === side);
  if (is(1, height, width, channels)) return 'NHWC';
  if (is(1, channels, height, width)) return 'NCHW';
  return refuse(
    `a tensor is ${Array.from(shape).join(' × ')}, not ${channels} channels of ${width} × ${height}`,
  );
}

/** The manifest with the axes as the file has them. @throws CarriagewayError `model-load-failed` */
function manifestAsCompiled(manifest: ModelManifest, model: CompiledModel): ModelManifest {
  const inputs = model.getInputDetails();
  const { input, output, gate } = manifest;
  const image = named(inputs, input.name, 'input');
  const scores = named(model.getOutputDetails(), output.name, 'output');
  const expected = gate ? 2 : 1;
  if (inputs.length !== expected) refuse(`the network has ${inputs.length} inputs, its manifest ${expected}`);
  if (gate) {
    const levels = named(inputs, gate.name, 'input').shape.reduce((all, side) => all * side, 1);
    if (levels !== gate.levels.length)
      refuse(`input "${gate.name}" does not hold ${gate.levels.length} levels`);
  }
  const { width, height } = output;
  const channels = manifest.channels.length;
  return {
    ...manifest,
    input: { ...input, layout: layoutOf(image.shape, { ...input, channels: 3 }) },
    output: { ...output, layout: layoutOf(scores.shape, { width, height, channels }) },
  };
}

/** A compiled network on the processor. Lives as long as its worker. */
export class LiteRtRunner implements ScoreRunner {
  readonly image: Float32Array;
  readonly gate: Float32Array;
  readonly #inputs: Record<string, Tensor>;

  private constructor(
    private readonly api: LiteRtApi,
    readonly manifest: ModelManifest,
    private model: CompiledModel,
    readonly description: string,
  ) {
    const { input, gate } = manifest;
    this.image = new Float32Array(3 * input.width * input.height);
    this.gate = new Float32Array(gate?.levels.length ?? 0).fill(1);
    this.#inputs = inputsOf(api, manifest, model);
  }

  /**
   * Starts the network.
   * @param threadsMost threads it may take, at least 1; how many of them it takes is measured
   * @throws whatever the runtime says, or CarriagewayError `model-load-failed`
   */
  static async create(
    manifest: ModelManifest,
    bytes: ArrayBuffer,
    threadsMost: number,
  ): Promise<LiteRtRunner> {
    const { api, build } = await loadLiteRt(threadsMost);
    const file = new Uint8Array(bytes);
    const compile = (threads: number) =>
      api.loadAndCompile(file, { accelerator: 'wasm', cpuOptions: { numThreads: threads } });
    const kept = new Map<number, CompiledModel>();
    const threads = await findThreads(build === 'threaded' ? threadsMost : 1, async (count) => {
      const model = await compile(count);
      kept.set(count, model);
      return bestTime(api, manifestAsCompiled(manifest, model), model);
    });
    for (const [count, model] of kept) if (count !== threads) model.delete();
    const model = kept.get(threads) ?? (await compile(threads));
    const words = `LiteRT, ${threads} ${threads === 1 ? 'thread' : 'threads'}, ${buildName(build)}`;
    const runner = new LiteRtRunner(api, manifestAsCompiled(manifest, model), model, words);
    // The first run packs the weights; no frame should wait for that.
    if (!kept.has(threads)) await runner.run();
    return runner;
  }

  async run(): Promise<Float32Array> {
    const { input, gate, output } = this.manifest;
    write(this.api, this.#inputs[input.name]!, this.image);
    if (gate) write(this.api, this.#inputs[gate.name]!, this.gate);
    const outputs = await this.model.run(this.#inputs);
    try {
      const scores = outputs[output.name]!.toTypedArray() as Float32Array;
      const { width, height } = output;
      const size = this.manifest.channels.length * width * height;
      if (scores.length !== size) refuse(`${output.name} holds ${scores.length} numbers, not ${size}`);
      return scores;
    } finally {
      for (const tensor of Object.values(outputs)) tensor.delete();
    }
  }
}

/** Tensors for a network's inputs, kept and written in place for every run. */
function inputsOf(
  api: LiteRtApi,
  { input, gate }: ModelManifest,
  model: CompiledModel,
): Record<string, Tensor> {
  const make = (name: string) => {
    const { shape } = named(model.getInputDetails(), name, 'input');
    const size = shape.reduce((all, side) => all * side, 1);
    return new api.Tensor(new Float32Array(size), shape);
  };
  return { [input.name]: make(input.name), ...(gate ? { [gate.name]: make(gate.name) } : {}) };
}

function write(api: LiteRtApi, { liteRtTensorBuffer: memory }: Tensor, data: Float32Array): void {
  const { liteRtWasm } = api.getGlobalLiteRt();
  const at = memory.lock(liteRtWasm.LiteRtTensorBufferLockMode.WRITE);
  try {
    // Asked for each time: the runtime's memory moves when it grows.
    new Float32Array(liteRtWasm.HEAPU8.buffer, at, data.length).set(data);
  } finally {
    memory.unlock();
  }
}

/** Milliseconds of the fastest of a few runs: what is slower was held up by somebody else. */
async function bestTime(api: LiteRtApi, manifest: ModelManifest, model: CompiledModel): Promise<number> {
  const inputs = inputsOf(api, manifest, model);
  try {
    let best = Number.POSITIVE_INFINITY;
    for (let run = 0; run <= TIMED_RUNS; run++) {
      const began = performance.now();
      const outputs = await model.run(inputs);
      if (run > 0) best = Math.min(best, performance.now() - began);
      for (const tensor of Object.values(outputs)) tensor.delete();
    }
    return best;
  } finally {
    for (const tensor of Object.values(inputs)) tensor.delete();
  }
}
