/**
 * `/live/admin`: what an operator sees and does. By the server's secret for all rooms, by a token with `admin` for its
 * own room. It is of this process: behind a balancer, each process is asked by its own address.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { type Authority, refusalOf } from './authority.ts';
import { originAllowed } from './door.ts';
import type { Peer } from './peer.ts';
import { refuse } from './refuse.ts';
import type { Room } from './room.ts';
import type { Rooms } from './rooms.ts';
import type { VehicleWatch } from './vehicle-watch.ts';

/** Where it begins. */
const ADMIN_PATH = '/live/admin/rooms';

const muting = z.object({ muted: z.boolean() });
const parameters = z.object({ room: z.string().max(64).optional(), peer: z.string().max(64).optional() });
const removal = z.object({ revoke: z.enum(['0', '1']).default('0') });

/** What the endpoint is made of. */
export interface AdminEndpoint {
  readonly rooms: Rooms;
  readonly authority: Authority;
  readonly watch: VehicleWatch;
  readonly origins: readonly string[];
  revoke(id: string, until: number): void;
}

/** Adds the endpoint. */
export function addAdminEndpoint(app: FastifyInstance, of: AdminEndpoint): void {
  /** Who may do it to which rooms; null after the refusal was sent. */
  const admitted = async (
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<{ readonly rooms: readonly Room[]; readonly peer: string | undefined } | null> => {
    const asker = originAllowed(request.raw, of.origins) ? await of.authority.askerOf(request) : null;
    const refused = asker === null ? 403 : refusalOf(asker);
    if (asker === null || refused) {
      refuse(reply, refused ?? 403);
      return null;
    }
    if (typeof asker === 'object' && !asker.may.includes('admin')) {
      refuse(reply, 403);
      return null;
    }
    const { room, peer } = parameters.parse(request.params);
    const rooms = [...of.rooms].filter(
      (each) =>
        (room === undefined || each.name === room) && (typeof asker !== 'object' || asker.room === each.name),
    );
    return { rooms, peer };
  };

  app.get(ADMIN_PATH, async (request, reply) => {
    const admission = await admitted(request, reply);
    if (!admission) return reply;
    return reply
      .header('cache-control', 'no-store')
      .send({ rooms: admission.rooms.map((room) => describe(room, of.watch)) });
  });

  app.delete(`${ADMIN_PATH}/:room`, async (request, reply) => {
    const [room] = (await admitted(request, reply))?.rooms ?? [];
    if (!room) return reply.sent ? reply : refuse(reply, 404);
    const { revoke } = removal.parse(request.query);
    if (revoke === '1') for (const peer of room.peers.values()) of.revoke(peer.grant.id, peer.grant.expires);
    room.end();
    return reply.code(204).send();
  });

  app.delete(`${ADMIN_PATH}/:room/peers/:peer`, async (request, reply) => {
    const peer = peerOf(await admitted(request, reply));
    if (!peer) return reply.sent ? reply : refuse(reply, 404);
    const { revoke } = removal.parse(request.query);
    if (revoke === '1') of.revoke(peer.grant.id, peer.grant.expires);
    peer.close('removed');
    return reply.code(204).send();
  });

  app.post(`${ADMIN_PATH}/:room/peers/:peer/mute`, { bodyLimit: 1024 }, async (request, reply) => {
    const peer = peerOf(await admitted(request, reply));
    if (!peer) return reply.sent ? reply : refuse(reply, 404);
    const wanted = muting.safeParse(request.body);
    if (!wanted.success) return refuse(reply, 400);
    for (const producer of peer.producers) await (wanted.data.muted ? producer.pause() : producer.resume());
    return reply.code(204).send();
  });
}

function peerOf(
  admission: { readonly rooms: readonly Room[]; readonly peer: string | undefined } | null,
): Peer | undefined {
  return admission?.rooms[0]?.peers.get(admission.peer ?? '');
}

/** A room as the operator sees it: of tokens, their number and hash only. */
function describe(room: Room, watch: VehicleWatch) {
  const { figures } = watch;
  return {
    name: room.name,
    peers: [...room.peers.values()].map((peer) => ({
      id: peer.id,
      name: peer.name,
      role: peer.grant.role,
      address: peer.address,
      token: { id: peer.grant.id, hash: peer.grant.hash, expires: peer.grant.expires },
      vehicles: [...peer.producers].map((producer) => ({
        id: producer.id,
        muted: producer.paused,
        figures: figures.get(producer.id) ?? null,
      })),
    })),
  };
}
