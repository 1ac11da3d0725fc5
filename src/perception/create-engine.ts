/** Where engines come from: one function, three kinds. */
import type { FileWish } from '../model/load-model';
import { type ModelFile, runtimeOf } from '../model/manifest';
import type { Engine, EngineKind } from './engine';
import { createWasmEngine, type WasmEngineOptions, warmWasmEngine } from './wasm-engine';
import type { WebGpuEngineOptions } from './webgpu-engine';

/** Which engine, and what it needs. */
export type EngineOptions =
  | ({ readonly kind: 'webgpu' } & WebGpuEngineOptions)
  | ({ readonly kind: 'cpu' | 'wasm' } & WasmEngineOptions);

/**
 * Starts a network. WebGPU's code and every build of a runtime are only loaded when they are asked for; the processor's
 * engine is a few kilobytes, and its runtime should not wait for them.
 * @throws CarriagewayError `model-load-failed`, `webgpu-lost`
 */
export async function createEngine(options: EngineOptions): Promise<Engine> {
  if (options.kind === 'webgpu') return (await import('./webgpu-engine')).createWebGpuEngine(options);
  return createWasmEngine(options.kind, options);
}

/**
 * Lets an engine's runtime load while its network is still on its way. Costs nothing where it comes to nothing.
 * @param drawsInSoftware as for the engine
 */
export async function warmEngine(kind: EngineKind, drawsInSoftware: () => boolean): Promise<void> {
  if (kind === 'webgpu') {
    const { loadRuntime, prefetchRuntime } = await import('./runtime');
    await Promise.all([prefetchRuntime('webgpu'), loadRuntime('webgpu'), import('./webgpu-engine')]);
  } else warmWasmEngine(kind, drawsInSoftware);
}

/** The engine that can run a file where `wanted` is asked for: LiteRT runs nothing but its own files. */
export function engineOf(file: Pick<ModelFile, 'engine'>, wanted: EngineKind): EngineKind {
  return wanted === 'cpu' && runtimeOf(file) !== 'litert' ? 'wasm' : wanted;
}

/** The file an engine runs best. @param f16 whether the device computes in half precision */
export function fileWishOf(kind: EngineKind, f16: boolean): FileWish {
  return {
    runtime: kind === 'cpu' ? 'litert' : 'onnxruntime',
    precision: kind === 'webgpu' && f16 ? 'fp16' : 'fp32',
  };
}
