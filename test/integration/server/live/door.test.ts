/** What strangers get at the door: no worker is needed to be turned away. */
import type { IncomingMessage } from 'node:http';
import { connect as connectTo } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { CLOSE_CODES, MESSAGE_BYTES_MAX, TOKEN_PATH } from '../../../../src/live/protocol';
import { RESPONSE_HEADERS } from '../../../../src/server/headers';
import { Tokens } from '../../../../src/server/live/tokens';
import { connect, type LiveServer, serveLive, socketUrl, tokenFor } from '../../../harness/live';

const SECRET = 'sixteen-letters-and-more';

let server: LiveServer;
beforeAll(async () => {
  server = await serveLive({
    bare: true,
    secret: SECRET,
    limits: { idleSockets: 8, joinTime: 60_000, socketBurst: 2000 },
  });
});
afterAll(() => server[Symbol.asyncDispose]());

/** Opens a raw socket. */
function raw(headers: Record<string, string> = {}): WebSocket {
  return new WebSocket(socketUrl(server.url), { headers });
}

/** The HTTP status with which a socket was refused; 101 when it was not. */
function statusOf(socket: WebSocket): Promise<number> {
  return new Promise((resolve) => {
    socket.on('unexpected-response', (_, response) => resolve(response.statusCode ?? 0));
    socket.on('open', () => {
      resolve(101);
      socket.terminate();
    });
    socket.on('error', () => {});
  });
}

function closeCode(socket: WebSocket): Promise<number> {
  return new Promise((resolve) => socket.on('close', resolve));
}

async function opened(): Promise<WebSocket> {
  const socket = raw();
  await new Promise((resolve, reject) => {
    socket.on('open', resolve);
    socket.on('error', reject);
  });
  return socket;
}

describe('origins', () => {
  test('the server’s own page and programs may connect, another page may not', async () => {
    expect(await statusOf(raw())).toBe(101);
    expect(await statusOf(raw({ origin: new URL(server.url).origin }))).toBe(101);
    expect(await statusOf(raw({ origin: 'https://evil.example' }))).toBe(403);
  });

  test('a refusal has every header and a sentence', async () => {
    const socket = raw({ origin: 'https://evil.example' });
    const response = await new Promise<IncomingMessage>((resolve) =>
      socket.on('unexpected-response', (_, answer) => resolve(answer)),
    );
    socket.on('error', () => {});
    for (const [name, value] of Object.entries(RESPONSE_HEADERS))
      expect(response.headers[name.toLowerCase()], name).toBe(value);
    expect((await response.toArray()).join('')).toMatch(/^This is not allowed here\.\n$/);
  });

  test('an offer of HTTP/2 is answered in HTTP/1.1, with its body read', async () => {
    const { port } = new URL(server.url);
    const ask = async (head: string, body = '') => {
      const socket = connectTo(Number(port), '127.0.0.1');
      const offer = 'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n';
      socket.write(`${head}\r\nHost: 127.0.0.1:${port}\r\n${offer}\r\n${body}`);
      return (await socket.toArray()).join('');
    };
    const health = await ask('GET /live/health HTTP/1.1');
    expect(health).toMatch(/^HTTP\/1\.1 503 /);
    expect(health).toContain('"missing":["workers"]');
    const body = '{"room":"a","role":"view"}';
    const tokens = await ask(
      `POST ${TOKEN_PATH} HTTP/1.1\r\nAuthorization: Bearer ${SECRET}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}`,
      body,
    );
    expect(tokens).toMatch(/^HTTP\/1\.1 200 /);
    expect(tokens).toContain('"token"');
  });

  test('other paths are nothing', async () => {
    expect(await statusOf(new WebSocket(`${socketUrl(server.url)}/../other`))).toBe(404);
  });
});

