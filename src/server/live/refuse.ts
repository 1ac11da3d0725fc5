/** Short answers of the live endpoints. */
import type { FastifyReply } from 'fastify';

/** What a request may be refused with. */
export type RefusalStatus = 400 | 401 | 403 | 404 | 405 | 412 | 415 | 422 | 428 | 429 | 500 | 503;

/** Refuses by status alone; who has not said who it is, is told how to. */
export function refuse(reply: FastifyReply, status: RefusalStatus): FastifyReply {
  if (status === 401) reply.header('www-authenticate', 'Bearer');
  if (status === 429 || status === 503) reply.header('retry-after', '5');
  return reply.code(status).header('cache-control', 'no-store').send();
}
