/**
 * The server as one Fastify instance: headers first, then whatever parts are given. A part is a Fastify plugin with its
 * own `onClose`; the static files are one, live rooms will be another in the same process.
 */
import { STATUS_CODES } from 'node:http';
import Fastify, {
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyInstance,
  type FastifyPluginAsync,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify';
import { headersFor, RESPONSE_HEADERS } from './headers.ts';
import { type Log, NO_LOG } from './log.ts';

/** Something that answers requests, with its own resources released in an `onClose` hook. */
export type ServerPart = FastifyPluginAsync;

/** Text of a response that is not a file: short, and the same everywhere. */
const SENTENCES: Readonly<Record<number, string>> = {
  400: 'This request could not be understood.',
  404: 'There is nothing at this address.',
  401: 'This takes an invitation or the secret of this server.',
  403: 'This is not allowed here.',
  405: 'This address cannot be asked in that way.',
  408: 'This request took too long.',
  413: 'This request is too large.',
  412: 'This is not how it stands any more.',
  414: 'This address is too long.',
  415: 'This kind of content is not understood here.',
  416: 'This file is shorter than the part asked for.',
  422: 'This was understood, but cannot be done here.',
  428: 'This takes the tag of how it stands (If-Match).',
  429: 'Too many requests; try again in a while.',
  431: 'The headers of this request are too long.',
  503: 'This server is not ready for that.',
};

/** What Node calls a request it gave up on, and the status that says so. */
const CLIENT_ERRORS: Readonly<Record<string, number>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 408,
  HPE_HEADER_OVERFLOW: 431,
};

/** How long the slow are waited for, in milliseconds. */
export interface Patience {
  /** For the headers of a request. */
  readonly headers: number;
  /** For all of it. */
  readonly request: number;
  /** For the next byte in either direction, and for the next request of a kept connection. */
  readonly idle: number;
}

/** Ten seconds are long for a few hundred bytes; whoever reads nothing for two minutes has gone. */
const PATIENCE: Patience = { headers: 10_000, request: 30_000, idle: 120_000 };

/** What a server does beside answering. */
export interface AppOptions {
  readonly log?: Log;
  readonly patience?: Partial<Patience>;
  /** Origins of pages that may show this one in a frame. */
  readonly embedders?: readonly string[];
  /** Key and certificate, as PEM; HTTP without. */
  readonly https?: { readonly key: string; readonly cert: string };
}

/** A request line and headers longer than this are nobody's honest browser; Node's own default. */
const MAX_ADDRESS = 16 * 1024;

/** A sentence for a status; what is not in the table is the client's fault below 500 and ours from there on. */
function sentenceOf(status: number): string {
  return SENTENCES[status] ?? (status >= 500 ? 'The server failed on this request.' : SENTENCES[400]!);
}

/**
 * A whole response as bytes, for sockets on which nobody speaks HTTP any more: with every header, and closing.
 * @param status with a sentence in the table
 */
export function bareResponse(status: number): string {
  const body = `${sentenceOf(status)}\n`;
  const headers = [
    ...Object.entries(RESPONSE_HEADERS).map(([name, value]) => `${name}: ${value}`),
    'Content-Type: text/plain; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  return `${[`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Refused'}`, ...headers].join('\r\n')}\r\n\r\n${body}`;
}

/**
 * Builds the server, not yet listening. Every response carries `RESPONSE_HEADERS`: files, 404s, errors, and what Node
 * answers by itself to bytes that are not HTTP.
 * @param parts registered in order
 */
export async function createApp(
  parts: readonly ServerPart[],
  { log = NO_LOG, patience: given = {}, https, embedders = [] }: AppOptions = {},
): Promise<FastifyInstance> {
  const headers = headersFor(embedders);
  const patience = { ...PATIENCE, ...given };
  const server = {
    maxHeaderSize: MAX_ADDRESS,
    headersTimeout: patience.headers,
    connectionsCheckingInterval: Math.min(5000, patience.headers),
  };
  const app = Fastify({
    loggerInstance: log as FastifyBaseLogger,
    // A line for each file of the page would hide what matters.
    logController: new LogController({ disableRequestLogging: true }),
    // Downloads of a network take minutes on a slow line; an idle browser connection must not delay the shutdown.
    forceCloseConnections: true,
    routerOptions: { ignoreDuplicateSlashes: true, maxParamLength: 500 },
    requestTimeout: patience.request,
    connectionTimeout: patience.idle,
    keepAliveTimeout: Math.min(patience.idle, 60_000),
    frameworkErrors: (error: FastifyError, _request: FastifyRequest, reply: FastifyReply) => {
      reply.headers(headers);
      void reply
        .code(error.statusCode ?? 400)
        .type('text/plain; charset=utf-8')
        .send(`${sentenceOf(400)}\n`);
    },
    clientErrorHandler: (error, socket) => {
      if (error.code === 'ECONNRESET' || !socket.writable) return;
      socket.end(bareResponse(CLIENT_ERRORS[error.code ?? ''] ?? 400));
    },
    // Its type knows one kind of server at a time; what is asked of either is the same.
    ...((https ? { https: { ...server, key: https.key, cert: https.cert } } : { http: server }) as {
      http: typeof server;
    }),
  });
  app.addHook('onRequest', async (_request, reply) => {
    reply.headers(headers);
  });
  app.setNotFoundHandler((_request, reply) =>
    reply
      .code(404)
      .type('text/plain; charset=utf-8')
      .send(`${sentenceOf(404)}\n`),
  );
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const code = error.statusCode ?? 500;
    // What a client did wrong is its own affair; what we did wrong belongs in the log.
    if (code >= 500) log.error({ err: error, method: request.method, url: request.url }, 'request failed');
    return reply
      .code(code)
      .type('text/plain; charset=utf-8')
      .send(`${sentenceOf(code)}\n`);
  });
  for (const part of parts) await app.register(part);
  return app;
}
