/**
 * `npm test`: installs what is missing, finds or installs a browser, runs every test project, and prints
 * `N passed, N failed` as its last line.
 *
 *     npm test                                everything
 *     npm test -- --project unit              one project (unit, integration, browser, e2e, firefox); may be repeated
 *     npm test -- --coverage                  with what of src and workers they ran, per project, in test/output
 *     npm test -- test/unit/server            only files whose path contains this
 */
import { requireNode } from '../src/server/node-version.mjs';

requireNode();

const { ensureInstalled, PrepareError } = await import('../src/server/prepare.mjs');

try {
  ensureInstalled({ dev: true });
  const { register } = await import('tsx/esm/api');
  register();
  const { runSuite } = await import('./harness/suite.ts');
  process.exitCode = await runSuite(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof PrepareError)) throw error;
  console.error(error.message);
  console.log('0 passed, 1 failed');
  process.exitCode = 1;
}
