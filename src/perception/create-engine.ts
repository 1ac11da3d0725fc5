/** Where engines come from: one function, two kinds. */
import { CarriagewayError } from '../errors';
import type { ModelFile, ModelManifest } from '../model/manifest';
import type { Engine } from './engine';
import type { WasmEngineOptions } from './wasm-engine';
import type { WebGpuEngineOptions } from './webgpu-engine';

/** Which engine, and what it needs. */
export type EngineOptions =
  | ({ readonly kind: 'webgpu' } & WebGpuEngineOptions)
  | ({ readonly kind: 'wasm' } & WasmEngineOptions);

/**
 * Starts a network. Each engine's code, and its build of the runtime, is only loaded when it is asked for.
 * @throws CarriagewayError `model-load-failed`, `webgpu-lost`
 */
export async function createEngine(options: EngineOptions): Promise<Engine> {
  if (options.kind === 'webgpu') return (await import('./webgpu-engine')).createWebGpuEngine(options);
  return (await import('./wasm-engine')).createWasmEngine(options);
}

/**
 * The file of a manifest to download: half precision where shaders can compute in it, single precision otherwise.
 * WebAssembly takes half precision only for want of anything else: it converts every operator's input and output.
 * @param f16 whether the device has `shader-f16`; undefined for WebAssembly
 * @throws CarriagewayError `model-load-failed` when the only file needs what the device does not have
 */
export function chooseFile(manifest: ModelManifest, { f16 }: { readonly f16?: boolean }): ModelFile {
  const half = manifest.files.find((file) => file.precision === 'fp16');
  const single = manifest.files.find((file) => file.precision === 'fp32');
  if (f16 && half) return half;
  if (single) return single;
  if (half && f16 === undefined) return half;
  throw new CarriagewayError('model-load-failed', 'this network exists only in half precision');
}
