/** A file at an address, from a real server: with ranges, without, and with what goes wrong. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { reachAddress } from '../../../src/sources/recording/reach-address';
import { RemoteFile, type RemoteParts } from '../../../src/sources/recording/remote-file';

const MIB = 1024 * 1024;
let server: Server | null = null;
/** Ranges that were asked for; null for a request without one. */
let asked: (string | null)[] = [];

afterEach(async () => {
  server?.closeAllConnections();
  await new Promise((resolve) => (server ? server.close(resolve) : resolve(null)));
  server = null;
  asked = [];
});

type Answer = (request: IncomingMessage, response: ServerResponse, turn: number) => void;

async function serve(answer: Answer): Promise<URL> {
  const made = createServer((request, response) => {
    asked.push(request.headers.range ?? null);
    answer(request, response, asked.length);
  });
  server = made;
  await new Promise<void>((resolve) => made.listen(0, '127.0.0.1', resolve));
  return new URL(`http://127.0.0.1:${(made.address() as AddressInfo).port}/film.mp4`);
}

/** Gives ranges of a file, as static servers do. */
function ranges(file: Uint8Array, tag = () => '"a"'): Answer {
  return ({ headers }, response) => {
    const match = /^bytes=(\d+)-(\d+)$/.exec(headers.range ?? '');
    if (!match) {
      response.writeHead(200, { 'Content-Type': 'video/mp4' }).end(file);
      return;
    }
    const [from, to] = [Number(match[1]), Math.min(Number(match[2]) + 1, file.length)];
    response.writeHead(206, {
      'Content-Type': 'video/mp4',
      'Content-Range': `bytes ${from}-${to - 1}/${file.length}`,
      ETag: tag(),
    });
    response.end(file.subarray(from, to));
  };
}

/** Boxes of an MP4 with their lengths; what is in them counts up. */
function boxes(...list: readonly (readonly [type: string, length: number])[]): Uint8Array<ArrayBuffer> {
  const file = new Uint8Array(list.reduce((sum, [, length]) => sum + length, 0)).map((_, i) => i % 251);
  let at = 0;
  for (const [type, length] of list) {
    new DataView(file.buffer).setUint32(at, length);
    file.set(new TextEncoder().encode(type), at + 4);
    at += length;
  }
  return file;
}

const FILM = boxes(['ftyp', 32], ['mdat', 9 * MIB + 5], ['moov', 4000]);

async function remote(answer: Answer = ranges(FILM)): Promise<RemoteParts> {
  const found = await reachAddress(await serve(answer));
  if (found instanceof Blob) throw new Error('it was fetched whole');
  return found;
}

test('of an MP4 with an index only what is looked at crosses the wire', async () => {
  const parts = await remote();
  expect(parts).toMatchObject({ size: FILM.length, tag: '"a"' });
  // The probe, the first page, and the last one with the index.
  expect(asked).toEqual(['bytes=0-65535', `bytes=0-${MIB - 1}`, expect.stringMatching(/^bytes=9437184-/)]);
});

test('parts of it are read like those of any file, across pages, each page once', async () => {
  const file = new RemoteFile(await remote());
  asked = [];
  const local = new Blob([FILM]);
  for (const [from, to] of [
    [10, 20],
    [MIB - 3, MIB + 4],
    [-7, undefined],
    [5, 5],
    [FILM.length - 2, FILM.length + 9],
  ] as const) {
    const [mine, theirs] = [file.slice(from, to), local.slice(from, to)];
    expect(mine.size).toBe(theirs.size);
    expect(Buffer.from(await mine.arrayBuffer()).equals(Buffer.from(await theirs.arrayBuffer()))).toBe(true);
  }
  const inner = file.slice(MIB, 3 * MIB).slice(100, 200);
  expect(await inner.text()).toBe(await local.slice(MIB + 100, MIB + 200).text());
  const streamed = await new Response(file.slice(MIB - 50, 3 * MIB + 50).stream()).arrayBuffer();
  expect(Buffer.from(streamed).equals(FILM.subarray(MIB - 50, 3 * MIB + 50))).toBe(true);
  expect(new Set(asked).size).toBe(asked.length);
});

