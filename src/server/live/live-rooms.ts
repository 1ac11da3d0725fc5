/** Live rooms as a part of the server: the WebSocket, and the endpoints around it. */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { WebSocketServer } from 'ws';
import { MESSAGE_BYTES_MAX, SOCKET_PATH } from '../../live/protocol.ts';
import { bareResponse, type ServerPart } from '../app.ts';
import { type Log, NO_LOG } from '../log.ts';
import type { WorkerPool } from '../sfu/worker-pool.ts';
import { TrustedProxies } from '../trusted-proxies.ts';
import { answerInPlace, asksForSocket } from '../upgrades.ts';
import { addAdminEndpoint } from './admin-endpoint.ts';
import { addAlarmEndpoint } from './alarms/alarm-endpoint.ts';
import { type AlarmSettings, NO_ALARM_SETTINGS, openAlarms } from './alarms/alarm-settings.ts';
import { Authority, bearerOf } from './authority.ts';
import { BitrateGuard } from './bitrate-guard.ts';
import { Connection } from './connection.ts';
import { originAllowed } from './door.ts';
import { HeldBack } from './held-back.ts';
import type { IceServers } from './ice-servers.ts';
import { DEFAULT_LIMITS, type Limits } from './limits.ts';
import { Lobby } from './lobby.ts';
import { LiveMetrics } from './metrics.ts';
import { Neighbours, PIPE_PATH, pipeRequest } from './neighbours.ts';
import type { Peer } from './peer.ts';
import { addPullEndpoint } from './pulls/pull-endpoint.ts';
import { Pulls } from './pulls/pulls.ts';
import { RateLimit } from './rate-limit.ts';
import { addRecordingEndpoint } from './recording/recording-endpoint.ts';
import { type RecordingOptions, Recordings } from './recording/recordings.ts';
import { RedisDirectory } from './redis-directory.ts';
import { Refused } from './refused.ts';
import { Rooms } from './rooms.ts';
import { SharedMasks } from './shared-masks.ts';
import { addStatusEndpoints } from './status-endpoints.ts';
import { addTokenEndpoint } from './token-endpoint.ts';
import { Tokens } from './tokens.ts';
import { VehicleWatch } from './vehicle-watch.ts';
import { addWhipEndpoint } from './whip/whip-endpoint.ts';

/** How rooms are offered. */
export interface LiveOptions {
  readonly pool: WorkerPool;
  /** Signs the tokens, and asks for them. */
  readonly secret: string;
  /** Origins beside the server's own. */
  readonly origins?: readonly string[];
  readonly limits?: Partial<Limits>;
  /** Redis in which processes find each other; without it, this process has its rooms for itself. */
  readonly redis?: string | null;
  /** Address at which the other processes reach this one; where it listens, if left out. */
  readonly node?: string | null;
  /** Addresses and ranges of proxies whose `X-Forwarded-For` is believed. */
  readonly proxies?: readonly string[];
  /** STUN and TURN servers that clients are told of. */
  readonly iceServers?: IceServers;
  /** Hosts from which cameras may be fetched. */
  readonly pullHosts?: readonly string[];
  /** By which rules alarms are made, and who is told beside the rooms. */
  readonly alarms?: AlarmSettings;
  /** Where and how pictures are recorded; none are without it. */
  readonly recording?: RecordingOptions | null;
  readonly log?: Log;
}

