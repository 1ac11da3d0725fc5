import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createApp } from '../../../src/server/app';
import { compressFolder } from '../../../src/server/compress';
import { copyModels, layModels } from '../../../src/server/copy-models';
import { staticFiles } from '../../../src/server/static-files';

const SCRIPT = 'export const road = "carriageway";\n'.repeat(200);
const SHA = 'ab'.repeat(32);

let folder: string;
let kept: string;
let app: FastifyInstance;

beforeAll(async () => {
  const root = await mkdtemp(join(tmpdir(), 'carriageway-compress-'));
  folder = join(root, 'dist');
  kept = join(root, 'kept');
  await mkdir(join(folder, 'assets'), { recursive: true });
  await writeFile(join(folder, 'index.html'), '<!doctype html>');
  await writeFile(join(folder, 'assets', 'main-abc.js'), SCRIPT);
  await writeFile(join(folder, 'assets', 'photo-abc.png'), SCRIPT);
  await writeFile(join(folder, 'assets', 'noise-abc.wasm'), crypto.getRandomValues(Buffer.alloc(4096)));
  const models = join(root, 'models');
  await mkdir(models);
  await writeFile(join(models, 'net.int8.tflite'), 'weights '.repeat(400));
  const file = { engine: 'litert', precision: 'int8', path: 'net.int8.tflite', bytes: 3200, sha256: SHA };
  await writeFile(join(models, 'net.json'), JSON.stringify({ name: 'net', files: [file] }));
  await writeFile(join(models, 'stray.onnx'), 'in no manifest');
  await copyModels(models, folder);
  await compressFolder(folder, kept);
  app = await createApp([staticFiles(folder)]);
});

afterAll(async () => {
  await app.close();
  await rm(join(folder, '..'), { recursive: true });
});

const get = (url: string, headers: Record<string, string> = {}) => app.inject({ url, headers });

test.each([
  ['br, gzip', 'br', (body: Buffer) => brotliDecompressSync(body)],
  ['gzip', 'gzip', (body: Buffer) => gunzipSync(body)],
  ['', undefined, (body: Buffer) => body],
])('to a browser that takes "%s" a script goes as %s', async (accepts, encoding, unpack) => {
  const response = await get('/assets/main-abc.js', accepts ? { 'accept-encoding': accepts } : {});
  expect(response.headers['content-encoding']).toBe(encoding);
  expect(response.headers['content-type']).toContain('text/javascript');
  expect(response.headers['cache-control']).toContain('immutable');
  expect(response.headers.vary).toContain('accept-encoding');
  expect(unpack(response.rawPayload).toString()).toBe(SCRIPT);
});

test('what does not become smaller, is small, or is compressed already has no twin', async () => {
  const names = await readdir(join(folder, 'assets'));
  expect(names.filter((name) => /^(noise|photo)/.test(name))).toEqual(['noise-abc.wasm', 'photo-abc.png']);
  expect(await readdir(folder)).not.toContain('index.html.br');
  const response = await get('/assets/noise-abc.wasm', { 'accept-encoding': 'br' });
  expect(response.headers['content-encoding']).toBeUndefined();
  expect(response.headers['content-type']).toBe('application/wasm');
});

test('a part of a file that is not compressed can still be asked for', async () => {
  const part = await get('/assets/photo-abc.png', { range: 'bytes=2-5', 'accept-encoding': 'br' });
  expect(part.statusCode).toBe(206);
  expect(part.body).toBe(SCRIPT.slice(2, 6));
});

test('a network has its hash in its name and is kept for ever; its manifest is not', async () => {
  const manifest = await get('/models/net.json');
  expect(manifest.headers['cache-control']).toBe('no-cache');
  const [file] = manifest.json().files as [{ path: string; sha256: string; engine: string }];
  expect(file).toMatchObject({
    path: `../assets/net.int8-${SHA.slice(0, 12)}.tflite`,
    engine: 'litert',
    sha256: SHA,
  });
  const url = new URL(file.path, 'http://page.invalid/models/net.json').pathname;
  const response = await get(url, { 'accept-encoding': 'br' });
  expect(response.headers['cache-control']).toContain('immutable');
  expect(response.headers['content-type']).toBe('application/octet-stream');
  expect(brotliDecompressSync(response.rawPayload).toString()).toBe('weights '.repeat(400));
});

test('another build takes what was compressed before', async () => {
  const twin = join(folder, 'assets', 'main-abc.js.br');
  const before = await readFile(twin);
  const [one] = (await readdir(kept)).filter((name) => name.endsWith('.br'));
  const { mtimeMs } = await stat(join(kept, one!));
  await rm(twin);
  await compressFolder(folder, kept);
  expect(await readFile(twin)).toEqual(before);
  expect((await stat(join(kept, one!))).mtimeMs).toBe(mtimeMs);
});

test('beside what others serve, networks lie in one folder as they are, without strays and twins', async () => {
  const to = join(folder, '..', 'taken-along');
  await layModels(join(folder, '..', 'models'), to);
  expect((await readdir(to)).sort()).toEqual(['net.int8.tflite', 'net.json']);
  const { files } = JSON.parse(await readFile(join(to, 'net.json'), 'utf8')) as { files: { path: string }[] };
  expect(files.map(({ path }) => path)).toEqual(['net.int8.tflite']);
  expect(await readFile(join(to, 'net.int8.tflite'), 'utf8')).toBe('weights '.repeat(400));
});
