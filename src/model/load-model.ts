/**
 * Loads a network by its manifest's address: manifest, weights, checks, cache. Works in the window and in workers.
 */
import { CarriagewayError, type ErrorCode } from '../errors';
import { download, type Fetch } from './download';
import { verifyModel } from './integrity';
import {
  MODEL_SIZE_CAP,
  type ModelFile,
  type ModelManifest,
  type ModelRuntime,
  parseManifest,
  runtimeOf,
} from './manifest';
import { type CacheStore, ModelCache } from './model-cache';

/** Most bytes of a manifest; real ones have one or two thousand. */
const MANIFEST_SIZE_CAP = 1024 * 1024;

/** How loading goes on: bytes of the download, then the check of its hash. */
export interface LoadProgress {
  readonly phase: 'download' | 'verify';
  readonly loaded: number;
  readonly total: number;
}

/** How a network is loaded. */
export interface LoadOptions {
  /** Which file is preferred; another one serves where there is none of the kind. */
  readonly wanted: FileWish;
  readonly onProgress?: (progress: LoadProgress) => void;
  readonly signal?: AbortSignal;
  /** What loading needs of the world; the platform's own by default. */
  readonly world?: LoadWorld;
}

/** Which of a network's files is wanted. */
export interface FileWish {
  readonly runtime: ModelRuntime;
  /** For onnxruntime; LiteRT has one file. */
  readonly precision: 'fp32' | 'fp16';
}

/**
 * The file of a network that comes closest to what is wanted: the runtime first, where it has a file at all, then the
 * precision. A runtime's files are listed best first.
 */
export function chooseFile(files: readonly ModelFile[], { runtime, precision }: FileWish): ModelFile {
  const own = files.filter((file) => runtimeOf(file) === runtime);
  const rest = files.filter((file) => runtimeOf(file) === 'onnxruntime');
  const fit = own.length > 0 ? own : rest.length > 0 ? rest : files;
  return fit.find((file) => file.precision === precision) ?? fit[0]!;
}

/** What loading needs of the world. */
export interface LoadWorld {
  readonly fetch: Fetch;
  /** Null where there is no Cache API. */
  readonly caches: CacheStore | null;
  /** Address that relative ones start from. */
  readonly base: string;
}

/** A loaded network: checked bytes and what they mean. */
export interface LoadedFile {
  readonly manifest: ModelManifest;
  readonly file: ModelFile;
  readonly bytes: ArrayBuffer;
}

function platform(): LoadWorld {
  return {
    fetch: (url, init) => fetch(url, init),
    caches: globalThis.caches ?? null,
    base: globalThis.location.href,
  };
}

/**
 * Loads a network.
 *
 * The manifest comes from the network, and from the cache where that fails; the weights come from the cache where
 * their hash is the manifest's, else from the network. So a new version is seen at once, and the last one works
 * offline. Weights that the last manifest named are read and checked while the network is asked.
 * @param manifestUrl files are found relative to it; itself relative to the page (in a worker: to the worker's script)
 * @throws CarriagewayError `model-not-found`, `model-network`, `model-is-html`, `model-too-large`,
 *   `model-manifest-invalid`, `model-hash-mismatch`
 * @throws the signal's reason when aborted
 */
export async function loadModel(manifestUrl: string, options: LoadOptions): Promise<LoadedFile> {
  const world = options.world ?? platform();
  const url = resolve(manifestUrl, world.base, 'model-not-found');
  const cache = new ModelCache(world.caches, new URL(world.base).origin);
  const last = cache.manifest(url);
  const early = earlyBytes(last, cache, options.wanted);
  const manifest = await loadManifest(url, world, cache, last, options.signal);
  const file = chooseFile(manifest.files, options.wanted);
  const read = await early;
  // What the last manifest named is what is wanted, unless there is a newer version.
  const kept =
    read?.sha256 === file.sha256 && read.bytes
      ? told(read.bytes, file, options)
      : await keptBytes(file, cache, options);
  if (kept) return { manifest, file, bytes: kept };
  const fileUrl = resolve(file.path, url, 'model-manifest-invalid');
  const bytes = await fetchedBytes(fileUrl, file, world, options);
  await cache.keepWeights(manifest, file, bytes);
  return { manifest, file, bytes };
}

/** An address made absolute. */
function resolve(address: string, base: string, code: ErrorCode): string {
  try {
    return new URL(address, base).href;
  } catch (cause) {
    throw new CarriagewayError(code, `"${address}" is not an address`, { cause });
  }
}