/** The part, and what can be done to it from outside. */
export interface LiveRooms {
  readonly part: ServerPart;
  /**
   * Lets nobody in any more, and sends everybody away one after the other: they come again, elsewhere.
   * @param milliseconds that may be taken
   */
  drain(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

/** Makes a part that offers live rooms. It does not own the pool. */
export function liveRooms(options: LiveOptions): LiveRooms {
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const { pool, secret, origins = [], log = NO_LOG } = options;
  const tokens = new Tokens(secret);
  const authority = new Authority(tokens);
  const proxies = new TrustedProxies(options.proxies);
  const heldBack = new HeldBack();
  const alarms = openAlarms(options.alarms ?? NO_ALARM_SETTINGS, log);
  const masks = new SharedMasks(log, (mask, bytes) => recordings?.keepMask(mask, bytes));
  const rooms = new Rooms(pool, limits, heldBack, alarms.book, masks, log);
  const metrics = new LiveMetrics();
  const { iceServers } = options;
  const place = { ...pool.options, ...(iceServers ? { iceServers } : {}) };
  const lobby = new Lobby(rooms, tokens, limits, place, heldBack);
  const messages = new RateLimit(limits.messageRate, limits.messageBurst);
  const sockets = new RateLimit(limits.socketRate, limits.socketBurst);
  const peers = () => rooms.peers();
  const watch = new VehicleWatch(peers, limits.silentAfter);
  const guard = new BitrateGuard<Peer>(peers, (peer) => {
    heldBack.hold(`sent ${peer.grant.id}`, limits.pauseTime);
    log.warn({ room: peer.room.name, peer: peer.id, token: peer.grant.hash }, 'sent away: too many bits');
  });
  let own = '';
  const pulls = new Pulls(options.pullHosts ?? [], tokens, () => own, log);
  const recordings = options.recording ? new Recordings(options.recording, rooms, log) : null;
  const idle = new Map<string, Set<Connection>>();
  let draining = false;

  const refusalOf = (request: IncomingMessage, address: string) => {
    if (!originAllowed(request, origins)) return 403;
    if (draining) return 503;
    return sockets.take(address) ? null : 429;
  };
  const forget = (id: string) => {
    for (const peer of [...rooms.peers()]) if (peer.grant.id === id) peer.close('removed');
  };
  const revoke = (id: string, until: number) => {
    tokens.revoke(id, until);
    rooms.neighbours?.directory.revoke({ id, until });
    forget(id);
  };

  const part: ServerPart = async (app) => {
    const wss = new WebSocketServer({
      noServer: true,
      maxPayload: MESSAGE_BYTES_MAX,
      perMessageDeflate: false,
    });

    const onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
      if (!asksForSocket(request)) {
        answerInPlace(app.server, request, socket, head);
        return;
      }
      // Whoever breaks off while being refused must not end the process.
      socket.on('error', () => {});
      const address = proxies.addressOf(request);
      const known = (request.url ?? '').split('?')[0] === SOCKET_PATH;
      const refusal = known ? refusalOf(request, address) : 404;
      if (refusal !== null) {
        metrics.count('denied', String(refusal));
        log.debug({ address, status: refusal }, 'socket refused');
        socket.end(bareResponse(refusal));
        return;
      }
      wss.handleUpgrade(request, socket, head, (ws) => {
        const waiting = idle.get(address) ?? new Set();
        idle.set(address, waiting);
        const leave = () => {
          waiting.delete(connection);
          if (waiting.size === 0 && idle.get(address) === waiting) idle.delete(address);
        };
        const connection = new Connection(ws, address, lobby, messages, metrics, log, leave);
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

    addTokenEndpoint(app, { tokens, authority, metrics, origins, revoke });
    addAdminEndpoint(app, { rooms, authority, watch, origins, revoke });
    addWhipEndpoint(app, {
      pool,
      lobby,
      messages,
      metrics,
      log,
      origins,
      addressOf: (request) => proxies.addressOf(request),
      knock: refusalOf,
    });
    addPullEndpoint(app, { pulls, authority, origins });
    addRecordingEndpoint(app, { recordings, authority, origins });
    addAlarmEndpoint(app, { book: alarms.book, authority, origins });
    addStatusEndpoints(app, {
      pool,
      rooms,
      recordings,
      metrics,
      authority,
      watch,
      masks,
      heldBack,
      sockets: () => wss.clients.size,
      draining: () => draining,
    });

    app.post(PIPE_PATH, { bodyLimit: 8192 }, async (request, reply) => {
      const bearer = bearerOf(request);
      const wanted = pipeRequest.safeParse(request.body);
      const { neighbours } = rooms;
      if (!neighbours || bearer === null || !wanted.success) return reply.code(404).send();
      if (!(await neighbours.knows(bearer, wanted.data))) return reply.code(404).send();
      try {
        return reply.send(await neighbours.give(rooms.find(wanted.data.room), wanted.data));
      } catch (thrown) {
        if (!(thrown instanceof Refused)) throw thrown;
        return reply.code(404).send();
      }
    });

    app.addHook('onListen', async () => {
      guard.start();
      watch.start();
      recordings?.start();
      own = ownAddress(app);
      if (!options.redis) return;
      const url = options.node ?? own;
      const directory = new RedisDirectory(options.redis, url, secret, log);
      rooms.neighbours = new Neighbours(directory, tokens, pool.options, (revocations) => {
        for (const { id, until } of revocations) {
          if (tokens.isRevoked(id)) continue;
          tokens.revoke(id, until);
          forget(id);
        }
      });
    });

    app.addHook('preClose', async () => {
      app.server.off('upgrade', onUpgrade);
      guard.stop();
      watch.stop();
      await pulls[Symbol.asyncDispose]();
      // Before their pictures end: files are closed as they should be.
      await recordings?.[Symbol.asyncDispose]();
      rooms.close();
      for (const client of wss.clients) client.terminate();
      wss.close();
      rooms.neighbours?.close();
      for (const outlet of alarms.outlets) await outlet[Symbol.asyncDispose]();
      await rooms.neighbours?.directory[Symbol.asyncDispose]();
    });
  };

  return {
    part,
    async drain(milliseconds, signal) {
      draining = true;
      const all = [...rooms.peers()];
      log.info({ peers: all.length, milliseconds }, 'draining');
      for (const peer of all) {
        if (signal?.aborted) return;
        // Evenly: whoever takes them over is not run over.
        await sleep(milliseconds / all.length, undefined, signal ? { signal } : {}).catch(() => {});
        peer.close('again');
      }
    },
  };
}

/** Where this very server is reached from its own machine. */
function ownAddress(app: FastifyInstance): string {
  const bound = app.server.address();
  const { address, port } = typeof bound === 'object' && bound ? bound : { address: '127.0.0.1', port: 0 };
  const name = address === '0.0.0.0' || address === '::' ? '127.0.0.1' : address;
  const scheme = app.initialConfig.https ? 'https' : 'http';
  return `${scheme}://${name.includes(':') ? `[${name}]` : name}:${port}/`;
}
