/** `/live/ingests`: cameras that the server fetches, by the owner, or by who may run a room for that room. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { roomName, vehicleName } from '../../../live/names.ts';
import { type Authority, refusalOf } from '../authority.ts';
import { originAllowed } from '../door.ts';
import { refuse } from '../refuse.ts';
import { Refused } from '../refused.ts';
import type { Pulls } from './pulls.ts';

/** Where it is. */
const PULL_PATH = '/live/ingests';

const wish = z.object({ room: roomName, name: vehicleName, url: z.string().min(1).max(2048) });
const parameters = z.object({ id: z.string().max(64) });

/** What the endpoint is made of. */
export interface PullEndpoint {
  readonly pulls: Pulls;
  readonly authority: Authority;
  readonly origins: readonly string[];
}

/** Adds the endpoint. */
export function addPullEndpoint(app: FastifyInstance, of: PullEndpoint): void {
  /** The room that may be run, null for all; undefined after the refusal was sent. */
  const admitted = async (
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<string | null | undefined> => {
    const asker = originAllowed(request.raw, of.origins) ? await of.authority.askerOf(request) : null;
    const refused = asker === null ? 403 : refusalOf(asker);
    if (asker === null || refused) refuse(reply, refused ?? 403);
    else if (typeof asker !== 'object') return null;
    else if (asker.may.includes('admin')) return asker.room;
    else refuse(reply, 403);
    return undefined;
  };

  app.post(PULL_PATH, { bodyLimit: 8192 }, async (request, reply) => {
    const room = await admitted(request, reply);
    if (room === undefined) return reply;
    const wanted = wish.safeParse(request.body);
    if (!wanted.success) return refuse(reply, 400);
    if (room !== null && room !== wanted.data.room) return refuse(reply, 403);
    try {
      const id = of.pulls.begin(wanted.data);
      return reply.code(201).header('location', `${PULL_PATH}/${id}`).send({ id });
    } catch (thrown) {
      if (!(thrown instanceof Refused)) throw thrown;
      return refuse(reply, thrown.refusal === 'too-many' ? 429 : 403);
    }
  });

  app.get(PULL_PATH, async (request, reply) => {
    const room = await admitted(request, reply);
    if (room === undefined) return reply;
    return reply.header('cache-control', 'no-store').send({ ingests: of.pulls.list(room) });
  });

  app.delete(`${PULL_PATH}/:id`, async (request, reply) => {
    const room = await admitted(request, reply);
    if (room === undefined) return reply;
    const { id } = parameters.parse(request.params);
    const known = of.pulls.list(room).some((pull) => pull.id === id);
    return known && (await of.pulls.end(id)) ? reply.code(204).send() : refuse(reply, 404);
  });
}
