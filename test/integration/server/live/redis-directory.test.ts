/** The directory when Redis comes late, is restarted empty, or holds what strangers wrote. */
import { Redis } from 'ioredis';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Vehicle } from '../../../../src/live/protocol';
import type { Listing, Revocation } from '../../../../src/server/live/directory';
import { RedisDirectory } from '../../../../src/server/live/redis-directory';
import { NO_LOG } from '../../../../src/server/log';
import { SECRET as OWNER, serveLive } from '../../../harness/live';
import { REDIS, TestRedis } from '../../../harness/redis';
import { SOON } from '../../../harness/soon';

if (!REDIS) console.warn('Tests of the directory are skipped: no redis-server');

const SECRET = 'a-secret-that-the-processes-know';
const VAN: Vehicle = { id: 'v1', name: 'Van', via: 'rtp', silent: false, roundTrip: null };

const open: AsyncDisposable[] = [];
afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each[Symbol.asyncDispose]();
});

async function place(): Promise<TestRedis> {
  const redis = await TestRedis.place();
  open.push(redis);
  return redis;
}

/** A process as the directory sees it, and the vehicles it knows of in room a. */
function join(redis: TestRedis, secret = SECRET) {
  const directory = new RedisDirectory(redis.url, 'http://127.0.0.1:9/', secret, NO_LOG);
  open.push(directory);
  let listings: readonly Listing[] = [];
  const told: string[] = [];
  directory.watch('a', (now) => {
    listings = now;
    told.push(now.map((each) => each.vehicle.id).join());
  });
  return { directory, told, seen: () => listings.map((each) => each.vehicle.id) };
}

