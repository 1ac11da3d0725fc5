/**
 * Live rooms on a free port, with a real media worker where there is one; and clients that speak to them from Node.
 */
import { WebSocket as NodeSocket } from 'ws';
import type { Notification } from '../../src/live/protocol';
import { type Permission, type Role, SOCKET_PATH, TOKEN_PATH, tokenAnswer } from '../../src/live/protocol';
import { type Ending, Signalling, type SocketClass } from '../../src/live/signalling';
import type { ServerPart } from '../../src/server/app';
import { type LiveOptions, type LiveRooms, liveRooms } from '../../src/server/live/live-rooms';
import { NO_LOG } from '../../src/server/log';
import { findWorker } from '../../src/server/sfu/worker-binary.mjs';
import { type PoolOptions, WorkerPool } from '../../src/server/sfu/worker-pool';
import { serveParts } from './serve';

/** The media worker of this machine; null where there is none. */
export const WORKER: string | null = findWorker();

/** What a test says when it is skipped. */
export const NO_WORKER = 'no media worker: run `npm run worker`';

/** Secret of servers that are not told another: long enough, and of no use anywhere else. */
export const SECRET = 'the-secret-of-servers-in-tests';

/** A server of live rooms. */
export interface LiveServer extends AsyncDisposable {
  readonly url: string;
  readonly pool: WorkerPool;
  readonly rooms: LiveRooms;
}

/** How a server is wanted. */
export interface LiveServerOptions extends Partial<Omit<LiveOptions, 'pool'>>, Pick<PoolOptions, 'probe'> {
  readonly workers?: number;
  /** Address for media, if not the loopback. */
  readonly media?: string;
  /** Addresses that clients are told. */
  readonly announced?: readonly string[];
  /** Served beside the rooms. */
  readonly parts?: readonly ServerPart[];
  /** Without workers, as while one is being built. */
  readonly bare?: boolean;
  readonly port?: number;
}

/** Starts a server. */
export async function serveLive(options: LiveServerOptions = {}): Promise<LiveServer> {
  const { workers = 1, parts = [], bare = false, port = 0, media = '127.0.0.1', ...others } = options;
  const { announced = [], probe, ...rest } = others;
  const log = rest.log ?? NO_LOG;
  const pool = new WorkerPool({
    count: workers,
    address: media,
    announced,
    port: 0,
    log,
    ...(probe === undefined ? {} : { probe }),
  });
  try {
    if (!bare && WORKER) await pool.start(WORKER);
    const rooms = liveRooms({ pool, secret: SECRET, ...rest });
    const server = await serveParts([...parts, rooms.part], port);
    return {
      url: server.url,
      pool,
      rooms,
      async [Symbol.asyncDispose]() {
        await server[Symbol.asyncDispose]();
        await pool[Symbol.asyncDispose]();
      },
    };
  } catch (error) {
    await pool[Symbol.asyncDispose]();
    throw error;
  }
}

/** Asks for a token. @throws Error with the status when it is refused */
export async function tokenFor(
  url: string,
  wish: {
    readonly room: string;
    readonly role: Role;
    readonly seconds?: number;
    readonly invites?: boolean;
    readonly may?: readonly Permission[];
    readonly name?: string;
    readonly share?: boolean;
  },
  bearer: string | null = SECRET,
): Promise<string> {
  const response = await fetch(new URL(TOKEN_PATH, url), {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(bearer === null ? {} : { authorization: `Bearer ${bearer}` }),
    },
    body: JSON.stringify(wish),
  });
  if (!response.ok) throw new Error(`status ${response.status}`);
  return tokenAnswer.parse(await response.json()).token;
}

/** Address of the WebSocket. */
export function socketUrl(url: string): string {
  const socket = new URL(SOCKET_PATH, url);
  socket.protocol = 'ws:';
  return socket.href;
}

/** A client of the signalling, and all it heard. */
export interface Client extends Disposable {
  readonly signalling: Signalling;
  readonly heard: Notification[];
  readonly ended: Promise<Ending>;
}

/** `ws` has the part of a browser's WebSocket that is used. */
const Socket = NodeSocket as unknown as SocketClass;

/** Connects without joining. */
export async function connect(url: string): Promise<Client> {
  const heard: Notification[] = [];
  let end: (ending: Ending) => void = () => {};
  const ended = new Promise<Ending>((resolve) => {
    end = resolve;
  });
  const signalling = await Signalling.open(
    socketUrl(url),
    Socket,
    (notification) => heard.push(notification),
    (ending) => end(ending),
  );
  return { signalling, heard, ended, [Symbol.dispose]: () => signalling.close() };
}

/** Connects and joins a room. @param given a token; one is asked for without */
export async function join(url: string, room: string, role: Role, name?: string, given?: string) {
  const client = await connect(url);
  const token = given ?? (await tokenFor(url, { room, role }));
  const answer = await client.signalling.request('join', { token, ...(name ? { name } : {}) });
  return { ...client, token, answer, [Symbol.dispose]: () => client.signalling.close() };
}