/**
 * A network's manifest alone, without its weights.
 * @throws CarriagewayError as `loadModel`, but for the weights' own codes
 */
export async function loadManifestAt(manifestUrl: string): Promise<ModelManifest> {
  const world = platform();
  const url = resolve(manifestUrl, world.base, 'model-not-found');
  const cache = new ModelCache(world.caches, new URL(world.base).origin);
  return loadManifest(url, world, cache, cache.manifest(url), undefined);
}

/**
 * The manifest at an address: from the network, or the one last seen there while there is no network.
 * @param last the one last seen there
 * @throws CarriagewayError as `loadModel`
 */
async function loadManifest(
  url: string,
  world: LoadWorld,
  cache: ModelCache,
  last: Promise<ModelManifest | null>,
  signal: AbortSignal | undefined,
): Promise<ModelManifest> {
  try {
    const manifest = await fetchManifest(url, world.fetch, signal);
    // Writing is waited for, so what is kept already is not written again.
    if (JSON.stringify(manifest) !== JSON.stringify(await last)) await cache.keepManifest(url, manifest);
    return manifest;
  } catch (thrown) {
    const offline = thrown instanceof CarriagewayError && thrown.code === 'model-network';
    const kept = offline ? await last : null;
    if (!kept) throw thrown;
    return kept;
  }
}

/**
 * Downloads and checks a manifest.
 * @throws CarriagewayError as `loadModel`
 */
async function fetchManifest(url: string, fetch: Fetch, signal?: AbortSignal): Promise<ModelManifest> {
  const bytes = await download(url, {
    fetch,
    cap: MANIFEST_SIZE_CAP,
    cache: 'no-cache',
    ...(signal ? { signal } : {}),
  });
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    throw new CarriagewayError('model-manifest-invalid', `${url}: not JSON`, { cause });
  }
  return parseManifest(value);
}

/** The kept file that the manifest last seen means, whole, or without its bytes. Null where there is no such manifest. */
async function earlyBytes(
  last: Promise<ModelManifest | null>,
  cache: ModelCache,
  wanted: FileWish,
): Promise<{ readonly sha256: string; readonly bytes: ArrayBuffer | null } | null> {
  const manifest = await last;
  if (!manifest) return null;
  const file = chooseFile(manifest.files, wanted);
  const bytes = await cache.weights(file.sha256);
  const whole = bytes !== null && (await isWhole(bytes, file));
  return { sha256: file.sha256, bytes: whole ? bytes : null };
}

async function isWhole(bytes: ArrayBuffer, file: ModelFile): Promise<boolean> {
  try {
    await verifyModel(bytes, file);
    return true;
  } catch {
    return false;
  }
}

/** Bytes that were checked, once that is told. */
function told(bytes: ArrayBuffer, file: ModelFile, { onProgress }: LoadOptions): ArrayBuffer {
  onProgress?.({ phase: 'verify', loaded: bytes.byteLength, total: file.bytes });
  return bytes;
}

/** Kept bytes if they are whole; bytes that went bad on the disk are forgotten. */
async function keptBytes(
  file: ModelFile,
  cache: ModelCache,
  { onProgress }: LoadOptions,
): Promise<ArrayBuffer | null> {
  const bytes = await cache.weights(file.sha256);
  if (!bytes) return null;
  onProgress?.({ phase: 'verify', loaded: bytes.byteLength, total: file.bytes });
  if (await isWhole(bytes, file)) return bytes;
  await cache.dropWeights(file.sha256);
  return null;
}

async function fetchedBytes(
  url: string,
  file: ModelFile,
  world: LoadWorld,
  { onProgress, signal }: LoadOptions,
): Promise<ArrayBuffer> {
  const attempt = async (cache: RequestCache): Promise<ArrayBuffer> => {
    const bytes = await download(url, {
      fetch: world.fetch,
      cap: MODEL_SIZE_CAP,
      expected: file.bytes,
      cache,
      onBytes: (loaded, total) => onProgress?.({ phase: 'download', loaded, total }),
      ...(signal ? { signal } : {}),
    });
    onProgress?.({ phase: 'verify', loaded: bytes.byteLength, total: file.bytes });
    await verifyModel(bytes, file);
    return bytes;
  };
  try {
    return await attempt('default');
  } catch (thrown) {
    // The browser's own cache may still hold the file of an older manifest: once more, past it.
    if (!(thrown instanceof CarriagewayError && thrown.code === 'model-hash-mismatch')) throw thrown;
    return await attempt('reload');
  }
}
