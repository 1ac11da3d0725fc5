/**
 * What must be true before any command of the house can run: dependencies installed as the lock says, and the page
 * built from the sources as they are. Plain JavaScript with nothing but Node, because it runs before the installation.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** A failure whose message is meant for the person at the terminal. */
export class PrepareError extends Error {
  /** @override */
  name = 'PrepareError';
}

/**
 * @param {string} path
 * @returns {Record<string, { version?: string, dev?: boolean, optional?: boolean, devOptional?: boolean, peer?: boolean }> | null}
 */
function lockedPackages(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8')).packages ?? null;
  } catch {
    return null;
  }
}

/**
 * Whether `node_modules` holds what `package-lock.json` asks for. Versions are compared, not file times: a fresh
 * checkout touches the lock without changing it.
 * @param {string} root folder with `package-lock.json`
 * @param {{ dev: boolean }} options `dev`: development packages are needed too
 * @returns {boolean}
 */
export function isInstalled(root, options) {
  const wanted = lockedPackages(join(root, 'package-lock.json'));
  const present = lockedPackages(join(root, 'node_modules', '.package-lock.json'));
  if (!wanted || !present) return false;
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === '') return true;
    const found = present[path];
    if (found) return found.version === entry.version;
    // Binaries for other systems are optional and absent; development packages may be left out on purpose.
    return Boolean(entry.optional || entry.devOptional || (entry.dev && !options.dev));
  });
}

/**
 * Runs a program with its output shown.
 * @param {string} command
 * @param {string[]} args
 * @param {string} cwd
 * @returns {number} exit code; 1 when it could not be started or was ended by a signal
 */
function run(command, args, cwd) {
  const result = spawnSync(command, args, { cwd, stdio: ['ignore', 'inherit', 'inherit'] });
  return result.status ?? 1;
}

/**
 * Installs what the lock says, when it is not there.
 * @param {{ dev: boolean, root?: string }} options
 * @returns {boolean} whether something was installed
 * @throws {PrepareError} when npm fails
 */
export function ensureInstalled(options) {
  const root = options.root ?? ROOT;
  if (isInstalled(root, options)) return false;
  console.log('Installing the packages of package-lock.json (once) …');
  const npm = process.env.npm_execpath;
  // Not `npm ci`: it refuses a lock that lacks binaries for other systems, and registries that mirror only some systems
  // write such locks. `install --no-save` takes every version from the lock, too, and leaves the lock alone.
  // No install scripts: everything here ships its binaries as packages, and a script is somebody else's code.
  const args = ['install', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  if (options.dev) args.push('--include=dev');
  const code =
    npm && /\.c?js$/.test(npm)
      ? run(process.execPath, [npm, ...args], root)
      : run(process.platform === 'win32' ? 'npm.cmd' : 'npm', args, root);
  if (code !== 0 || !isInstalled(root, options))
    throw new PrepareError(
      'The packages could not be installed (npm said why above). Check the connection to the npm registry and run the command again.',
    );
  return true;
}

/** What the built page is made of, relative to the root. */
const PAGE_INPUTS = [
  'index.html',
  'package-lock.json',
  'vite.config.ts',
  'tsconfig.json',
  'src',
  'workers',
  'public',
  'models',
];

/** Folders inside of those that no page is made of. */
const NOT_PAGE = new Set(['node_modules', 'training', '__pycache__']);

/**
 * All files under a path, or the path itself when it is a file; nothing when it does not exist.
 * @param {string} path
 * @returns {string[]}
 */
function filesUnder(path) {
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => !NOT_PAGE.has(entry.name))
    .flatMap((entry) => {
      const inner = join(path, entry.name);
      return entry.isDirectory() ? filesUnder(inner) : entry.isFile() ? [inner] : [];
    });
}

/**
 * A digest of the names, sizes and times of the files a page is built from: differs when one is edited, added or
 * removed. Contents are not read; the networks alone are tens of megabytes.
 * @param {string} root
 * @param {string[]} inputs paths relative to `root`, files or folders
 * @returns {string} SHA-256 in hexadecimal
 */
export function stampOf(root, inputs) {
  const hash = createHash('sha256');
  for (const path of inputs.flatMap((input) => filesUnder(join(root, input))).sort()) {
    const { size, mtimeMs } = statSync(path);
    hash.update(`${relative(root, path)}\0${size}\0${mtimeMs}\n`);
  }
  return hash.digest('hex');
}

/**
 * Builds with Vite unless the folder already holds a build of the same inputs. The stamp is written last, so an
 * interrupted build is never taken for a finished one.
 * @param {{ out: string, inputs: string[], args: string[], title: string, root?: string }} options `out`: folder of the build, relative to the root; `args`: for `vite build`
 * @returns {boolean} whether something was built
 * @throws {PrepareError} when the build fails
 */
export function ensureBuilt(options) {
  const root = options.root ?? ROOT;
  const stampFile = join(root, options.out, '.build-stamp');
  const stamp = stampOf(root, options.inputs);
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return false;
  console.log(`Building ${options.title} …`);
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js');
  const code = run(process.execPath, [vite, 'build', '--logLevel', 'warn', ...options.args], root);
  if (code !== 0) throw new PrepareError(`${options.title} could not be built (Vite said why above).`);
  writeFileSync(stampFile, stamp);
  return true;
}

/**
 * Builds the page into `dist` when it is stale.
 * @returns {boolean} whether it was built
 */
export function ensurePageBuilt() {
  return ensureBuilt({ out: 'dist', inputs: PAGE_INPUTS, args: [], title: 'the page' });
}
