import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createApp } from '../../../src/server/app';
import { RESPONSE_HEADERS } from '../../../src/server/headers';
import { staticFiles } from '../../../src/server/static-files';

let folder: string;
let app: FastifyInstance;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'carriageway-app-'));
  await mkdir(join(folder, 'assets'));
  await mkdir(join(folder, 'models'));
  await writeFile(join(folder, 'index.html'), '<!doctype html>');
  await writeFile(join(folder, '.build-stamp'), 'secret');
  await writeFile(join(folder, 'assets', 'main-abc.js'), 'export {};');
  await writeFile(join(folder, 'assets', 'glue-abc.mjs'), 'export {};');
  await writeFile(join(folder, 'assets', 'runtime-abc.wasm'), 'wasm');
  await writeFile(join(folder, 'models', 'lite.onnx'), '0123456789');
  await writeFile(join(folder, 'models', 'lite.json'), '{}');
  app = await createApp([
    staticFiles(folder),
    async (part) => {
      part.get('/fails', () => {
        throw new Error('told to');
      });
    },
  ]);
});

afterAll(async () => {
  await app.close();
  await rm(folder, { recursive: true });
});

describe('headers are on every response', () => {
  test.each([
    ['GET', '/', 200],
    ['HEAD', '/', 200],
    ['GET', '/assets/main-abc.js', 200],
    ['GET', '/assets/runtime-abc.wasm', 200],
    ['GET', '/models/lite.onnx', 200],
    ['GET', '/nothing-here', 404],
    ['GET', '/assets', 404],
    ['POST', '/', 404],
    ['OPTIONS', '/', 404],
    ['GET', '/%zz', 400],
    ['GET', '/../etc/passwd', 404],
    ['GET', '/.build-stamp', 404],
  ] as const)('%s %s is %i', async (method, url, status) => {
    const response = await app.inject({ method, url });
    expect(response.statusCode).toBe(status);
    for (const [name, value] of Object.entries(RESPONSE_HEADERS))
      expect(response.headers[name.toLowerCase()], name).toBe(value);
  });

  test('also where the server itself fails, and the person sees no stack', async () => {
    const { error } = console;
    const seen: unknown[] = [];
    console.error = (...values) => seen.push(...values);
    const response = await app.inject('/fails').finally(() => {
      console.error = error;
    });
    expect(response.statusCode).toBe(500);
    expect(response.body).not.toContain('told to');
    expect(String(seen)).toContain('told to');
    expect(response.headers['cross-origin-embedder-policy']).toBe('require-corp');
  });

  test('also where the bytes are not HTTP', async () => {
    await app.listen({ host: '127.0.0.1', port: 0 });
    const bound = app.server.address();
    const socket = connect((bound as { port: number }).port, '127.0.0.1');
    socket.end('garbage\r\n\r\n');
    const chunks: Buffer[] = [];
    socket.on('data', (chunk) => chunks.push(chunk));
    await once(socket, 'close');
    const answer = Buffer.concat(chunks).toString();
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    for (const [name, value] of Object.entries(RESPONSE_HEADERS))
      expect(answer).toContain(`${name}: ${value}`);
  });
});

test.each([
  ['/', 'text/html'],
  ['/assets/main-abc.js', 'text/javascript'],
  ['/assets/glue-abc.mjs', 'text/javascript'],
  ['/assets/runtime-abc.wasm', 'application/wasm'],
  ['/models/lite.onnx', 'application/octet-stream'],
  ['/models/lite.json', 'application/json'],
])('%s has type %s', async (url, type) => {
  const response = await app.inject(url);
  expect(response.headers['content-type']).toContain(type);
});

test('what carries a hash is kept for ever, the rest is asked for again with its ETag', async () => {
  const hashed = await app.inject('/assets/main-abc.js');
  expect(hashed.headers['cache-control']).toContain('immutable');
  const model = await app.inject('/models/lite.onnx');
  expect(model.headers['cache-control']).toBe('no-cache');
  const etag = String(model.headers.etag);
  const again = await app.inject({ url: '/models/lite.onnx', headers: { 'if-none-match': etag } });
  expect(again.statusCode).toBe(304);
  expect(again.headers['cross-origin-resource-policy']).toBe('same-origin');
});

test('a part of a file can be asked for', async () => {
  const part = await app.inject({ url: '/models/lite.onnx', headers: { range: 'bytes=2-5' } });
  expect(part.statusCode).toBe(206);
  expect(part.body).toBe('2345');
  const beyond = await app.inject({ url: '/models/lite.onnx', headers: { range: 'bytes=20-' } });
  expect(beyond.statusCode).toBe(416);
  expect(beyond.headers['cross-origin-embedder-policy']).toBe('require-corp');
});
