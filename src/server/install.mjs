/**
 * Installs everything the lock names, development packages too, unless it is there. For scripts that go on with
 * `npm run check`; the commands themselves do this on their own.
 */
import { requireNode } from './node-version.mjs';

requireNode();

const { ensureInstalled, PrepareError } = await import('./prepare.mjs');

try {
  ensureInstalled({ dev: true });
} catch (error) {
  if (!(error instanceof PrepareError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
