/**
 * `npm run dev`: Vite's development server, under the settings and headers of the real one.
 */
import { createServer } from 'vite';
import { readConfig } from './config.ts';
import { ConfigError } from './config-error.ts';
import { ROOT } from './prepare.mjs';
import { untilStopped } from './shutdown.ts';
import { USAGE } from './usage.mjs';

const busy = (port: number) =>
  `Port ${port} is in use by another program; choose another with --port, or leave it out to take the next free one.`;

/** Vite has no code for it, only this message. */
function portInUse(thrown: unknown): boolean {
  return thrown instanceof Error && /already in use/.test(thrown.message);
}

/**
 * Serves the sources and reloads the page as they change, until the process is told to stop.
 * @returns exit code
 */
export async function develop(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<number> {
  try {
    const config = readConfig(argv, env);
    if (config === 'help') {
      console.log(USAGE.replace('npm start', 'npm run dev'));
      return 0;
    }
    if (config.https) throw new ConfigError('npm run dev speaks HTTP only; npm start has --https.');
    const server = await createServer({
      root: ROOT,
      server: { host: config.host, port: config.port, strictPort: config.origin.port !== 'default' },
    });
    try {
      await server.listen().catch((cause: unknown) => {
        throw portInUse(cause) ? new ConfigError(busy(config.port), { cause }) : cause;
      });
      server.printUrls();
      await untilStopped();
    } finally {
      await server.close();
    }
    return 0;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    console.error(error.message);
    return 1;
  }
}
