import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { availableModels, manifestUrlOf } from '../../../src/model/catalogue';
import { type LoadProgress, loadModel } from '../../../src/model/load-model';
import type { ModelManifest } from '../../../src/model/manifest';
import { FakeWorld } from './fake-world';

const MANIFEST_URL = 'https://road.example/models/net.json';
const FILE_URL = 'https://road.example/models/net.onnx';
const HALF_URL = 'https://road.example/models/net-half.onnx';

const first = Uint8Array.of(8, 1, 2, 3);
const half = Uint8Array.of(8, 9);
const second = Uint8Array.of(8, 7, 7);

function entry(precision: 'fp32' | 'fp16', path: string, bytes: Uint8Array): ModelManifest['files'][number] {
  return { precision, path, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
}

function manifestWith(files: ModelManifest['files'], version = '1'): string {
  return JSON.stringify({
    schema: 1,
    name: 'net',
    title: 'Net',
    version,
    files,
    input: {
      name: 'image',
      layout: 'NCHW',
      width: 64,
      height: 32,
      channels: 'RGB',
      scale: 1,
      mean: [0, 0, 0],
      std: [1, 1, 1],
      fit: 'stretch',
    },
    gate: null,
    output: { name: 'logits', layout: 'NCHW', width: 8, height: 4, stride: 8, activation: 'none' },
    classes: [null, 'road'],
    licence: 'test',
    source: 'test',
  });
}

/** A server with one network in both precisions. */
function server(): FakeWorld {
  const world = new FakeWorld();
  world.answers.set(
    MANIFEST_URL,
    manifestWith([entry('fp32', 'net.onnx', first), entry('fp16', 'net-half.onnx', half)]),
  );
  world.answers.set(FILE_URL, first);
  world.answers.set(HALF_URL, half);
  return world;
}

const SINGLE = { runtime: 'onnxruntime', precision: 'fp32' } as const;

const load = (
  world: FakeWorld,
  precision: 'fp32' | 'fp16' = 'fp32',
  onProgress?: (p: LoadProgress) => void,
) =>
  loadModel('../models/net.json', {
    wanted: { runtime: 'onnxruntime', precision },
    world,
    ...(onProgress ? { onProgress } : {}),
  });

const bytesOf = async (loading: ReturnType<typeof loadModel>) => [...new Uint8Array((await loading).bytes)];

describe('loading a network', () => {
  test('manifest, file, checked bytes, progress', async () => {
    const progress: LoadProgress[] = [];
    const { manifest, file, bytes } = await load(server(), 'fp32', (p) => progress.push(p));
    expect(manifest.name).toBe('net');
    expect(file.path).toBe('net.onnx');
    expect([...new Uint8Array(bytes)]).toEqual([...first]);
    expect(progress[0]).toEqual({ phase: 'download', loaded: 0, total: 4 });
    expect(progress.at(-1)).toEqual({ phase: 'verify', loaded: 4, total: 4 });
  });

  test('half precision where there is some, else the file there is', async () => {
    expect(await bytesOf(load(server(), 'fp16'))).toEqual([...half]);
    const world = server();
    world.answers.set(MANIFEST_URL, manifestWith([entry('fp32', 'net.onnx', first)]));
    expect(await bytesOf(load(world, 'fp16'))).toEqual([...first]);
  });

  test('the second time only the manifest is asked for', async () => {
    const world = server();
    await load(world);
    world.asked.length = 0;
    const progress: LoadProgress[] = [];
    await load(world, 'fp32', (p) => progress.push(p));
    expect(world.asked).toEqual(['/models/net.json no-cache']);
    expect(progress.map((p) => p.phase)).toEqual(['verify']);
  });

  test('the second time what is kept is read while the manifest is asked for, and nothing is written', async () => {
    const world = server();
    await load(world);
    const { match } = world.cache;
    const read = new Promise<void>((resolve) => {
      world.cache.match = async (request) => {
        if (String(request).includes('/sha256/')) resolve();
        return match.call(world.cache, request);
      };
    });
    const written: string[] = [];
    world.cache.put = async (request) => void written.push(String(request));
    const { fetch } = world;
    const slow = {
      ...world,
      fetch: async (...asked: Parameters<typeof fetch>) => {
        await read;
        return fetch(...asked);
      },
    };
    expect(await bytesOf(loadModel('../models/net.json', { wanted: SINGLE, world: slow }))).toEqual([
      ...first,
    ]);
    expect(written).toEqual([]);
  });

  test('the second time works offline', async () => {
    const world = server();
    await load(world);
    world.offline = true;
    expect(await bytesOf(load(world))).toEqual([...first]);
  });

  test('a server in trouble is as good as offline; a manifest that is gone is gone', async () => {
    const world = server();
    await load(world);
    world.answers.set(MANIFEST_URL, () => new Response('', { status: 503 }));
    expect(await bytesOf(load(world))).toEqual([...first]);
    world.answers.delete(MANIFEST_URL);
    await expect(load(world)).rejects.toMatchObject({ code: 'model-not-found' });
  });

  test('a new version is seen at once, and the old one forgotten; the other precision stays', async () => {
    const world = server();
    await load(world, 'fp32');
    await load(world, 'fp16');
    world.answers.set(
      MANIFEST_URL,
      manifestWith([entry('fp32', 'net.onnx', second), entry('fp16', 'net-half.onnx', half)], '2'),
    );
    world.answers.set(FILE_URL, second);
    expect(await bytesOf(load(world))).toEqual([...second]);
    const kept = [...world.cache.entries.keys()].filter((url) => url.includes('/sha256/'));
    expect(kept.map((url) => url.split('/').at(-1)).sort()).toEqual(
      [entry('fp32', '', second).sha256, entry('fp16', '', half).sha256].sort(),
    );
  });

  test('kept bytes that went bad are fetched again', async () => {
    const world = server();
    await load(world);
    const key = [...world.cache.entries.keys()].find((url) => url.includes('/sha256/'))!;
    await world.cache.put(key, new Response(Uint8Array.of(8, 1, 2, 4)));
    expect(await bytesOf(load(world))).toEqual([...first]);
    expect(world.asked.at(-1)).toBe('/models/net.onnx default');
  });

  test('without a cache, or with one that refuses, it loads all the same', async () => {
    const none = server();
    none.caches = null;
    expect(await bytesOf(load(none))).toEqual([...first]);
    const full = server();
    full.caches = { open: () => Promise.reject(new DOMException('', 'QuotaExceededError')) };
    expect(await bytesOf(load(full))).toEqual([...first]);
  });
});

describe('what goes wrong', () => {
  test('another file than announced: once more past the browser’s cache, then refused, and not kept', async () => {
    const world = server();
    world.answers.set(FILE_URL, Uint8Array.of(8, 1, 2, 5));
    await expect(load(world)).rejects.toMatchObject({ code: 'model-hash-mismatch' });
    expect(world.asked.slice(1)).toEqual(['/models/net.onnx default', '/models/net.onnx reload']);
    expect([...world.cache.entries.keys()].some((url) => url.includes('/sha256/'))).toBe(false);
  });

  test('a stale file in the browser’s cache is got past', async () => {
    const world = server();
    let times = 0;
    world.answers.set(FILE_URL, () => new Response(times++ === 0 ? second : first));
    expect(await bytesOf(load(world))).toEqual([...first]);
  });

  test.for([
    ['the manifest is missing', MANIFEST_URL, undefined, 'model-not-found'],
    ['the manifest is a web page', MANIFEST_URL, '<!doctype html>', 'model-is-html'],
    ['the manifest is no JSON', MANIFEST_URL, 'schema: 1', 'model-manifest-invalid'],
    ['the manifest is wrong', MANIFEST_URL, '{"schema": 2}', 'model-manifest-invalid'],
    ['the manifest is endless', MANIFEST_URL, ' '.repeat(1024 * 1024 + 1), 'model-too-large'],
    ['the file is missing', FILE_URL, undefined, 'model-not-found'],
    ['the file is a web page', FILE_URL, '<html></html>', 'model-is-html'],
    ['the connection breaks at the file', FILE_URL, 'broken', 'model-network'],
  ] as const)('%s', async ([, url, answer, code]) => {
    const world = server();
    if (answer === undefined) world.answers.delete(url);
    else world.answers.set(url, answer);
    await expect(load(world)).rejects.toMatchObject({ code });
  });

  test('addresses that are none', async () => {
    const world = server();
    await expect(loadModel('https://', { wanted: SINGLE, world })).rejects.toMatchObject({
      code: 'model-not-found',
    });
    world.answers.set(MANIFEST_URL, manifestWith([entry('fp32', 'https://', first)]));
    await expect(load(world)).rejects.toMatchObject({ code: 'model-manifest-invalid' });
  });

  test('an abort', async () => {
    const signal = AbortSignal.abort();
    await expect(loadModel(MANIFEST_URL, { wanted: SINGLE, signal, world: server() })).rejects.toMatchObject({
      name: 'AbortError',
    });
  });
});

describe('the catalogue', () => {
  test('names only what the build carries, with addresses from the root of the server', () => {
    const found = availableModels(['../../models/pspnet-wasm.json', '../../models/other.json']);
    expect([...found]).toEqual([['pspnet-wasm', manifestUrlOf('pspnet-wasm')]]);
    expect(availableModels([]).size).toBe(0);
  });
});
