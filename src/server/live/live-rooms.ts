/**
 * Live rooms as a part of the server: the WebSocket, the endpoint that issues tokens, health and metrics.
 */
import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import { WebSocketServer } from 'ws';
import { MESSAGE_BYTES_MAX, SOCKET_PATH, TOKEN_PATH, tokenRequest } from '../../live/protocol.ts';
import type { ServerPart } from '../app.ts';
import type { WorkerPool } from '../sfu/worker-pool.ts';
import { BitrateGuard } from './bitrate-guard.ts';
import { Connection } from './connection.ts';
import { fromThisMachine, originAllowed } from './door.ts';
import { DEFAULT_LIMITS, type Limits } from './limits.ts';
import { Lobby } from './lobby.ts';
import { LiveMetrics } from './metrics.ts';
import { Neighbours, PIPE_PATH, pipeRequest } from './neighbours.ts';
import { RateLimit } from './rate-limit.ts';
import { RedisDirectory } from './redis-directory.ts';
import { Refused } from './refused.ts';
import { Rooms } from './rooms.ts';
import { type Grant, Tokens } from './tokens.ts';

/** How rooms are offered. */
export interface LiveOptions {
  readonly pool: WorkerPool;
  /** Signs the tokens, and asks for them; null offers the rooms to this machine alone, without asking. */
  readonly secret: string | null;
  /** Origins beside the server's own. */
  readonly origins?: readonly string[];
  readonly limits?: Partial<Limits>;
  /** Redis in which processes find each other; without it, this process has its rooms for itself. Needs a secret. */
  readonly redis?: string | null;
  /** Address at which the other processes reach this one; where it listens, if left out. */
  readonly node?: string | null;
}

/** Tokens asked for, per second and at once, by one address. */
const TOKEN_RATE = 5;
const TOKEN_BURST = 40;

