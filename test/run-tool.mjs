/**
 * `npm run evaluate`, `npm run bench` and `npm run pictures`: installs what is missing, then runs the tool named by the first argument.
 */
import { requireNode } from '../src/server/node-version.mjs';

requireNode();

const { ensureInstalled, PrepareError } = await import('../src/server/prepare.mjs');

try {
  ensureInstalled({ dev: true });
  const { register } = await import('tsx/esm/api');
  register();
  const { runTool } = await import('./bench/tools.ts');
  process.exitCode = await runTool(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof PrepareError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
