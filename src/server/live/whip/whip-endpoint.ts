/**
 * `/live/whip` and `/live/whep/VEHICLE`: pictures in and out for programs that speak HTTP and WebRTC and nothing of ours
 * (WHIP, RFC 9725, and WHEP, draft-ietf-wish-whep). A token of the room is the bearer token of both.
 */
import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { types } from 'mediasoup';
import { z } from 'zod';
import { vehicleName } from '../../../live/names.ts';
import type { IceServer, Refusal } from '../../../live/protocol.ts';
import { within } from '../../deadline.ts';
import type { Log } from '../../log.ts';
import type { RoomRouter, WorkerPool } from '../../sfu/worker-pool.ts';
import { bearerOf } from '../authority.ts';
import type { Lobby } from '../lobby.ts';
import type { LiveMetrics } from '../metrics.ts';
import type { RateLimit } from '../rate-limit.ts';
import { type RefusalStatus, refuse } from '../refuse.ts';
import { Refused } from '../refused.ts';
import type { Room } from '../room.ts';
import { MediaSession } from './media-session.ts';
import { type Offer, readOffer } from './offer.ts';
import { placeOwnRouter } from './own-router.ts';

/** Where they are. */
const WHIP_PATH = '/live/whip';
const WHEP_PATH = '/live/whep/:vehicle';
const SESSION_PATH = '/live/media-sessions';

/** Longest body, in bytes: a browser's offer has some eight thousand. */
const BODY_MAX = 32 * 1024;

const OFFER = 'application/sdp';
const FRAGMENT = 'application/trickle-ice-sdpfrag';

/** With which status a request is refused. */
const STATUS: Readonly<Record<Refusal, RefusalStatus>> = {
  malformed: 400,
  unauthorised: 401,
  expired: 401,
  forbidden: 403,
  'not-found': 404,
  unsupported: 422,
  'too-fast': 429,
  'too-many': 503,
  'not-ready': 503,
  'held-back': 503,
  closed: 503,
  failed: 500,
};

const query = z.object({ name: vehicleName.optional() });
const vehicleParameter = z.object({ vehicle: z.string().min(1).max(64) });
const sessionParameter = z.object({ id: z.string().max(64) });

/** What the endpoints are made of. */
export interface WhipEndpoint {
  readonly pool: WorkerPool;
  readonly lobby: Lobby;
  /** Of what comes to one session. */
  readonly messages: RateLimit;
  readonly metrics: LiveMetrics;
  readonly log: Log;
  readonly origins: readonly string[];
  addressOf(request: IncomingMessage): string;
  /** Whether a newcomer is heard at all: null, or the status that says why not. */
  knock(request: IncomingMessage, address: string): 403 | 429 | 503 | null;
}

