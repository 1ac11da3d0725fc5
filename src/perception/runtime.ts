/**
 * Loads onnxruntime-web, the build that fits: with WebGPU through JSPI where the browser has it, with WebGPU through
 * asyncify elsewhere, or for the CPU only. The runtime's own files are served beside the app, outside its bundle:
 * otherwise each of its threads would run the worker's module again.
 */
import type * as OrtApi from 'onnxruntime-web';
import asyncifyMjs from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.mjs?url';
import asyncifyWasm from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url';
import jspiMjs from 'onnxruntime-web/ort-wasm-simd-threaded.jspi.mjs?url';
import jspiWasm from 'onnxruntime-web/ort-wasm-simd-threaded.jspi.wasm?url';
import cpuMjs from 'onnxruntime-web/ort-wasm-simd-threaded.mjs?url';
import cpuWasm from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url';
import { CarriagewayError } from '../errors';
import { Mutex } from '../media/mutex';

/** onnxruntime-web's module. */
export type Ort = typeof OrtApi;

/** What the runtime is to run on. */
export type RuntimeKind = 'webgpu' | 'wasm';

/** The builds: how to import each, and where its two files are served. */
const BUILDS = {
  jspi: { load: () => import('onnxruntime-web/jspi'), mjs: jspiMjs, wasm: jspiWasm },
  asyncify: { load: () => import('onnxruntime-web/webgpu'), mjs: asyncifyMjs, wasm: asyncifyWasm },
  cpu: { load: () => import('onnxruntime-web/wasm'), mjs: cpuMjs, wasm: cpuWasm },
} as const;

/**
 * The lock around every call into onnxruntime in this worker. Overlapping runs of one session hang the worker for
 * ever, and two sessions at once fail.
 */
export const ortLock = new Mutex();

const loaded = new Map<RuntimeKind, Promise<Ort>>();

/**
 * The runtime's module, loaded once per worker and kind.
 * @param threads WebAssembly threads; only the first call of a worker decides, the runtime cannot change it later
 * @throws CarriagewayError `model-load-failed`
 */
export function loadRuntime(kind: RuntimeKind, threads = 1): Promise<Ort> {
  const known = loaded.get(kind);
  if (known) return known;
  const loading = load(kind, threads);
  loaded.set(kind, loading);
  // A failed download (offline) may succeed the next time.
  loading.catch(() => loaded.delete(kind));
  return loading;
}

function buildFor(kind: RuntimeKind) {
  return BUILDS[kind === 'wasm' ? 'cpu' : 'Suspending' in WebAssembly ? 'jspi' : 'asyncify'];
}

/** Brings a runtime's large file into the browser's cache, where its loading finds it. */
export async function prefetchRuntime(kind: RuntimeKind): Promise<void> {
  const response = await fetch(absolute(buildFor(kind).wasm));
  await response.arrayBuffer();
}

async function load(kind: RuntimeKind, threads: number): Promise<Ort> {
  const build = buildFor(kind);
  try {
    const ort = (await build.load()) as Ort;
    ort.env.logLevel = 'error';
    ort.env.wasm.numThreads = threads;
    ort.env.wasm.wasmPaths = { mjs: absolute(build.mjs), wasm: absolute(build.wasm) };
    return ort;
  } catch (error) {
    throw new CarriagewayError('model-load-failed', `runtime: ${String(error)}`, { cause: error });
  }
}

/** The runtime resolves relative addresses against its own file, wherever the bundler has put it. */
function absolute(url: string): string {
  return new URL(url, globalThis.location.href).href;
}

/**
 * How long starting a session may take before it is given up, in milliseconds. Without the isolation headers the
 * runtime waits for its threads for ever; software WebGPU needs up to a minute for its shaders.
 */
const START_TIMEOUT = 120_000;

/**
 * Passes on what `work` gives, unless it takes longer than a session may need to start or `lost` rejects first.
 * @throws CarriagewayError `model-load-failed` when it takes too long
 */
export async function withStartTimeout<T>(lost: Promise<never>, work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    const error = new CarriagewayError('model-load-failed', 'the runtime did not answer');
    timer = setTimeout(() => reject(error), START_TIMEOUT);
  });
  try {
    return await Promise.race([work, lost, late]);
  } finally {
    clearTimeout(timer);
  }
}
