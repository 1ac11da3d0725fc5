/**
 * Under which name a built mediasoup worker is cached: its version, this machine's kind, and a digest of everything
 * that goes into the build, so that a changed shim is never served by an old binary.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, relative } from 'node:path';

/** What the build is made of beside mediasoup itself. */
export const RECIPE = join(import.meta.dirname, 'debian');

/**
 * All files under a folder, in a fixed order.
 * @param {string} folder
 * @returns {string[]}
 */
function filesUnder(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/**
 * A digest of the recipe: names and contents.
 * @param {string} [folder]
 * @returns {string} twelve hexadecimal digits
 */
function recipeDigest(folder = RECIPE) {
  const hash = createHash('sha256');
  for (const path of filesUnder(folder)) {
    hash.update(`${relative(folder, path)}\0`);
    hash.update(readFileSync(path));
  }
  return hash.digest('hex').slice(0, 12);
}

/**
 * Where a built worker is kept: outside the clone, so that a fresh clone finds it again.
 * @param {string} version of mediasoup
 * @param {Readonly<Record<string, string | undefined>>} [env]
 * @returns {string} absolute path
 */
export function cachedWorkerPath(version, env = process.env) {
  const cache = env.XDG_CACHE_HOME || join(homedir(), '.cache');
  const name = `mediasoup-worker-${version}-${process.platform}-${process.arch}-${recipeDigest()}`;
  return join(cache, 'carriageway', name);
}
