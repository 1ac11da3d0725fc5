/** `GET /live/alarms`: what was told, by the server's secret of all rooms, by a token with `admin` of its own. */
import type { FastifyInstance } from 'fastify';
import { type Authority, refusalOf } from '../authority.ts';
import { originAllowed } from '../door.ts';
import { refuse } from '../refuse.ts';
import type { AlarmBook } from './alarm-book.ts';

/** Adds the endpoint. */
export function addAlarmEndpoint(
  app: FastifyInstance,
  of: { readonly book: AlarmBook; readonly authority: Authority; readonly origins: readonly string[] },
): void {
  app.get('/live/alarms', async (request, reply) => {
    const asker = originAllowed(request.raw, of.origins) ? await of.authority.askerOf(request) : null;
    const refused = asker === null ? 403 : refusalOf(asker);
    if (asker === null || refused) return refuse(reply, refused ?? 403);
    if (typeof asker === 'object' && !asker.may.includes('admin')) return refuse(reply, 403);
    const room = typeof asker === 'object' ? asker.room : null;
    return reply.header('cache-control', 'no-store').send({ alarms: of.book.list(room) });
  });
}