describe.skipIf(!REDIS)('processes find each other', () => {
  test('though Redis comes after them, and nothing is lost that was announced before', async () => {
    const redis = await place();
    const [near, far] = [join(redis), join(redis)];
    far.directory.announce('a', VAN);
    expect(near.directory.connected).toBe(false);
    await redis.start();
    await vi.waitFor(() => expect(near.seen()).toEqual(['v1']), SOON);
    expect(near.directory.connected).toBe(true);
    expect(near.directory.others).toBe(1);
    expect(far.seen()).toEqual([]);
    far.directory.withdraw('a', 'v1');
    await vi.waitFor(() => expect(near.seen()).toEqual([]), SOON);
  });

  test('when Redis is restarted empty, and nobody’s vehicles flicker meanwhile', async () => {
    const redis = await place();
    await redis.start();
    const [near, far] = [join(redis), join(redis)];
    far.directory.announce('a', VAN);
    await vi.waitFor(() => expect(near.seen()).toEqual(['v1']), SOON);
    await redis.kill();
    await vi.waitFor(() => expect(near.directory.connected).toBe(false), SOON);
    expect(near.seen()).toEqual(['v1']);
    near.told.length = 0;
    await redis.start();
    far.directory.announce('a', { ...VAN, id: 'v2' });
    await vi.waitFor(() => expect(near.seen()).toEqual(['v1', 'v2']), SOON);
    expect(near.told).not.toContain('');
    // Read before the one that has them tells them again.
    near.told.length = 0;
    const client = new Redis(redis.url);
    await client.multi().flushall().publish('carriageway:changes', '').exec();
    client.disconnect();
    await vi.waitFor(() => expect(near.told.length).toBeGreaterThan(0), SOON);
    expect(near.told).not.toContain('');
  });

  test('and say to whoever watches whether Redis is there', async () => {
    const redis = await place();
    const server = await serveLive({ redis: redis.url, bare: true });
    open.push(server);
    const missing = async () => (await (await fetch(new URL('/live/health', server.url))).json()).missing;
    const connected = async () => {
      const headers = { authorization: `Bearer ${OWNER}` };
      const text = await (await fetch(new URL('/live/metrics', server.url), { headers })).text();
      return /^carriageway_redis_connected (\d)/m.exec(text)?.[1];
    };
    expect([await missing(), await connected()]).toEqual([['workers', 'redis'], '0']);
    await redis.start();
    await vi.waitFor(
      async () => expect([await missing(), await connected()]).toEqual([['workers'], '1']),
      SOON,
    );
  });

  test('when what one told is gone, it tells it again by itself', async () => {
    const redis = await place();
    await redis.start();
    const [near, far] = [join(redis), join(redis)];
    far.directory.announce('a', VAN);
    await vi.waitFor(() => expect(near.seen()).toEqual(['v1']), SOON);
    const client = new Redis(redis.url);
    await client.flushall();
    await vi.waitFor(async () => expect(await client.keys('*')).toHaveLength(2), SOON);
    client.disconnect();
    await vi.waitFor(() => expect(near.seen()).toEqual(['v1']), SOON);
  });

  test('and one that leaves takes what it had with it', async () => {
    const redis = await place();
    await redis.start();
    const [near, far] = [join(redis), join(redis)];
    far.directory.announce('a', VAN);
    await vi.waitFor(() => expect(near.seen()).toEqual(['v1']), SOON);
    await far.directory[Symbol.asyncDispose]();
    await vi.waitFor(() => expect(near.seen()).toEqual([]), SOON);
  });

  test('and believe nobody who does not know the secret', async () => {
    const redis = await place();
    await redis.start();
    const [near, stranger] = [join(redis), join(redis, 'another secret, just as long')];
    stranger.directory.announce('a', VAN);
    const client = new Redis(redis.url);
    await client.set('carriageway:node:x', JSON.stringify({ body: '{}', mac: 'AAAA' }));
    const far = join(redis);
    far.directory.announce('a', { ...VAN, id: 'v2' });
    await vi.waitFor(() => expect(near.seen()).toEqual(['v2']), SOON);
    // Nor does anybody sweep away what is not its own.
    expect(await client.exists('carriageway:node:x')).toBe(1);
    client.disconnect();
  });

  test('however much strangers write beside them, of whatever kind', async () => {
    const redis = await place();
    await redis.start();
    const stranger = new Redis(redis.url);
    try {
      const writing = stranger.pipeline();
      for (let i = 0; i < 500; i++) writing.set(`carriageway:node:${i}`, `{"body":"${i}"}`);
      writing.hset('carriageway:node:hash', 'a', '1').rpush('carriageway:node:list', '1');
      writing.setrange('carriageway:node:long', 60_000_000, 'x');
      await writing.exec();
      const [near, far] = [join(redis), join(redis)];
      far.directory.announce('a', VAN);
      await vi.waitFor(() => expect(near.seen()).toEqual(['v1']), { timeout: 30_000 });
      expect(near.directory.others).toBe(1);
      expect(near.directory.connected).toBe(true);
      // By then one of the two has had its turn with every key, so many at a time and so much of each.
      const calls = async (command: string) => {
        const stats = await stranger.info('commandstats');
        return Number(new RegExp(`cmdstat_${command}:calls=(\\d+)`).exec(stats)?.[1] ?? 0);
      };
      await vi.waitFor(async () => expect(await calls('getrange')).toBeGreaterThan(1100), {
        timeout: 30_000,
      });
      const [read, readings] = [await calls('getrange'), await calls('scan')];
      expect(read / readings).toBeLessThanOrEqual(128);
      const sent = /total_net_output_bytes:(\d+)/.exec(await stranger.info('stats'))?.[1];
      expect(Number(sent)).toBeLessThan(50_000_000);
    } finally {
      stranger.disconnect();
    }
  });

  test('and a token that is revoked at one is revoked at all, newcomers too', async () => {
    const redis = await place();
    await redis.start();
    const far = join(redis);
    const until = Math.floor(Date.now() / 1000) + 60;
    far.directory.revoke({ id: 't', until });
    const near = join(redis);
    const heard: Revocation[] = [];
    near.directory.listen({ nodes: () => {}, revoked: (revocations) => heard.push(...revocations) });
    await vi.waitFor(() => expect(heard).toContainEqual({ id: 't', until }), SOON);
  });
});
