/**
 * Brings live rooms up for a server, or says in one sentence why there are none: the page is served either way, and
 * while a worker is being fetched or built.
 */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { constants, setPriority } from 'node:os';
import { join } from 'node:path';
import type { ServerPart } from '../app.ts';
import type { ServerConfig } from '../config.ts';
import type { Log } from '../log.ts';
import { ROOT } from '../prepare.mjs';
import { listenProblem } from '../sfu/listen.ts';
import { findWorker } from '../sfu/worker-binary.mjs';
import { WorkerPool } from '../sfu/worker-pool.ts';
import { IceServers } from './ice-servers.ts';
import { liveRooms } from './live-rooms.ts';
import { Tokens } from './tokens.ts';

/** Live rooms of a server, owned by whoever opened them. */
export interface Live extends AsyncDisposable {
  readonly parts: readonly ServerPart[];
  /** What to say at the start. @param page address of the page */
  greeting(page: string): Promise<string>;
  /** Sends everybody elsewhere. @param milliseconds that may be taken; 0 does nothing */
  drain(milliseconds: number): Promise<void>;
}

/** The room of the links that are printed, and how long they last, in seconds: a week. */
const FIRST_ROOM = 'demo';
const LINK_SECONDS = 7 * 86_400;

/** Opens live rooms; they are joined as soon as their workers run. Never throws. */
export function openLive(config: Pick<ServerConfig, 'host' | 'live' | 'proxies'>, log: Log): Live {
  const { host, live, proxies } = config;
  if (!live.enabled)
    return {
      parts: [],
      greeting: async () => 'Live rooms: switched off.',
      drain: async () => {},
      async [Symbol.asyncDispose]() {},
    };
  // Without a secret of the owner's, one of this run: whoever has the links that are printed may join.
  const secret = live.secret ?? randomBytes(32).toString('base64url');
  const address = live.mediaHost ?? (host === '::' ? '0.0.0.0' : host === 'localhost' ? '127.0.0.1' : host);
  const pool = new WorkerPool({
    count: live.workers,
    address,
    announced: live.announce,
    port: live.mediaPort,
    log,
  });
  const stopped = new AbortController();
  const present = findWorker();
  void bringUp(pool, present, stopped.signal, log);
  const { origins, redis, node } = live;
  const iceServers = new IceServers(live.ice, live.turn);
  const pullHosts = live.pull;
  const { record: recording, alarms } = live;
  const rooms = liveRooms({
    pullHosts,
    recording,
    alarms,
    pool,
    secret,
    origins,
    redis,
    node,
    proxies,
    iceServers,
    log,
  });
  return {
    parts: [rooms.part],
    greeting: async (page) =>
      [
        ...(live.secret === null
          ? await links(page, new Tokens(secret))
          : [`Live rooms: ${page}?room=${FIRST_ROOM}, by invitation (signed with LIVE_SECRET).`]),
        ...(present ? [] : ['(In some minutes: their media worker is being prepared.)']),
        `(media workers ${live.workers}, on ${address}${
          live.announce.length > 0 ? ` announced as ${live.announce.join(', ')}` : ''
        }, port ${live.mediaPort === 0 ? 'any' : live.mediaPort}; pages ${['of this server', ...origins].join(', ')})`,
      ].join('\n'),
    drain: (milliseconds) => (milliseconds > 0 ? rooms.drain(milliseconds) : Promise.resolve()),
    async [Symbol.asyncDispose]() {
      stopped.abort();
      await pool[Symbol.asyncDispose]();
    },
  };
}

/** Links that open the first room, with tokens of this run in their fragments. */
async function links(page: string, tokens: Tokens): Promise<string[]> {
  const room = FIRST_ROOM;
  const viewer = await tokens.issue({ room, role: 'view', may: ['invite', 'admin'] }, LINK_SECONDS);
  const vehicle = await tokens.issue({ room, role: 'publish' }, LINK_SECONDS);
  return [
    `Live room:  ${page}?room=${room}#token=${viewer.token}`,
    `A vehicle:  ${page}?room=${room}&publish=drive&name=Bus#token=${vehicle.token}`,
    `A dashcam:  CARRIAGEWAY_TOKEN=${vehicle.token} \\`,
    `            npm run publish -- --server ${page} --room ${room} --name Dashcam FILE`,
    'The links are of this run; LIVE_SECRET makes invitations that outlive it.',
  ];
}

async function bringUp(
  pool: WorkerPool,
  present: string | null,
  signal: AbortSignal,
  log: Log,
): Promise<void> {
  try {
    const binary = present ?? (await prepare(signal));
    if (signal.aborted) return;
    if (binary === null) {
      console.error('Live rooms: none, since no media worker could be had (see above).');
      return;
    }
    await pool.start(binary);
    if (!present) console.log('Live rooms are ready.');
  } catch (thrown) {
    log.error({ err: thrown }, 'media workers could not be started');
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    console.error(`Live rooms: none. ${listenProblem(message, pool.options, pool.options.port)}`);
  }
}

/** Fetches or builds a worker in a process of its own. */
function prepare(signal: AbortSignal): Promise<string | null> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(ROOT, 'src/server/sfu/prepare-worker.mjs')], {
      stdio: ['ignore', 'pipe', 'inherit'],
      // A group of its own: compilers it has started must end with it.
      detached: true,
    });
    // The page that is being served comes first.
    if (child.pid) setPriority(child.pid, constants.priority.PRIORITY_LOW);
    const stop = () => {
      try {
        if (child.pid) process.kill(-child.pid);
      } catch {
        // Ended meanwhile.
      }
    };
    signal.addEventListener('abort', stop, { once: true });
    let said = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    child.once('error', () => resolve(null));
    child.once('close', (code) => {
      signal.removeEventListener('abort', stop);
      resolve(code === 0 ? (said.trim().split('\n').at(-1) ?? null) : null);
    });
  });
}
