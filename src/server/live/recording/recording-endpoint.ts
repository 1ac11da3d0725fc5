/**
 * `/live/recordings`: what is recorded, and what was. By the server's secret for all rooms; by a token with `admin` for
 * its own room; by one with `replay`, its own room's files alone, to look at.
 */
import { createReadStream } from 'node:fs';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { MASK_FILE_ENDING } from '../../../live/mask-file.ts';
import { NOTHING_KEPT, type Permission, RECORDING_PATH } from '../../../live/protocol.ts';
import { type Authority, refusalOf } from '../authority.ts';
import { originAllowed } from '../door.ts';
import { refuse } from '../refuse.ts';
import { Refused } from '../refused.ts';
import { type Recordings, recordingWish } from './recordings.ts';

const wishParameter = z.object({ id: z.string().max(64) });
const fileParameters = z.object({ room: z.string().max(64), file: z.string().max(128) });

/** What the endpoint is made of. */
export interface RecordingEndpoint {
  /** Null where the server keeps none: asked for a list, it says so. */
  readonly recordings: Recordings | null;
  readonly authority: Authority;
  readonly origins: readonly string[];
}

/** Adds the endpoint. */
export function addRecordingEndpoint(app: FastifyInstance, of: RecordingEndpoint): void {
  const { recordings } = of;
  if (!recordings) {
    app.get(RECORDING_PATH, (_request, reply) => reply.code(NOTHING_KEPT).send());
    return;
  }

  /** The room that is allowed, null for all; undefined after the refusal was sent. */
  const admitted = async (
    request: FastifyRequest,
    reply: FastifyReply,
    ...needs: readonly Permission[]
  ): Promise<string | null | undefined> => {
    const asker = originAllowed(request.raw, of.origins) ? await of.authority.askerOf(request) : null;
    const refused = asker === null ? 403 : refusalOf(asker);
    if (asker === null || refused) refuse(reply, refused ?? 403);
    else if (typeof asker !== 'object') return null;
    else if (needs.some((need) => asker.may.includes(need))) return asker.room;
    else refuse(reply, 403);
    return undefined;
  };

  /** The file that is asked for; null after the refusal was sent. */
  const asked = async (request: FastifyRequest, reply: FastifyReply, ...needs: readonly Permission[]) => {
    const room = await admitted(request, reply, ...needs);
    if (room === undefined) return null;
    const wanted = fileParameters.safeParse(request.params);
    const known = wanted.success && (room === null || room === wanted.data.room);
    const found = known ? recordings.store.find(wanted.data.room, wanted.data.file) : null;
    if (!found || !wanted.success) {
      refuse(reply, 404);
      return null;
    }
    return { ...found, ...wanted.data };
  };

  app.get(RECORDING_PATH, async (request, reply) => {
    const room = await admitted(request, reply, 'admin', 'replay');
    if (room === undefined) return reply;
    return reply.header('cache-control', 'no-store').send({
      wishes: recordings.wishes(room),
      files: recordings.store.list(room),
      masks: recordings.store.masks(room),
    });
  });

  app.post(RECORDING_PATH, { bodyLimit: 4096 }, async (request, reply) => {
    const room = await admitted(request, reply, 'admin');
    if (room === undefined) return reply;
    const wanted = recordingWish.safeParse(request.body);
    if (!wanted.success) return refuse(reply, 400);
    if (room !== null && room !== wanted.data.room) return refuse(reply, 403);
    try {
      const id = recordings.begin(wanted.data);
      return reply.code(201).header('location', `${RECORDING_PATH}/${id}`).send({ id });
    } catch (thrown) {
      if (!(thrown instanceof Refused)) throw thrown;
      return refuse(reply, 503);
    }
  });

  app.delete(`${RECORDING_PATH}/:id`, async (request, reply) => {
    const room = await admitted(request, reply, 'admin');
    if (room === undefined) return reply;
    const { id } = wishParameter.parse(request.params);
    const known = recordings.wishes(room).some((wish) => wish.id === id);
    return known && recordings.end(id) ? reply.code(204).send() : refuse(reply, 404);
  });

  app.get(`${RECORDING_PATH}/:room/:file`, async (request, reply) => {
    const found = await asked(request, reply, 'admin', 'replay');
    if (!found) return reply;
    const { size } = found.stats;
    reply.headers({
      'accept-ranges': 'bytes',
      'cache-control': 'no-store',
      'content-type': found.file.endsWith(MASK_FILE_ENDING) ? 'application/octet-stream' : 'video/x-matroska',
    });
    const range = rangeOf(request.headers.range, size);
    if (range === 'none') return reply.header('content-length', size).send(createReadStream(found.path));
    if (range === 'outside')
      return reply
        .code(416)
        .headers({ 'content-range': `bytes */${size}`, 'content-type': 'text/plain; charset=utf-8' })
        .send();
    const { start, end } = range;
    return reply
      .code(206)
      .headers({ 'content-range': `bytes ${start}-${end}/${size}`, 'content-length': end - start + 1 })
      .send(createReadStream(found.path, { start, end }));
  });

  app.delete(`${RECORDING_PATH}/:room/:file`, async (request, reply) => {
    const found = await asked(request, reply, 'admin');
    if (!found) return reply;
    recordings.store.delete(found.room, found.file);
    return reply.code(204).send();
  });
}

/** One part of a file (RFC 9110, 14.1.2), ends included; several at once, and nonsense, are read as all of it. */
export function rangeOf(
  header: string | undefined,
  size: number,
): { readonly start: number; readonly end: number } | 'none' | 'outside' {
  const [, from = '', to = ''] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? '') ?? [];
  if (from === '' && to === '') return 'none';
  const start = from === '' ? Math.max(0, size - Number(to)) : Number(from);
  const end = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1);
  if (from !== '' && to !== '' && Number(to) < start) return 'none';
  return start >= size || (from === '' && Number(to) === 0) ? 'outside' : { start, end };
}