describe('tokens', () => {
  test('are given to the owner, and by an invitation that allows it, for its own room', async () => {
    const inviting = await tokenFor(server.url, { room: 'a', role: 'view', invites: true }, SECRET);
    const plain = await tokenFor(server.url, { room: 'a', role: 'publish' }, inviting);
    expect(plain.split('.')).toHaveLength(3);
    await expect(tokenFor(server.url, { room: 'b', role: 'publish' }, inviting)).rejects.toThrow('403');
    await expect(tokenFor(server.url, { room: 'a', role: 'publish' }, plain)).rejects.toThrow('403');
    // Whoever was invited may not hand out the right to invite.
    const second = await tokenFor(server.url, { room: 'a', role: 'view', invites: true }, inviting);
    await expect(tokenFor(server.url, { room: 'a', role: 'view' }, second)).rejects.toThrow('403');
    // Nor for longer than its own lasts.
    const wish = { room: 'a', role: 'view' } as const;
    const host = await tokenFor(server.url, { ...wish, invites: true, seconds: 300 }, SECRET);
    const longer = await tokenFor(server.url, { ...wish, seconds: 3600 }, host);
    const { exp } = JSON.parse(Buffer.from(longer.split('.')[1] ?? '', 'base64url').toString());
    expect(exp).toBeLessThanOrEqual(Date.now() / 1000 + 300);
  });

  test('are refused to everybody else', async () => {
    await expect(tokenFor(server.url, { room: 'a', role: 'view' }, null)).rejects.toThrow('401');
    await expect(tokenFor(server.url, { room: 'a', role: 'view' }, 'not-the-secret')).rejects.toThrow('401');
    await expect(tokenFor(server.url, { room: '../a', role: 'view' }, SECRET)).rejects.toThrow('400');
    // How to say who asks (RFC 9110, 11.6.1).
    const refused = await fetch(new URL(TOKEN_PATH, server.url), { method: 'POST' });
    expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
  });

  test('are given to the owner however many strangers fail, and those wait for one another', async () => {
    const guess = (i: number) => tokenFor(server.url, { room: 'a', role: 'view' }, `guess-${i}`);
    const guesses = await Promise.allSettled(Array.from({ length: 60 }, (_, i) => guess(i)));
    const statuses = guesses.map((each) => (each.status === 'rejected' ? String(each.reason) : 'given'));
    expect(new Set(statuses)).toEqual(new Set(['Error: status 401', 'Error: status 429']));
    for (let i = 0; i < 60; i++) await tokenFor(server.url, { room: 'a', role: 'view' }, SECRET);
  });

  test('that the owner revokes open nothing any more', async () => {
    const token = await tokenFor(server.url, { room: 'a', role: 'view', invites: true }, SECRET);
    const { jti } = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
    const revoke = (bearer: string) =>
      fetch(new URL(`${TOKEN_PATH}/revoke`, server.url), {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${bearer}` },
        body: JSON.stringify({ id: jti }),
      });
    expect((await revoke(token)).status).toBe(403);
    await tokenFor(server.url, { room: 'a', role: 'view' }, token);
    expect((await revoke(SECRET)).status).toBe(204);
    await expect(tokenFor(server.url, { room: 'a', role: 'view' }, token)).rejects.toThrow(/40|42/);
  });

  test('no guest gets a permission that only the owner gives', async () => {
    const inviting = await tokenFor(server.url, { room: 'a', role: 'view', invites: true }, SECRET);
    const asked = await tokenFor(server.url, { room: 'a', role: 'view', may: ['admin', 'invite'] }, inviting);
    const { may } = JSON.parse(Buffer.from(asked.split('.')[1] ?? '', 'base64url').toString());
    expect(may).toEqual([]);
  });

  test('no page of another origin gets one', async () => {
    const response = await fetch(new URL(TOKEN_PATH, server.url), {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: 'https://evil.example' },
      body: '{}',
    });
    expect(response.status).toBe(403);
  });

  test('a wrong one is refused in one word, and the socket closed', async () => {
    const client = await connect(server.url);
    await expect(client.signalling.request('join', { token: 'x.y.z' })).rejects.toMatchObject({
      code: 'live-token-invalid',
    });
    expect(await client.ended).toEqual({ code: CLOSE_CODES.unauthorised, final: true });
  });

  test('one that has ended is refused as such, and nothing is tried again with it', async () => {
    const { token } = await new Tokens(SECRET).issue({ room: 'a', role: 'view', may: ['invite'] }, -60);
    const client = await connect(server.url);
    await expect(client.signalling.request('join', { token })).rejects.toMatchObject({
      code: 'live-token-expired',
    });
    expect(await client.ended).toEqual({ code: CLOSE_CODES.expired, final: true });
    // It invites nobody any more, either.
    await expect(tokenFor(server.url, { room: 'a', role: 'view' }, token)).rejects.toThrow(/401|429/);
  });

  test('while no worker runs, joiners are told to come again', async () => {
    const token = await tokenFor(server.url, { room: 'a', role: 'view' }, SECRET);
    const client = await connect(server.url);
    await expect(client.signalling.request('join', { token })).rejects.toMatchObject({
      code: 'live-not-ready',
    });
    expect(await client.ended).toEqual({ code: CLOSE_CODES.again, final: false });
  });
});

describe('messages', () => {
  test('nothing works before joining', async () => {
    using client = await connect(server.url);
    await expect(client.signalling.request('createTransport', { direction: 'send' })).rejects.toMatchObject({
      code: 'live-token-invalid',
    });
  });

  test('whatever is no request ends the connection, whatever it is', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(fc.string(), fc.json(), fc.constant('{"id":1,"method":"__proto__"}')),
        async (text) => {
          const socket = await opened();
          const closed = closeCode(socket);
          socket.send(text);
          expect(await closed).toBe(CLOSE_CODES.malformed);
        },
      ),
      { numRuns: 40 },
    );
  });

  test('bytes in place of a text, and a text that is too long', async () => {
    const binary = await opened();
    const binaryClosed = closeCode(binary);
    binary.send(Buffer.from([1, 2, 3]));
    expect(await binaryClosed).toBe(CLOSE_CODES.malformed);
    const long = await opened();
    const longClosed = closeCode(long);
    long.send('x'.repeat(MESSAGE_BYTES_MAX + 1));
    // Message too big (RFC 6455, 7.4.1).
    expect(await longClosed).toBe(1009);
  });

  test('a flood ends, and is counted once, however long it goes on', async () => {
    const counted = async () => {
      const headers = { authorization: `Bearer ${SECRET}` };
      const text = await (await fetch(new URL('/live/metrics', server.url), { headers })).text();
      return Number(/carriageway_closed_total\{reason="tooFast"\} (\d+)/.exec(text)?.[1] ?? 0);
    };
    const before = await counted();
    const socket = await opened();
    const closed = closeCode(socket);
    for (let i = 0; i < 1000; i++)
      socket.send(JSON.stringify({ id: i, method: 'createTransport', data: { direction: 'send' } }));
    expect(await closed).toBe(CLOSE_CODES.tooFast);
    expect(await counted()).toBe(before + 1);
  });
});

test('two hundred sockets that never join do not keep others out', async () => {
  const squatters = await Promise.all(Array.from({ length: 200 }, () => opened()));
  const open = () => squatters.filter((socket) => socket.readyState === WebSocket.OPEN).length;
  await vi.waitFor(() => expect(open()).toBeLessThanOrEqual(8), { timeout: 20_000 });
  const client = await connect(server.url);
  const token = await tokenFor(server.url, { room: 'a', role: 'view' }, SECRET);
  await expect(client.signalling.request('join', { token })).rejects.toMatchObject({
    code: 'live-not-ready',
  });
  for (const socket of squatters) socket.terminate();
});

test('metrics are for the owner, health for everybody', async () => {
  const get = (path: string, bearer?: string) =>
    fetch(new URL(path, server.url), bearer ? { headers: { authorization: `Bearer ${bearer}` } } : {});
  expect((await get('/live/metrics')).status).toBe(401);
  const metrics = await get('/live/metrics', SECRET);
  expect(await metrics.text()).toMatch(/carriageway_refused_total\{reason="unauthorised"\} \d+/);
  const health = await get('/live/health');
  expect(health.status).toBe(503);
  expect(await health.json()).toEqual({ ok: false, workers: 0, missing: ['workers'] });
  const ready = await get('/live/ready');
  expect(ready.status).toBe(503);
  expect(await ready.json()).toMatchObject({ ready: false, draining: false });
});
