/** Which of LiteRT's builds a page can run. */

/** Names of the builds. */
export type LiteRtBuild = 'threaded' | 'relaxed' | 'compat';

/**
 * The build for a browser. Asked before anything is loaded: without isolation the threaded one waits for ever for
 * memory that it cannot share.
 */
export function litertBuild(isolated: boolean, relaxedSimd: boolean): LiteRtBuild {
  if (!relaxedSimd) return 'compat';
  return isolated ? 'threaded' : 'relaxed';
}
