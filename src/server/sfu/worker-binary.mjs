/**
 * Finds a mediasoup worker, or makes one: the one that `MEDIASOUP_WORKER_BIN` names, one kept from an earlier time,
 * mediasoup's own prebuilt download, and, where that cannot be had, a build against Debian's libraries.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ROOT } from '../prepare.mjs';
import { cachedWorkerPath, RECIPE } from './worker-key.mjs';

/** Longest wait for the download, and for the build on two busy cores, in milliseconds. */
const DOWNLOAD_LIMIT = 60_000;
const BUILD_LIMIT = 30 * 60_000;
/** What `timeout` says of a command that it ended. */
const TIMED_OUT = 124;

/**
 * SHA-256 of the prebuilt workers that are known, by `version-platform-arch`. A release that was looked at is added here;
 * none could be from where this was written, so that for now a deployment names its own (`MEDIASOUP_WORKER_SHA256`).
 * @type {Readonly<Record<string, string>>}
 */
const PREBUILT = {};

/** Debian packages the build needs. */
export const BUILD_PACKAGES = [
  'meson',
  'ninja-build',
  'g++',
  'perl',
  'pkg-config',
  'libssl-dev',
  'libuv1-dev',
  'libsrtp2-dev',
  'libflatbuffers-dev',
  'flatbuffers-compiler',
  'libabsl-dev',
];

/** What a worker of the right kind says when it is started by hand: it misses a variable of its own. */
const WORKS_STATUS = 41;

const PACKAGE = join(ROOT, 'node_modules', 'mediasoup');

/**
 * Whether a file is a worker that runs on this machine.
 * @param {string} path
 * @returns {boolean}
 */
function isWorker(path) {
  if (!existsSync(path)) return false;
  return spawnSync(path, [], { env: {}, stdio: 'ignore', timeout: 10_000 }).status === WORKS_STATUS;
}

/**
 * Whether a worker that others built is the one that is expected.
 * @param {string} path
 * @param {Readonly<Record<string, string | undefined>>} env
 * @returns {boolean} false also where nothing is expected
 */
export function isPinned(path, env = process.env) {
  const wanted =
    env.MEDIASOUP_WORKER_SHA256 || PREBUILT[`${mediasoupVersion()}-${process.platform}-${process.arch}`];
  return Boolean(wanted) && existsSync(path) && sha256(path) === wanted?.toLowerCase();
}

/** @param {string} path @returns {string} in hexadecimal */
function sha256(path) {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}

/** @returns {string} version of the installed mediasoup */
function mediasoupVersion() {
  return JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8')).version;
}

/**
 * A worker that is there already; nothing is downloaded or built.
 * @param {Readonly<Record<string, string | undefined>>} [env]
 * @returns {string | null} its path
 */
export function findWorker(env = process.env) {
  if (!existsSync(PACKAGE)) return null;
  const named = env.MEDIASOUP_WORKER_BIN;
  if (named) return isWorker(named) ? named : null;
  const kept = cachedWorkerPath(mediasoupVersion(), env);
  if (isWorker(kept)) return kept;
  const own = join(PACKAGE, 'worker', 'out', 'Release', 'mediasoup-worker');
  return isPinned(own, env) && isWorker(own) ? own : null;
}

/**
 * Finds a worker or makes one, and says on the terminal what takes so long.
 * @param {{ build: boolean, install?: boolean }} options `build`: compile one when none can be downloaded (minutes);
 *   `install`: install Debian's packages for that, where it needs no password
 * @returns {string | null} its path; null when none can be had, after the reason was printed
 */
export function ensureWorker(options) {
  const present = findWorker();
  if (present !== null) return present;
  if (!existsSync(PACKAGE)) {
    console.error('mediasoup is not installed; there are no live rooms.');
    return null;
  }
  if (process.env.MEDIASOUP_WORKER_BIN) {
    console.error(`MEDIASOUP_WORKER_BIN is "${process.env.MEDIASOUP_WORKER_BIN}", which is not a worker.`);
    return null;
  }
  const kept = cachedWorkerPath(mediasoupVersion());
  if (download(kept)) return kept;
  if (!options.build) return null;
  return build(kept, options.install ?? false) ? kept : null;
}

