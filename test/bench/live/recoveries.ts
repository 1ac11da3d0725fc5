/** How long it takes until all is well again: after Redis was away and came back empty, and after a worker hung. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Vehicle } from '../../../src/live/protocol.ts';
import type { Listing } from '../../../src/server/live/directory.ts';
import { ALIVE, RedisDirectory } from '../../../src/server/live/redis-directory.ts';
import { NO_LOG } from '../../../src/server/log.ts';
import { PROBE } from '../../../src/server/sfu/worker-pool.ts';
import { join, serveLive } from '../../harness/live.ts';
import { REDIS, TestRedis } from '../../harness/redis.ts';
import { ToolError } from '../tool-error.ts';

/** Milliseconds between two looks, and of patience: what never comes is no figure. */
const LOOK = 20;
const PATIENCE = 60_000;

const SECRET = 'the-secret-of-processes-in-benchmarks';

/** Vehicles that each process has. */
const VEHICLES = 20;

/** Milliseconds until something is so. */
async function until(is: () => boolean | Promise<boolean>, what: string): Promise<number> {
  const begun = performance.now();
  while (!(await is())) {
    if (performance.now() - begun > PATIENCE) throw new Error(`${what}: never.`);
    await sleep(LOOK);
  }
  return performance.now() - begun;
}

function vehicle(id: string): Vehicle {
  return { id, name: id, via: 'rtp', silent: false, roundTrip: null };
}

/**
 * Kills Redis with two processes on it, keeps it away for longer than entries live, and starts it again, empty.
 * @returns milliseconds from then (its own start is counted) until both are connected again and a process that begins
 *   just now knows all that they have, over the milliseconds that an entry lives
 */
export async function redisGap(): Promise<number> {
  if (!REDIS) throw new ToolError('redis_gap_recovered_s_over_ttl needs redis-server.');
  await using redis = await TestRedis.place();
  await redis.start();
  const open = () => new RedisDirectory(redis.url, 'http://127.0.0.1:9/', SECRET, NO_LOG);
  const seenBy = (directory: RedisDirectory) => {
    let seen: readonly Listing[] = [];
    directory.watch('a', (listings) => {
      seen = listings;
    });
    return () => new Set(seen.map((each) => each.vehicle.id)).size;
  };
  await using one = open();
  await using other = open();
  const [seenByOne, seenByOther] = [seenBy(one), seenBy(other)];
  for (let i = 0; i < VEHICLES; i++) {
    one.announce('a', vehicle(`one-${i}`));
    other.announce('a', vehicle(`other-${i}`));
  }
  const met = () => seenByOne() === VEHICLES && seenByOther() === VEHICLES;
  await until(met, 'The processes find each other');
  await redis.kill();
  await sleep(ALIVE * 1.5);
  if (one.connected || other.connected) throw new Error('Redis was not missed.');
  const begun = performance.now();
  await redis.start();
  await using newcomer = open();
  const seen = seenBy(newcomer);
  const back = () => one.connected && other.connected && seen() === 2 * VEHICLES && met();
  await until(back, 'All is known again');
  return (performance.now() - begun) / ALIVE;
}

/**
 * Stops a media worker with a room on it (SIGSTOP: it is there, and answers nothing).
 * @returns milliseconds from then until that room can be entered and sent into again, over those between two probes
 */
export async function workerHang(): Promise<number> {
  await using server = await serveLive({ probe: PROBE });
  using first = await join(server.url, 'a', 'publish', 'Van');
  await first.signalling.request('ingest', { codec: 'vp8' });
  const [pid] = server.pool.pids;
  process.kill(pid!, 'SIGSTOP');
  const sendsAgain = async (): Promise<boolean> => {
    try {
      using again = await join(server.url, 'a', 'publish', 'Van');
      await again.signalling.request('ingest', { codec: 'vp8' });
      return true;
    } catch {
      return false;
    }
  };
  return (await until(sendsAgain, 'The room is taken again')) / PROBE;
}
