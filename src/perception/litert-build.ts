/** Which of LiteRT's builds a page can run. */

/** Names of the builds. */
export type LiteRtBuild = 'threaded' | 'relaxed' | 'compat';

/** The smallest program with an instruction of relaxed SIMD: `i8x16.relaxed_swizzle`. */
const RELAXED_PROGRAM = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 15, 1, 13, 0, 65, 1, 253, 15, 65, 2,
  253, 15, 253, 128, 2, 11,
]);

/** Whether this browser has relaxed SIMD. */
export function hasRelaxedSimd(): boolean {
  return WebAssembly.validate(RELAXED_PROGRAM);
}

/**
 * The build for a browser. Asked before anything is loaded: without isolation the threaded one waits for ever for
 * memory that it cannot share, and for one thread it would make a second worker that does nothing.
 */
export function litertBuild(isolated: boolean, relaxedSimd: boolean, threads: number): LiteRtBuild {
  if (!relaxedSimd) return 'compat';
  return isolated && threads > 1 ? 'threaded' : 'relaxed';
}
