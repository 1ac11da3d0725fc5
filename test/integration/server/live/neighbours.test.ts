/** Two server processes that share a room through Redis; one of them is killed. */
import { type ChildProcess, spawn } from 'node:child_process';
import { join as joinPath } from 'node:path';
import { observer, type types } from 'mediasoup';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { Tokens } from '../../../../src/server/live/tokens';
import { ROOT } from '../../../../src/server/prepare.mjs';
import { FFMPEG, sendPattern } from '../../../harness/dashcam';
import { connect, type LiveServer, NO_WORKER, serveLive, tokenFor, WORKER } from '../../../harness/live';
import { CAPABILITIES } from '../../../harness/live-members';
import { REDIS, TestRedis } from '../../../harness/redis';
import { SOON } from '../../../harness/soon';

const SKIPPED = !WORKER || !REDIS || !FFMPEG;
if (SKIPPED)
  console.warn(`Tests of several processes are skipped: ${WORKER ? 'no redis-server or ffmpeg' : NO_WORKER}`);

const SECRET = 'a-secret-that-both-processes-know';
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
  let redis: TestRedis;
  let far: ChildProcess;
  let near: LiveServer;
  let farUrl = '';

  beforeAll(async () => {
    redis = await TestRedis.place();
    await redis.start();
    const { url } = redis;
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
    await redis?.[Symbol.asyncDispose]();
  });

  async function enter(url: string, role: 'publish' | 'view') {
    const client = await connect(url);
    const token = await tokenFor(url, { room: 'a', role }, SECRET);
    const answer = await client.signalling.request('join', { token, name: 'Van' });
    return { ...client, answer };
  }

  test('a picture that comes in at one is seen at the other; stalled, it comes back; killed, it is gone, and may come in here', async () => {
    const van = await enter(farUrl, 'publish');
    const { vehicle, ...to } = await van.signalling.request('ingest', { codec: 'vp8' });
    const viewer = await enter(near.url, 'view');
    await vi.waitFor(
      () =>
        expect([
          ...viewer.answer.vehicles,
          ...viewer.heard.flatMap((each) => (each.event === 'vehicle-came' ? [each.vehicle] : [])),
        ]).toContainEqual(expect.objectContaining({ id: vehicle, name: 'Van', via: 'rtp' })),
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
    {
      using _ = sendPattern(to);
      await vi.waitFor(
        async () => {
          const [stats] = (await piped[0]?.getStats()) ?? [];
          expect(stats?.packetCount ?? 0).toBeGreaterThan(5);
        },
        { timeout: 20_000 },
      );
    }

    const left = () => viewer.heard.filter((each) => each.event === 'vehicle-left').length;
    far.kill('SIGSTOP');
    await vi.waitFor(() => expect(left()).toBe(1), { timeout: 30_000 });
    const heardBefore = viewer.heard.length;
    far.kill('SIGCONT');
    await vi.waitFor(
      () =>
        expect(viewer.heard.slice(heardBefore)).toContainEqual(
          expect.objectContaining({
            event: 'vehicle-came',
            vehicle: expect.objectContaining({ id: vehicle }),
          }),
        ),
      { timeout: 30_000 },
    );

    far.kill('SIGKILL');
    await vi.waitFor(() => expect(left()).toBe(2), { timeout: 30_000 });
    expect(piped.every((producer) => producer.closed)).toBe(true);
    const back = await enter(near.url, 'publish');
    const again = await back.signalling.request('ingest', { codec: 'vp8' });
    await vi.waitFor(
      () =>
        expect(viewer.heard).toContainEqual({
          event: 'vehicle-came',
          vehicle: { id: again.vehicle, name: 'Van', via: 'rtp', silent: false, roundTrip: null },
        }),
      SOON,
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
    // Nor does a neighbour's token, for a vehicle it was not made for.
    const other = await new Tokens(SECRET).issueForNode({
      room: 'a',
      vehicle: 'v',
      from: 'n',
      to: 'elsewhere',
    });
    expect((await ask(`Bearer ${other}`)).status).toBe(404);
  });
});