test('what is asked for twice at once is fetched once, and the oldest pages are let go of', async () => {
  const big = boxes(['ftyp', 32], ['moov', 100], ['mdat', 40 * MIB]);
  const file = new RemoteFile(await remote(ranges(big)));
  asked = [];
  await Promise.all([file.slice(9, 20).arrayBuffer(), file.slice(30, 40).arrayBuffer()]);
  expect(asked).toHaveLength(1);
  for (let page = 0; page < 40; page++) await file.slice(page * MIB, page * MIB + 9).arrayBuffer();
  asked = [];
  await file.slice(39 * MIB, 39 * MIB + 9).arrayBuffer();
  expect(asked).toHaveLength(0);
  await file.slice(0, 9).arrayBuffer();
  expect(asked).toHaveLength(1);
});

test.each([
  ['a server without ranges', (_: unknown, response: ServerResponse) => response.end(FILM)],
  [
    'fragments, whose clock is read through',
    ranges(boxes(['ftyp', 32], ['moov', 90], ['moof', 90], ['mdat', 900])),
  ],
  ['what is no MP4', ranges(new TextEncoder().encode('not a film, however long'))],
] as const)('%s: the file is fetched whole', async (_, answer) => {
  const found = await reachAddress(await serve(answer as Answer));
  expect(found).toBeInstanceOf(Blob);
});

test.each([
  ['404', 'source-unreachable', 'answered 404', (_: unknown, r: ServerResponse) => r.writeHead(404).end()],
  [
    'a web page',
    'source-not-a-video',
    'is a web page',
    (_: unknown, r: ServerResponse) => r.writeHead(200, { 'Content-Type': 'text/html' }).end('<p>no'),
  ],
  ['an empty file', 'source-empty', '', (_: unknown, r: ServerResponse) => r.writeHead(416).end()],
  [
    'more than is taken',
    'source-unreachable',
    'larger than 2 GB',
    (_: unknown, r: ServerResponse) => {
      r.writeHead(200, { 'Content-Length': String(3 * 2 ** 30) });
      r.write('x');
    },
  ],
  ['a server that hangs up', 'source-unreachable', '', (_: unknown, r: ServerResponse) => r.destroy()],
] as const)('%s is a typed error', async (_, code, detail, answer) => {
  const url = await serve(answer as Answer);
  await expect(reachAddress(url)).rejects.toMatchObject({ code, detail: expect.stringContaining(detail) });
});

test.each(['javascript:alert(1)', 'ftp://example.org/film.mp4', 'file:///etc/passwd'])(
  '%s is not asked for',
  async (address) => {
    await expect(reachAddress(new URL(address))).rejects.toMatchObject({ code: 'source-input-unknown' });
  },
);

test('a page that fails is asked for again; what never comes is a typed error', async () => {
  let broken = 0;
  const answer = ranges(FILM);
  const parts = await remote((request, response, turn) => {
    if (broken-- > 0) response.destroy();
    else answer(request, response, turn);
  });
  const file = new RemoteFile(parts);
  broken = 2;
  expect((await file.slice(0, 9).arrayBuffer()).byteLength).toBe(9);
  broken = 99;
  await expect(file.slice(5 * MIB, 5 * MIB + 9).arrayBuffer()).rejects.toMatchObject({
    code: 'source-unreachable',
  });
  // It is not remembered as broken.
  broken = 0;
  expect((await file.slice(5 * MIB, 5 * MIB + 9).arrayBuffer()).byteLength).toBe(9);
}, 30_000);

test('a file that is replaced meanwhile is not mixed with the one before', async () => {
  let tag = '"a"';
  const file = new RemoteFile(await remote(ranges(FILM, () => tag)));
  tag = '"b"';
  await expect(file.slice(5 * MIB, 5 * MIB + 9).arrayBuffer()).rejects.toMatchObject({
    code: 'source-unreachable',
    detail: expect.stringContaining('another file'),
  });
});
