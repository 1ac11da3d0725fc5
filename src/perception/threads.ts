/** How many threads an engine on the processor may take. */

/**
 * Most threads a network gets by default. Beyond four, networks of this size wait for each other more than they gain,
 * and the page, the video decoder and the compositor want cores too.
 */
const THREADS_MAX = 4;

/** Threads a network gets when nobody says otherwise: one core is left to the page. */
export function defaultThreads(cores: number, isolated: boolean): number {
  return isolated ? Math.min(THREADS_MAX, Math.max(1, cores - 1)) : 1;
}

/** Most threads that are even tried: each is a worker with memory of its own. */
const THREADS_TRIED_MAX = 8;

/**
 * Threads that a network may take where how many it takes is measured.
 * @param drawsInSoftware whether a core is left to a program that draws
 */
export function mostThreads(cores: number, isolated: boolean, drawsInSoftware: boolean): number {
  if (!isolated) return 1;
  return Math.min(THREADS_TRIED_MAX, Math.max(1, cores - (drawsInSoftware ? 1 : 0)));
}

/** Threads for an engine: what was asked for, or what suits machine and page. */
export function threadsFor(
  kind: 'cpu' | 'wasm',
  { threads, drawsInSoftware = false }: { readonly threads?: number; readonly drawsInSoftware?: boolean },
): number {
  const { hardwareConcurrency: cores } = navigator;
  const isolated = globalThis.crossOriginIsolated;
  if (threads !== undefined) return threads;
  return kind === 'cpu' ? mostThreads(cores, isolated, drawsInSoftware) : defaultThreads(cores, isolated);
}