/** Adds the endpoints. */
export function addWhipEndpoint(app: FastifyInstance, of: WhipEndpoint): void {
  const sessions = new Map<string, MediaSession>();
  const announced = of.pool.options.announced;

  const refusedFor = (thrown: unknown): RefusalStatus => {
    if (thrown instanceof Refused) {
      of.metrics.count('refused', thrown.refusal);
      return STATUS[thrown.refusal];
    }
    // mediasoup throws a TypeError for parameters that make no sense: the client's doing.
    if (thrown instanceof TypeError) return 400;
    of.log.error({ err: thrown }, 'a media session failed');
    return 500;
  };

  /** Joins and answers; whatever fails on the way leaves nothing behind. */
  const begin = async (request: FastifyRequest, reply: FastifyReply, vehicle: string | null) => {
    const address = of.addressOf(request.raw);
    const refused = of.knock(request.raw, address);
    if (refused !== null) return refuse(reply, refused);
    allowOrigin(request, reply, of.origins);
    const token = bearerOf(request);
    if (token === null) return refuse(reply, 401);
    const asked = query.safeParse(request.query);
    if (!asked.success) return refuse(reply, 400);
    let router: RoomRouter | null = null;
    let session: MediaSession | null = null;
    try {
      const offer = readOffer(String(request.body ?? ''), vehicle === null ? 'send' : 'receive');
      session = new MediaSession(offer, announced, ({ id }) => {
        sessions.delete(id);
        of.messages.forget(id);
        router?.router.close();
      });
      // Nobody knows its id yet.
      sessions.set(session.id, session);
      const name = asked.data.name === undefined ? {} : { name: asked.data.name };
      const { peer, looksAt } = await join(token, name, session, address, offer, vehicle, (own) => {
        router = own;
      });
      const answering = looksAt
        ? session.play(peer, looksAt.id, looksAt.capabilities)
        : session.publish(peer);
      const answer = await within(answering, of.lobby.limits.answerTime, 'A media session');
      of.log.info({ room: peer.room.name, peer: peer.id, token: peer.grant.hash }, 'media session began');
      return reply
        .code(201)
        .headers({
          'content-type': OFFER,
          location: `${SESSION_PATH}/${session.id}`,
          etag: session.tag,
          'accept-patch': FRAGMENT,
          'cache-control': 'no-store',
        })
        .header('link', linksTo(peer.iceServers))
        .send(answer);
    } catch (thrown) {
      session?.end();
      return refuse(reply, refusedFor(thrown));
    }
  };

  /** @returns the peer, and the vehicle that it looks at, if it does */
  const join = async (
    token: string,
    name: { readonly name?: string },
    session: MediaSession,
    address: string,
    offer: Offer,
    vehicle: string | null,
    own: (router: RoomRouter) => void,
  ) => {
    const grant = await of.lobby.tokens.read(token);
    if (grant.role !== (vehicle === null ? 'publish' : 'view')) throw new Refused('forbidden');
    let looksAt: { readonly id: string; readonly capabilities: types.RtpCapabilities } | null = null;
    const placed = async (room: Room) => {
      if (vehicle === null) return room.router();
      const found = room.vehicles.find((each) => each.id === vehicle || each.name === vehicle);
      if (!found) throw new Refused('not-found');
      const { router, capabilities } = await placeOwnRouter(of.pool, room, found.id, offer);
      own(router);
      looksAt = { id: found.id, capabilities };
      return router;
    };
    const { peer } = await of.lobby.join({ token, ...name }, session, address, placed);
    return { peer, looksAt: looksAt as { id: string; capabilities: types.RtpCapabilities } | null };
  };

  /** The session that may be changed; null after the refusal was sent. */
  const admitted = async (request: FastifyRequest, reply: FastifyReply): Promise<MediaSession | null> => {
    allowOrigin(request, reply, of.origins);
    const token = bearerOf(request);
    const parameters = sessionParameter.safeParse(request.params);
    const session = parameters.success ? sessions.get(parameters.data.id) : undefined;
    try {
      if (token === null) throw new Refused('unauthorised');
      const grant = await of.lobby.tokens.read(token);
      if (!session?.peer) throw new Refused('not-found');
      if (!of.messages.take(session.id)) throw new Refused('too-fast');
      // Another token of the same room and role keeps the session beyond the end of the first.
      session.peer.renew(grant);
      return session;
    } catch (thrown) {
      refuse(reply, refusedFor(thrown));
      return null;
    }
  };

  void app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    const parsers = { parseAs: 'string', bodyLimit: BODY_MAX } as const;
    scope.addContentTypeParser([OFFER, FRAGMENT], parsers, async (_: FastifyRequest, body: string) => body);

    for (const path of [WHIP_PATH, WHEP_PATH]) {
      scope.post(path, { bodyLimit: BODY_MAX }, (request, reply) => {
        if (!isOf(request, OFFER)) return refuse(reply, 415);
        const wanted = vehicleParameter.safeParse(request.params);
        return begin(request, reply, wanted.success ? wanted.data.vehicle : null);
      });
      scope.options(path, (request, reply) => {
        allowOrigin(request, reply, of.origins);
        return reply.code(204).headers({ 'accept-post': OFFER, allow: 'OPTIONS, POST' }).send();
      });
      scope.route({
        method: ['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE'],
        url: path,
        handler: (_, reply) => refuse(reply.header('allow', 'OPTIONS, POST'), 405),
      });
    }

    const path = `${SESSION_PATH}/:id`;
    const allowed = { allow: 'OPTIONS, PATCH, DELETE', 'accept-patch': FRAGMENT };
    scope.patch(path, { bodyLimit: BODY_MAX }, async (request, reply) => {
      if (!isOf(request, FRAGMENT)) return refuse(reply.header('accept-patch', FRAGMENT), 415);
      const session = await admitted(request, reply);
      if (!session) return reply;
      const match = request.headers['if-match'];
      if (match === undefined) return refuse(reply, 428);
      if (match !== '*' && match !== session.tag) return refuse(reply, 412);
      try {
        const patched = session.patch(String(request.body ?? ''));
        const answer = await within(patched, of.lobby.limits.answerTime, 'A media session');
        if (answer === null) return reply.code(204).send();
        return reply.headers({ 'content-type': FRAGMENT, etag: session.tag }).send(answer);
      } catch (thrown) {
        return refuse(reply, refusedFor(thrown));
      }
    });
    scope.delete(path, async (request, reply) => {
      const session = await admitted(request, reply);
      if (!session) return reply;
      session.end();
      return reply.code(200).send();
    });
    scope.options(path, (request, reply) => {
      allowOrigin(request, reply, of.origins);
      return reply.code(204).headers(allowed).send();
    });
    scope.route({
      method: ['GET', 'HEAD', 'PUT', 'POST'],
      url: path,
      handler: (_, reply) => refuse(reply.headers(allowed), 405),
    });
  });
}

function isOf(request: FastifyRequest, type: string): boolean {
  return (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() === type;
}

/** Pages of other origins, where the owner named them, may ask and read the answer. */
function allowOrigin(request: FastifyRequest, reply: FastifyReply, origins: readonly string[]): void {
  const { origin } = request.headers;
  reply.header('vary', 'Origin');
  if (origin === undefined || !origins.includes(origin)) return;
  reply.headers({
    'access-control-allow-origin': origin,
    'access-control-allow-methods': 'OPTIONS, POST, PATCH, DELETE',
    'access-control-allow-headers': 'Authorization, Content-Type, If-Match',
    'access-control-expose-headers': 'Location, ETag, Link, Accept-Patch',
  });
}

/** STUN and TURN servers as links (RFC 9725, 4.6). */
function linksTo(servers: readonly IceServer[]): string[] {
  return servers.flatMap(({ urls, username, credential }) =>
    urls.map((url) => {
      const key =
        username === undefined || credential === undefined
          ? ''
          : `; username="${username}"; credential="${credential}"; credential-type="password"`;
      return `<${url}>; rel="ice-server"${key}`;
    }),
  );
}
