/**
 * The real server on a free port, for end-to-end tests and tools.
 */
import { join } from 'node:path';
import { createApp, type ServerPart } from '../../src/server/app.ts';
import { listen } from '../../src/server/listen.ts';
import { ensurePageBuilt, ROOT } from '../../src/server/prepare.mjs';
import { staticFiles } from '../../src/server/static-files.ts';

/** A server that listens. */
export interface TestServer extends AsyncDisposable {
  /** Its address, with a final slash. */
  readonly url: string;
}

/** Starts a server of the given parts. @param port 0 takes any free one */
export async function serveParts(parts: readonly ServerPart[], port = 0): Promise<TestServer> {
  const app = await createApp(parts);
  try {
    const url = await listen(app, {
      host: '127.0.0.1',
      port,
      origin: { host: 'default', port: 'flag' },
    });
    return { url, [Symbol.asyncDispose]: () => app.close() };
  } catch (error) {
    await app.close();
    throw error;
  }
}

/**
 * Builds the page when it is stale and serves it as `npm start` does.
 * @param parts what else is served
 */
export async function servePage(parts: readonly ServerPart[] = []): Promise<TestServer> {
  ensurePageBuilt();
  return serveParts([...parts, staticFiles(join(ROOT, 'dist'))]);
}
