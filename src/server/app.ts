/**
 * The server as one Fastify instance: headers first, then whatever parts are given. A part is a Fastify plugin with its
 * own `onClose`; the static files are one, live rooms will be another in the same process.
 */
import Fastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifyPluginAsync,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify';
import { RESPONSE_HEADERS } from './headers.ts';

/** Something that answers requests, with its own resources released in an `onClose` hook. */
export type ServerPart = FastifyPluginAsync;

/** Text of a response that is not a file: short, and the same everywhere. */
const SENTENCES: Readonly<Record<number, string>> = {
  400: 'This request could not be understood.',
  404: 'There is nothing at this address.',
  405: 'This address cannot be asked in that way.',
  413: 'This request is too large.',
  414: 'This address is too long.',
  416: 'This file is shorter than the part asked for.',
};

/** A request line and headers longer than this are nobody's honest browser; Node's own default. */
const MAX_ADDRESS = 16 * 1024;

/**
 * Builds the server, not yet listening. Every response carries `RESPONSE_HEADERS`: files, 404s, errors, and what Node
 * answers by itself to bytes that are not HTTP.
 * @param parts registered in order
 */
export async function createApp(parts: readonly ServerPart[]): Promise<FastifyInstance> {
  const app = Fastify({
    logger: false,
    // Downloads of a network take minutes on a slow line; an idle browser connection must not delay the shutdown.
    forceCloseConnections: true,
    routerOptions: { ignoreDuplicateSlashes: true, maxParamLength: 500 },
    frameworkErrors: (error: FastifyError, _request: FastifyRequest, reply: FastifyReply) => {
      reply.headers(RESPONSE_HEADERS);
      void reply
        .code(error.statusCode ?? 400)
        .type('text/plain; charset=utf-8')
        .send(`${SENTENCES[400]}\n`);
    },
    clientErrorHandler: (error, socket) => {
      if (error.code === 'ECONNRESET' || !socket.writable) return;
      const lines = Object.entries(RESPONSE_HEADERS).map(([name, value]) => `${name}: ${value}`);
      const body = `${SENTENCES[400]}\n`;
      const head = ['HTTP/1.1 400 Bad Request', ...lines, 'Content-Type: text/plain; charset=utf-8'];
      socket.end(
        `${[...head, `Content-Length: ${body.length}`, 'Connection: close'].join('\r\n')}\r\n\r\n${body}`,
      );
    },
    http: { maxHeaderSize: MAX_ADDRESS },
  });
  app.addHook('onRequest', async (_request, reply) => {
    reply.headers(RESPONSE_HEADERS);
  });
  app.setNotFoundHandler((_request, reply) =>
    reply.code(404).type('text/plain; charset=utf-8').send(`${SENTENCES[404]}\n`),
  );
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const code = error.statusCode ?? 500;
    // What a client did wrong is its own affair; what we did wrong belongs in the log.
    if (code >= 500) console.error(`${request.method} ${request.url}:`, error);
    const sentence = SENTENCES[code] ?? (code >= 500 ? 'The server failed on this request.' : SENTENCES[400]);
    return reply.code(code).type('text/plain; charset=utf-8').send(`${sentence}\n`);
  });
  for (const part of parts) await app.register(part);
  return app;
}
