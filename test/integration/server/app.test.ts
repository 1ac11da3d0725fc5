import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createApp } from '../../../src/server/app';
import { RESPONSE_HEADERS } from '../../../src/server/headers';
import { openLog } from '../../../src/server/log';
import { staticFiles } from '../../../src/server/static-files';

let folder: string;
const lines: string[] = [];
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
  app = await createApp(
    [
      staticFiles(folder),
      async (part) => {
        part.get('/fails', () => {
          throw new Error('told to');
        });
      },
    ],
    { log: openLog('info', { write: (line: string) => void lines.push(line) }) },
  );
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

  test('also where the server itself fails, which is logged, and the person sees no stack', async () => {
    lines.length = 0;
    const response = await app.inject('/fails');
    expect(response.statusCode).toBe(500);
    expect(response.body).not.toContain('told to');
    const [line] = lines.map((each): unknown => JSON.parse(each));
    expect(line).toMatchObject({ level: 'error', method: 'GET', url: '/fails', msg: 'request failed' });
    expect(lines[0]).toContain('told to');
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

describe('whoever is slow is not waited for', () => {
  /** A server without patience, and what it answers to bytes, until it closes. */
  async function answerTo(send: (socket: Socket) => void): Promise<string> {
    const hasty = await createApp(
      [
        async (part) => {
          part.post('/', async () => 'taken');
        },
      ],
      { patience: { headers: 100, request: 200, idle: 400 } },
    );
    try {
      await hasty.listen({ host: '127.0.0.1', port: 0 });
      const bound = hasty.server.address();
      const socket = connect((bound as { port: number }).port, '127.0.0.1');
      const chunks: Buffer[] = [];
      socket.on('data', (chunk) => chunks.push(chunk));
      socket.on('error', () => {});
      send(socket);
      await once(socket, 'close');
      return Buffer.concat(chunks).toString();
    } finally {
      await hasty.close();
    }
  }

  test('with headers', async () => {
    const answer = await answerTo((socket) => socket.write('GET / HTTP/1.1\r\nHost: a\r\nX-Half: '));
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    expect(answer).toContain('Cross-Origin-Embedder-Policy: require-corp');
  });

  test('with a body', async () => {
    const head = 'POST / HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\nContent-Length: 99\r\n\r\nhalf';
    expect(await answerTo((socket) => socket.write(head))).toMatch(/^HTTP\/1\.1 408 /);
  });

  test('with anything at all', async () => {
    expect(await answerTo(() => {})).not.toContain('200');
  });
});

test('headers that are too long are called that', async () => {
  const other = await createApp([]);
  try {
    await other.listen({ host: '127.0.0.1', port: 0 });
    const bound = other.server.address();
    const socket = connect((bound as { port: number }).port, '127.0.0.1');
    socket.write(`GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`);
    const chunks: Buffer[] = [];
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('error', () => {});
    await once(socket, 'close');
    expect(Buffer.concat(chunks).toString()).toMatch(/^HTTP\/1\.1 431 /);
  } finally {
    await other.close();
  }
});