/** A part that offers live rooms. It does not own the pool. */
export function liveRooms(options: LiveOptions): ServerPart {
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const { pool, secret, origins = [] } = options;
  // Without a secret tokens end with the process: nobody else could have signed one.
  const tokens = new Tokens(secret ?? randomBytes(32).toString('base64url'));
  const rooms = new Rooms(pool, limits);
  const metrics = new LiveMetrics();
  const lobby = new Lobby(rooms, tokens, limits, pool.options);
  const messages = new RateLimit(limits.messageRate, limits.messageBurst);
  const sockets = new RateLimit(limits.socketRate, limits.socketBurst);
  const asked = new RateLimit(TOKEN_RATE, TOKEN_BURST);
  const guard = new BitrateGuard(() => rooms.peers());
  const idle = new Map<string, Set<Connection>>();
  const refusalOf = (request: IncomingMessage, path: string | undefined, address: string) => {
    if (path !== SOCKET_PATH) return 404;
    if (!open(request) || !originAllowed(request, origins)) return 403;
    return sockets.take(address) ? null : 429;
  };
  const open = (request: IncomingMessage) => secret !== null || fromThisMachine(request);

  return async (app) => {
    const wss = new WebSocketServer({
      noServer: true,
      maxPayload: MESSAGE_BYTES_MAX,
      perMessageDeflate: false,
    });

    const onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
      const path = (request.url ?? '').split('?')[0];
      const address = request.socket.remoteAddress ?? '';
      const refusal = refusalOf(request, path, address);
      if (refusal !== null) {
        refuse(socket, refusal);
        return;
      }
      wss.handleUpgrade(request, socket, head, (ws) => {
        const waiting = idle.get(address) ?? new Set();
        idle.set(address, waiting);
        const leave = () => {
          waiting.delete(connection);
          if (waiting.size === 0 && idle.get(address) === waiting) idle.delete(address);
        };
        const connection = new Connection(ws, lobby, messages, metrics, leave);
        waiting.add(connection);
        ws.on('close', leave);
        const [oldest] = waiting;
        if (waiting.size > limits.idleSockets && oldest) {
          // Not when its closing is done: the next newcomer must find another.
          waiting.delete(oldest);
          oldest.close('tooFast');
        }
      });
    };
    app.server.on('upgrade', onUpgrade);

    app.post(TOKEN_PATH, { bodyLimit: 4096 }, async (request, reply) => {
      if (!open(request.raw) || !originAllowed(request.raw, origins)) return reply.code(403).send();
      if (!asked.take(request.ip)) return reply.code(429).send();
      const wanted = tokenRequest.safeParse(request.body);
      if (!wanted.success) return reply.code(400).send();
      const { room, role, seconds, invites } = wanted.data;
      const asker = await askerOf(request, tokens, secret);
      if (asker === 'nobody') return reply.code(401).header('www-authenticate', 'Bearer').send();
      // An invited guest invites nobody else, into no other room, and for no longer than its host may.
      if (asker !== 'owner' && (asker.room !== room || !asker.invites)) return reply.code(403).send();
      const left = asker === 'owner' ? seconds : Math.floor(asker.expires - Date.now() / 1000);
      metrics.count('tokens', role);
      return reply
        .header('cache-control', 'no-store')
        .send(
          await tokens.issue(
            { room, role, invites: asker === 'owner' && invites },
            Math.max(1, Math.min(seconds, left)),
          ),
        );
    });

    app.get('/live/health', async (_request, reply) => {
      const { running } = pool.health;
      return reply
        .code(running > 0 ? 200 : 503)
        .header('cache-control', 'no-store')
        .send({ ok: running > 0, workers: running });
    });

    app.get('/live/metrics', async (request, reply) => {
      const bearer = bearerOf(request);
      const allowed = secret === null ? open(request.raw) : bearer !== null && tokens.isSecret(bearer);
      if (!allowed) return reply.code(secret === null ? 403 : 401).send();
      const { rooms: roomCount, peers, vehicles, consumers, spread } = rooms.count();
      const { running, died } = pool.health;
      return reply.type('text/plain; version=0.0.4; charset=utf-8').send(
        metrics.text([
          { name: 'rooms', help: 'Rooms in which somebody is.', value: roomCount },
          { name: 'peers', help: 'Participants of all rooms.', value: peers },
          { name: 'vehicles', help: 'Pictures that come in.', value: vehicles },
          { name: 'consumers', help: 'Pictures that go out.', value: consumers },
          { name: 'routers', help: 'Routers that carry the rooms.', value: spread },
          { name: 'sockets', help: 'Open WebSockets.', value: wss.clients.size },
          { name: 'workers', help: 'Media workers that run.', value: running },
          { name: 'workers_died', help: 'Media workers that died since the start.', value: died },
          {
            name: 'worker_cpu_seconds',
            help: 'Processor time of the media workers.',
            value: await pool.cpuSeconds(),
          },
        ]),
      );
    });

    app.post(PIPE_PATH, { bodyLimit: 8192 }, async (request, reply) => {
      const bearer = bearerOf(request);
      if (!rooms.neighbours || bearer === null || !(await tokens.isNode(bearer)))
        return reply.code(404).send();
      const wanted = pipeRequest.safeParse(request.body);
      if (!wanted.success) return reply.code(400).send();
      try {
        return reply.send(await rooms.neighbours.give(rooms.find(wanted.data.room), wanted.data));
      } catch (thrown) {
        if (!(thrown instanceof Refused)) throw thrown;
        return reply.code(404).send();
      }
    });

    app.addHook('onListen', async () => {
      guard.start();
      if (!options.redis || secret === null) return;
      const bound = app.server.address();
      const port = typeof bound === 'object' && bound ? bound.port : 0;
      const opening = RedisDirectory.open(options.redis, options.node ?? `http://127.0.0.1:${port}/`);
      rooms.opening = opening.then(
        (directory) => {
          rooms.neighbours = new Neighbours(directory, tokens, pool.options);
        },
        (thrown: unknown) =>
          console.error('live: this process stays alone, since Redis cannot be reached:', String(thrown)),
      );
    });

    app.addHook('preClose', async () => {
      app.server.off('upgrade', onUpgrade);
      guard.stop();
      rooms.close();
      for (const client of wss.clients) client.terminate();
      wss.close();
      rooms.neighbours?.close();
      await rooms.neighbours?.directory[Symbol.asyncDispose]();
    });
  };
}

function refuse(socket: Duplex, status: 403 | 404 | 429): void {
  const reason = { 403: 'Forbidden', 404: 'Not Found', 429: 'Too Many Requests' }[status];
  socket.end(`HTTP/1.1 ${status} ${reason}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

function bearerOf(request: FastifyRequest): string | null {
  return /^Bearer (\S{1,2048})$/.exec(request.headers.authorization ?? '')?.[1] ?? null;
}

/** Who asks for a token: the owner of the server, the holder of a token, or nobody known. */
async function askerOf(
  request: FastifyRequest,
  tokens: Tokens,
  secret: string | null,
): Promise<'owner' | 'nobody' | Grant> {
  if (secret === null) return 'owner';
  const bearer = bearerOf(request);
  if (bearer === null) return 'nobody';
  if (tokens.isSecret(bearer)) return 'owner';
  try {
    return await tokens.read(bearer);
  } catch (thrown) {
    if (thrown instanceof Refused) return 'nobody';
    throw thrown;
  }
}
