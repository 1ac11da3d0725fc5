/**
 * Loads LiteRT.js, the runtime for processors, in the build that fits: with threads where the page is isolated, one
 * thread elsewhere, without relaxed SIMD where the browser lacks it. For workers: it leaves marks on the global scope.
 */
import * as litert from '@litertjs/core';
import compatWasm from '@litertjs/core/wasm/litert_wasm_compat_internal.wasm?url';
import relaxedWasm from '@litertjs/core/wasm/litert_wasm_internal.wasm?url';
import threadedScript from '@litertjs/core/wasm/litert_wasm_threaded_internal.js?url';
import threadedWasm from '@litertjs/core/wasm/litert_wasm_threaded_internal.wasm?url';
import { CarriagewayError } from '../errors';
import { type LiteRtBuild, litertBuild } from './litert-build';
import { withStartTimeout } from './runtime';

/** LiteRT.js's module. */
export type LiteRtApi = typeof litert;

/** The builds: the glue as a module, the program, and the script that threads start with. */
const BUILDS = {
  threaded: {
    glue: () => import('virtual:litert/litert_wasm_threaded_internal.js'),
    wasm: threadedWasm,
    script: threadedScript,
  },
  relaxed: { glue: () => import('virtual:litert/litert_wasm_internal.js'), wasm: relaxedWasm, script: null },
  compat: {
    glue: () => import('virtual:litert/litert_wasm_compat_internal.js'),
    wasm: compatWasm,
    script: null,
  },
} as const;

/** The name of the script that is here already. */
const GLUE = 'carriageway-glue.js';

/** What the package's loader reads from the global scope, and what it must not find there. */
interface LoaderScope {
  ModuleFactory?: unknown;
  Module?: unknown;
  importScripts?: (...urls: string[]) => void;
}

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
  const isolated = globalThis.crossOriginIsolated && typeof SharedArrayBuffer === 'function';
  const build = litertBuild(isolated, await litert.supportsFeature('relaxedSimd'));
  const { glue, wasm, script } = BUILDS[build];
  shadowNavigator(threads);
  const scope = globalThis as unknown as LoaderScope;
  scope.ModuleFactory = (await glue()).default;
  // The loader "imports" a script by name first; what it would bring is here already. Nothing else is kept back: workers
  // of some bundlers load their parts by this very function, meanwhile, too.
  const { importScripts } = scope;
  scope.importScripts = (...urls) => {
    if (!urls.every((url) => String(url).endsWith(GLUE))) importScripts?.call(scope, ...urls);
  };
  scope.Module = {
    locateFile: () => absolute(wasm),
    ...(script ? { mainScriptUrlOrBlob: absolute(script) } : {}),
    printErr: () => {},
  };
  const never = new Promise<never>(() => {});
  // It warns that there is no GPU, which is what was meant.
  const { warn } = console;
  console.warn = () => {};
  try {
    await withStartTimeout(never, litert.loadLiteRt(GLUE));
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

function absolute(url: string): string {
  return new URL(url, globalThis.location.href).href;
}
