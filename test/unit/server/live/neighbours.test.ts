/** Two server processes that share a room through Redis; one of them is killed. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join as joinPath } from 'node:path';
import { observer, type types } from 'mediasoup';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { ROOT } from '../../../../src/server/prepare.mjs';
import { connect, type LiveServer, NO_WORKER, serveLive, tokenFor, WORKER } from '../../../harness/live';

const REDIS = spawnSync('redis-server', ['--version']).status === 0;
const SKIPPED = !WORKER || !REDIS;
if (SKIPPED)
  console.warn(`Tests of several processes are skipped: ${WORKER ? 'no redis-server' : NO_WORKER}`);

const SECRET = 'a-secret-that-both-processes-know';
const CAPABILITIES = {
  codecs: [
    {
      mimeType: 'video/VP8',
      kind: 'video',
      clockRate: 90_000,
      preferredPayloadType: 96,
      parameters: {},
      rtcpFeedback: [],
    },
  ],
  headerExtensions: [],
};

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address ? address.port : 0;
}

/** Producers of this process that came through a pipe from another. */
const piped: types.Producer[] = [];
observer.on('newworker', (worker) =>
  worker.observer.on('newrouter', (router) =>
    router.observer.on('newtransport', (transport) =>
      transport.observer.on('newproducer', (producer) => {
        if (transport.type === 'pipe') piped.push(producer);
      }),
    ),
  ),
);

describe.skipIf(SKIPPED)('two processes', () => {
  let redis: ChildProcess;
  let far: ChildProcess;
  let near: LiveServer;
  let farUrl = '';

  beforeAll(async () => {
    const port = await freePort();
    redis = spawn(
      'redis-server',
      ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'],
      {
        stdio: ['ignore', 'pipe', 'ignore'],
      },
    );
    let said = '';
    redis.stdout?.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    await vi.waitFor(() => expect(said).toContain('Ready to accept connections'), { timeout: 20_000 });
    const url = `redis://127.0.0.1:${port}`;
    far = spawn(
      process.execPath,
      ['--import', 'tsx', joinPath(ROOT, 'test/harness/live-node.ts'), url, SECRET],
      { stdio: ['ignore', 'pipe', 'inherit'], cwd: ROOT },
    );
    far.stdout?.setEncoding('utf8').on('data', (text: string) => {
      farUrl += text;
    });
    await vi.waitFor(() => expect(farUrl).toMatch(/^http.*\/\n/), { timeout: 40_000 });
    farUrl = farUrl.trim();
    near = await serveLive({ redis: url, secret: SECRET });
  }, 90_000);

  afterAll(async () => {
    await near?.[Symbol.asyncDispose]();
    far?.kill('SIGKILL');
    redis?.kill('SIGKILL');
  });

  async function enter(url: string, role: 'publish' | 'view') {
    const client = await connect(url);
    const token = await tokenFor(url, { room: 'a', role }, SECRET);
    const answer = await client.signalling.request('join', { token, name: 'Van' });
    return { ...client, answer };
  }

  test('a picture that comes in at one is seen at the other; killed, it is gone, and may come in here', async () => {
    const van = await enter(farUrl, 'publish');
    const { vehicle, port, payloadType, ssrc } = await van.signalling.request('ingest', { codec: 'vp8' });
    const viewer = await enter(near.url, 'view');
    await vi.waitFor(
      () =>
        expect([
          ...viewer.answer.vehicles,
          ...viewer.heard.flatMap((each) => (each.event === 'vehicle-came' ? [each.vehicle] : [])),
        ]).toContainEqual({ id: vehicle, name: 'Van', via: 'rtp' }),
      { timeout: 20_000 },
    );
    const { id: transport } = await viewer.signalling.request('createTransport', { direction: 'receive' });
    const consumer = await viewer.signalling.request('consume', {
      vehicle,
      transport,
      rtpCapabilities: CAPABILITIES,
    });
    expect(consumer.vehicle).toBe(vehicle);

    // Packets sent to the one arrive at the other.
    const socket = createSocket('udp4');
    let sequence = 0;
    const send = setInterval(() => {
      const packet = Buffer.alloc(40);
      packet.writeUInt8(0x80, 0);
      packet.writeUInt8(0x80 | payloadType, 1);
      packet.writeUInt16BE(++sequence & 0xffff, 2);
      packet.writeUInt32BE(sequence * 3000, 4);
      packet.writeUInt32BE(ssrc, 8);
      // VP8 payload descriptor, then the first bytes of a key frame (RFC 7741; RFC 6386, 9.1).
      packet.set([0x10, 0x10, 0x02, 0x00, 0x9d, 0x01, 0x2a, 0x40, 0x01, 0xb4, 0x00], 12);
      socket.send(packet, port, '127.0.0.1');
    }, 20);
    try {
      await vi.waitFor(
        async () => {
          const [stats] = (await piped[0]?.getStats()) ?? [];
          expect(stats?.packetCount ?? 0).toBeGreaterThan(5);
        },
        { timeout: 20_000 },
      );
    } finally {
      clearInterval(send);
      socket.close();
    }

    far.kill('SIGKILL');
    await vi.waitFor(() => expect(viewer.heard).toContainEqual({ event: 'vehicle-left', vehicle }), {
      timeout: 30_000,
    });
    expect(piped.every((producer) => producer.closed)).toBe(true);
    const back = await enter(near.url, 'publish');
    const again = await back.signalling.request('ingest', { codec: 'vp8' });
    await vi.waitFor(() =>
      expect(viewer.heard).toContainEqual({
        event: 'vehicle-came',
        vehicle: { id: again.vehicle, name: 'Van', via: 'rtp' },
      }),
    );
    for (const client of [viewer, back, van]) client.signalling.close();
  });

  test('strangers get no pipe', async () => {
    const ask = (authorization?: string) =>
      fetch(new URL('/live/pipes', near.url), {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(authorization ? { authorization } : {}) },
        body: '{}',
      });
    const view = await tokenFor(near.url, { room: 'a', role: 'view' }, SECRET);
    expect((await ask()).status).toBe(404);
    expect((await ask(`Bearer ${view}`)).status).toBe(404);
    expect((await ask(`Bearer ${SECRET}`)).status).toBe(404);
  });
});