/**
 * mediasoup's own way to its prebuilt worker. Packages are installed without their scripts here, so it is asked for by
 * hand.
 * @param {string} out
 * @returns {boolean}
 */
function download(out) {
  console.log('Asking for mediasoup’s prebuilt worker (once) …');
  // In a process of its own, since the function that downloads is no export; the script would go on to build with pip.
  // `SKIP` and `LOCAL_DEV` unset: download first. A Python that is not there stops its own build at once.
  const result = spawnSync(process.execPath, ['npm-scripts.mjs', 'postinstall'], {
    cwd: PACKAGE,
    stdio: 'ignore',
    timeout: DOWNLOAD_LIMIT,
    killSignal: 'SIGKILL',
    env: { PATH: dirname(process.execPath), HOME: process.env.HOME, PYTHON: 'no-python-here' },
  });
  const own = join(PACKAGE, 'worker', 'out', 'Release', 'mediasoup-worker');
  if (result.status !== 0 || !existsSync(own)) {
    console.log('It cannot be downloaded here.');
    return false;
  }
  // Before it is run for the first time.
  if (!isPinned(own)) {
    console.error(
      `A worker was downloaded that nobody here has looked at; it is not used. To use it, compare its SHA-256 with one you trust and set MEDIASOUP_WORKER_SHA256=${sha256(own)}`,
    );
    return false;
  }
  if (!isWorker(own)) return false;
  // Kept outside the clone, for the next installation.
  mkdirSync(dirname(out), { recursive: true });
  copyFileSync(own, `${out}.part`);
  renameSync(`${out}.part`, out);
  return isWorker(out);
}

/**
 * @param {string} out
 * @param {boolean} install
 * @returns {boolean}
 */
function build(out, install) {
  if (process.platform !== 'linux') return false;
  if (!haveTools(install)) {
    console.error(
      `No media worker can be built: ${BUILD_PACKAGES.join(', ')} are needed.${install ? '' : ' `npm run worker` installs them and builds it.'}`,
    );
    return false;
  }
  console.log('Building mediasoup’s worker against Debian’s libraries (once; some ten minutes) …');
  // `timeout` ends the compilers with the script; Node would end the script alone.
  const limit = ['--kill-after=10', `${BUILD_LIMIT / 1000}`];
  const result = spawnSync('timeout', [...limit, join(RECIPE, 'build-worker.sh'), PACKAGE, out], {
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (result.status === 0 && isWorker(out)) return true;
  console.error(
    result.status === TIMED_OUT
      ? `The worker was not built within ${BUILD_LIMIT / 60_000} minutes; run \`npm run worker\` once more when the machine has less to do.`
      : `The worker could not be built:\n${(result.stderr ?? '').slice(-2000)}`,
  );
  return false;
}

/**
 * Whether what the build needs is there.
 * @param {boolean} install try Debian's packages first, where that needs no password
 */
function haveTools(install) {
  const complete = () =>
    ['meson', 'ninja', 'g++', 'flatc', 'pkg-config', 'perl'].every(
      (program) => spawnSync('sh', ['-c', `command -v ${program}`], { stdio: 'ignore' }).status === 0,
    ) &&
    spawnSync('pkg-config', ['--exists', 'openssl', 'libuv', 'libsrtp2', 'absl_strings']).status === 0 &&
    existsSync('/usr/include/flatbuffers/minireflect.h');
  if (complete()) return true;
  if (!install) return false;
  const root = process.getuid?.() === 0;
  if (!root && spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status !== 0) return false;
  if (spawnSync('sh', ['-c', 'command -v apt-get'], { stdio: 'ignore' }).status !== 0) return false;
  console.log(`Installing Debian’s ${BUILD_PACKAGES.join(', ')} (once) …`);
  /** @param {string[]} args */
  const apt = (...args) =>
    spawnSync(root ? 'apt-get' : 'sudo', [...(root ? [] : ['-n', 'apt-get']), '-qq', ...args], {
      stdio: ['ignore', 'ignore', 'inherit'],
      timeout: BUILD_LIMIT,
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    }).status === 0;
  apt('update');
  apt('install', '-y', '--no-install-recommends', ...BUILD_PACKAGES);
  return complete();
}
