/**
 * LiteRT.js's files in the build that fits: with threads where the page is isolated and more than one is wanted, without
 * relaxed SIMD where the browser lacks it. Glue and program are fetched side by side, while the code that uses them is
 * still on its way.
 */
import compatWasm from '@litertjs/core/wasm/litert_wasm_compat_internal.wasm?url';
import relaxedWasm from '@litertjs/core/wasm/litert_wasm_internal.wasm?url';
import threadedScript from '@litertjs/core/wasm/litert_wasm_threaded_internal.js?url';
import threadedWasm from '@litertjs/core/wasm/litert_wasm_threaded_internal.wasm?url';
import { hasRelaxedSimd, type LiteRtBuild, litertBuild } from './litert-build';

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

/** What the runtime is made of. */
export interface LiteRtFiles {
  readonly build: LiteRtBuild;
  /** Makes the program's module. */
  readonly glue: unknown;
  /** The program, compiled; null where that did not work: the glue then tries it itself, and says why it cannot. */
  readonly program: WebAssembly.Module | null;
  /** Addresses of the program and, for threads, of the script that each starts with. */
  readonly wasm: string;
  readonly script: string | null;
}

let fetched: Promise<LiteRtFiles> | null = null;

/**
 * The files, fetched once per worker. Rejects where the glue cannot be had; the next call tries again.
 * @param threads most that a network will take; only the first call decides
 */
export function fetchLiteRt(threads: number): Promise<LiteRtFiles> {
  fetched ??= fetchFiles(threads).catch((error: unknown) => {
    fetched = null;
    throw error;
  });
  return fetched;
}

async function fetchFiles(threads: number): Promise<LiteRtFiles> {
  const isolated = globalThis.crossOriginIsolated && typeof SharedArrayBuffer === 'function';
  const build = litertBuild(isolated, hasRelaxedSimd(), threads);
  const files = BUILDS[build];
  const wasm = absolute(files.wasm);
  const [glue, program] = await Promise.all([files.glue(), compiled(wasm)]);
  return { build, glue: glue.default, program, wasm, script: files.script && absolute(files.script) };
}

async function compiled(url: string): Promise<WebAssembly.Module | null> {
  try {
    return await WebAssembly.compileStreaming(fetch(url));
  } catch {
    return null;
  }
}

function absolute(url: string): string {
  return new URL(url, globalThis.location.href).href;
}
