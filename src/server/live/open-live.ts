/**
 * Brings live rooms up for a server, or says in one sentence why there are none: the page is served either way, and
 * while a worker is being fetched or built.
 */
import { spawn } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import { join } from 'node:path';
import type { ServerPart } from '../app.ts';
import type { ServerConfig } from '../config.ts';
import { ROOT } from '../prepare.mjs';
import { findWorker } from '../sfu/worker-binary.mjs';
import { WorkerPool } from '../sfu/worker-pool.ts';
import { isLoopback } from './door.ts';
import { liveRooms } from './live-rooms.ts';

/** Live rooms of a server, owned by whoever opened them. */
export interface Live extends AsyncDisposable {
  readonly parts: readonly ServerPart[];
  /** What to say at the start. @param page address of the page */
  greeting(page: string): string;
}

/** Opens live rooms; they are joined as soon as their workers run. Never throws. */
export function openLive({ host, live }: Pick<ServerConfig, 'host' | 'live'>): Live {
  if (!live.enabled)
    return { parts: [], greeting: () => 'Live rooms: switched off.', async [Symbol.asyncDispose]() {} };
  const local = live.secret === null;
  // Without a secret anybody could join: then media, like the rooms themselves, stay on this machine.
  const address = local || isLoopback(host) ? '127.0.0.1' : host === '::' ? '0.0.0.0' : host;
  const announced = local ? null : live.announce;
  const pool = new WorkerPool({ count: live.workers, address, announced, port: live.mediaPort });
  const stopped = new AbortController();
  const present = findWorker();
  void bringUp(pool, present, stopped.signal);
  return {
    parts: [
      liveRooms({ pool, secret: live.secret, origins: live.origins, redis: live.redis, node: live.node }),
    ],
    greeting: (page) =>
      [
        `Live rooms: ${page}?room=demo${present ? '' : ' (in some minutes: their media worker is being prepared)'}`,
        `(media workers ${live.workers}, on ${address}${announced ? ` announced as ${announced}` : ''}, port ${
          live.mediaPort === 0 ? 'any' : live.mediaPort
        }; pages ${['of this server', ...live.origins].join(', ')})`,
        local
          ? 'No LIVE_SECRET is set, so rooms are for this machine alone: anybody who reached them could join.'
          : 'Joining takes an invitation, signed with LIVE_SECRET.',
      ].join('\n'),
    async [Symbol.asyncDispose]() {
      stopped.abort();
      await pool[Symbol.asyncDispose]();
    },
  };
}

async function bringUp(pool: WorkerPool, present: string | null, signal: AbortSignal): Promise<void> {
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
    console.error(`Live rooms: none. ${thrown instanceof Error ? thrown.message : String(thrown)}`);
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
