/** `npm run publish`: sends a video into a live room. Installs what is missing, then hands over to `publish.ts`. */
import { requireNode } from '../node-version.mjs';

requireNode();

if (process.argv.includes('--help')) {
  const { USAGE } = await import('./usage.mjs');
  console.log(USAGE);
  process.exit(0);
}

const { ensureInstalled, PrepareError } = await import('../prepare.mjs');

try {
  ensureInstalled({ dev: false });
  const { register } = await import('tsx/esm/api');
  register();
  const { publish } = await import('./publish.ts');
  const stopped = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => stopped.abort());
  process.exitCode = await publish(process.argv.slice(2), process.env, stopped.signal);
} catch (error) {
  if (!(error instanceof PrepareError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
