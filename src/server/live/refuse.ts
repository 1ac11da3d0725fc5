/** Short answers of the live endpoints. */
import type { FastifyReply } from 'fastify';

/** Refuses by status alone; who has not said who it is, is told how to. */
export function refuse(reply: FastifyReply, status: 400 | 401 | 403 | 404 | 429 | 503): FastifyReply {
  if (status === 401) reply.header('www-authenticate', 'Bearer');
  if (status === 429 || status === 503) reply.header('retry-after', '5');
  return reply.code(status).header('cache-control', 'no-store').send();
}
