/** `npm run analyse`: many recordings without a hand on the page. Installs what is missing, then hands over to `analyse.ts`. */
import { requireNode } from '../node-version.mjs';

requireNode();

if (process.argv.includes('--help')) {
  const { USAGE } = await import('./usage.mjs');
  console.log(USAGE);
  process.exit(0);
}

const { ensureInstalled, ensurePageBuilt, PrepareError } = await import('../prepare.mjs');

try {
  ensureInstalled({ dev: false });
  const { register } = await import('tsx/esm/api');
  register();
  const { analyse } = await import('./analyse.ts');
  const stopped = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => stopped.abort());
  process.exitCode = await analyse(process.argv.slice(2), ensurePageBuilt, stopped.signal);
} catch (error) {
  if (!(error instanceof PrepareError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
