/** Starts LiteRT.js, the runtime for processors, from its files. For workers: it leaves marks on the global scope. */
import * as litert from '@litertjs/core';
import { CarriagewayError } from '../errors';
import type { LiteRtBuild } from './litert-build';
import { fetchLiteRt } from './litert-files';
import { withStartTimeout } from './runtime';

/** LiteRT.js's module. */
export type LiteRtApi = typeof litert;

/** The name of the script that is here already. */
const GLUE = 'carriageway-glue.js';

/** What the package's loader reads from the global scope, and what it must not find there. */
interface LoaderScope {
  ModuleFactory?: unknown;
  Module?: unknown;
  importScripts?: (...urls: string[]) => void;
}

/** Takes the program from who started it, with what threads are to start. */
type Received = (instance: WebAssembly.Instance, program: WebAssembly.Module) => void;

let loaded: Promise<{ readonly api: LiteRtApi; readonly build: LiteRtBuild }> | null = null;

/**
 * The runtime, loaded once per worker.
 * @param threads most threads a network will take; that many are started. Only the first call decides
 * @throws CarriagewayError `model-load-failed`
 */
export function loadLiteRt(
  threads: number,
): Promise<{ readonly api: LiteRtApi; readonly build: LiteRtBuild }> {
  loaded ??= load(threads).catch((error: unknown) => {
    // A failed download (offline) may succeed the next time.
    loaded = null;
    throw new CarriagewayError('model-load-failed', `LiteRT: ${String(error)}`, { cause: error });
  });
  return loaded;
}

async function load(threads: number) {
  const { build, glue, program, wasm, script } = await fetchLiteRt(threads);
  shadowNavigator(threads);
  const scope = globalThis as unknown as LoaderScope;
  scope.ModuleFactory = glue;
  // The loader "imports" a script by name first; what it would bring is here already. Nothing else is kept back: workers
  // of some bundlers load their parts by this very function, meanwhile, too.
  const { importScripts } = scope;
  scope.importScripts = (...urls) => {
    if (!urls.every((url) => String(url).endsWith(GLUE))) importScripts?.call(scope, ...urls);
  };
  const failed = Promise.withResolvers<never>();
  const instantiateWasm = (imports: WebAssembly.Imports, received: Received): object => {
    // The glue would wait for ever for a program that cannot be started.
    WebAssembly.instantiate(program!, imports).then(
      (instance) => received(instance, program!),
      failed.reject,
    );
    return {};
  };
  scope.Module = {
    locateFile: () => wasm,
    ...(script ? { mainScriptUrlOrBlob: script } : {}),
    ...(program ? { instantiateWasm } : {}),
    printErr: () => {},
  };
  // It warns that there is no GPU, which is what was meant.
  const { warn } = console;
  console.warn = () => {};
  try {
    await withStartTimeout(failed.promise, litert.loadLiteRt(GLUE));
  } finally {
    console.warn = warn;
    if (importScripts) scope.importScripts = importScripts;
    else delete scope.importScripts;
  }
  return { api: litert, build };
}

/**
 * Hides the GPU, of which the runtime would make a device of its own, and all cores but those it may use: it starts a
 * thread for each.
 */
function shadowNavigator(threads: number): void {
  Object.defineProperty(navigator, 'gpu', { value: undefined, configurable: true });
  Object.defineProperty(navigator, 'hardwareConcurrency', { value: threads, configurable: true });
}
