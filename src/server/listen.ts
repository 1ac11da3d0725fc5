/**
 * Finds a port to listen on: the one asked for, or the first free one from the default upwards.
 */
import type { FastifyInstance } from 'fastify';
import type { ServerConfig } from './config.ts';
import { ConfigError } from './config-error.ts';

/** What listening needs to know. */
type Place = Pick<ServerConfig, 'host' | 'port' | 'origin'>;

/** How many ports are tried from the default upwards before giving up. */
const TRIES = 20;

/**
 * Listens. A port that somebody asked for is taken or refused; the default gives way to the next free one.
 * @returns the address to open, with a final slash
 * @throws ConfigError with one sentence when the port is busy or may not be used, or the host is not this machine's
 */
export async function listen(app: FastifyInstance, config: Place): Promise<string> {
  const fixed = config.origin.port !== 'default' || config.port === 0;
  const last = fixed ? config.port : Math.min(65535, config.port + TRIES - 1);
  for (let port = config.port; ; port++) {
    try {
      await app.listen({ host: config.host, port });
      return addressOf(app, config.host);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : '';
      if (code === 'EADDRINUSE' && port < last) continue;
      throw refusal(code, config, port, error);
    }
  }
}

function refusal(code: string, config: Place, port: number, cause: unknown): Error {
  const fixed = config.origin.port !== 'default';
  const sentences: Readonly<Record<string, string>> = {
    EADDRINUSE: fixed
      ? `Port ${port} is in use by another program; choose another with --port, or leave it out to take the next free one.`
      : `Ports ${config.port} to ${port} are all in use; choose another with --port.`,
    EACCES: `This user may not listen on port ${port}; choose one above 1023 with --port.`,
    EADDRNOTAVAIL: `"${config.host}" is not an address of this machine; 127.0.0.1 and 0.0.0.0 always are.`,
    ENOTFOUND: `The host name "${config.host}" is not known; 127.0.0.1 and 0.0.0.0 always work.`,
    EAI_AGAIN: `The host name "${config.host}" could not be looked up; 127.0.0.1 and 0.0.0.0 always work.`,
  };
  const sentence = sentences[code];
  if (sentence) return new ConfigError(sentence, { cause });
  return cause instanceof Error ? cause : new Error(String(cause));
}

function addressOf(app: FastifyInstance, host: string): string {
  const bound = app.server.address();
  const port = typeof bound === 'object' && bound ? bound.port : 0;
  // Every address at once is no address to open; on this machine the loopback always is.
  const name = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  const scheme = app.initialConfig.https ? 'https' : 'http';
  return `${scheme}://${name.includes(':') ? `[${name}]` : name}:${port}/`;
}
