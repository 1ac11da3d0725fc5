/** `POST /live/tokens`: invitations, and their end. */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { TOKEN_PATH, tokenRequest } from '../../live/protocol.ts';
import { type Authority, refusalOf } from './authority.ts';
import { originAllowed } from './door.ts';
import type { LiveMetrics } from './metrics.ts';
import { RateLimit } from './rate-limit.ts';
import { refuse } from './refuse.ts';
import type { Tokens } from './tokens.ts';

/** Tokens asked for, per second and at once, by the holder of one. */
const TOKEN_RATE = 5;
const TOKEN_BURST = 40;

/** A token is revoked for as long as the longest lasts. */
const REVOKED_SECONDS = 8 * 86_400;

const revocation = z.object({ id: z.string().min(1).max(64) });

/** What the endpoint is made of. */
export interface TokenEndpoint {
  readonly tokens: Tokens;
  readonly authority: Authority;
  readonly metrics: LiveMetrics;
  readonly origins: readonly string[];
  /** A token opens nothing any more. */
  revoke(id: string, until: number): void;
}

/** Adds the endpoint. */
export function addTokenEndpoint(app: FastifyInstance, of: TokenEndpoint): void {
  const asked = new RateLimit(TOKEN_RATE, TOKEN_BURST);

  app.post(TOKEN_PATH, { bodyLimit: 4096 }, async (request, reply) => {
    if (!originAllowed(request.raw, of.origins)) return refuse(reply, 403);
    const asker = await of.authority.askerOf(request);
    const refused = refusalOf(asker);
    if (refused) return refuse(reply, refused);
    // The owner is not counted: it may have a fleet to invite.
    if (typeof asker === 'object' && !asked.take(asker.id)) return refuse(reply, 429);
    const wanted = tokenRequest.safeParse(request.body);
    if (!wanted.success) return refuse(reply, 400);
    const { room, role, seconds, invites, name = null, share } = wanted.data;
    const owner = asker === 'owner';
    // An invited guest invites nobody else, into no other room, and for no longer than its host may.
    if (typeof asker === 'object' && (asker.room !== room || !asker.may.includes('invite')))
      return refuse(reply, 403);
    const left = typeof asker === 'object' ? Math.floor(asker.expires - Date.now() / 1000) : seconds;
    const may = owner ? [...new Set([...wanted.data.may, ...(invites ? (['invite'] as const) : [])])] : [];
    of.metrics.count('tokens', role);
    return reply
      .header('cache-control', 'no-store')
      .send(await of.tokens.issue({ room, role, may, name, share }, Math.max(1, Math.min(seconds, left))));
  });

  app.post(`${TOKEN_PATH}/revoke`, { bodyLimit: 4096 }, async (request, reply) => {
    if (!originAllowed(request.raw, of.origins)) return refuse(reply, 403);
    const asker = await of.authority.askerOf(request);
    const refused = refusalOf(asker);
    if (refused) return refuse(reply, refused);
    if (asker !== 'owner') return refuse(reply, 403);
    const wanted = revocation.safeParse(request.body);
    if (!wanted.success) return refuse(reply, 400);
    of.revoke(wanted.data.id, Date.now() / 1000 + REVOKED_SECONDS);
    return reply.code(204).header('cache-control', 'no-store').send();
  });
}
