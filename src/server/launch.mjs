/**
 * `npm start` and `npm run dev`: from a fresh clone to a page that runs. Installs and builds what is missing, then
 * hands over to `main.ts` (or to Vite's development server with `--dev`).
 */
import { requireNode } from './node-version.mjs';

requireNode();

const flags = process.argv.slice(2);
const development = flags.includes('--dev');

// Before anything is installed or built: it is asked by those who have nothing yet.
if (flags.includes('--help')) {
  const { USAGE } = await import('./usage.mjs');
  console.log(development ? USAGE.replace('npm start', 'npm run dev') : USAGE);
  process.exit(0);
}

// Only now may a file be read that older Nodes do not understand.
const { ensureInstalled, ensurePageBuilt, PrepareError } = await import('./prepare.mjs');

try {
  ensureInstalled({ dev: development });
  const { register } = await import('tsx/esm/api');
  register();
  if (development) {
    const { develop } = await import('./develop.ts');
    process.exitCode = await develop(
      flags.filter((flag) => flag !== '--dev'),
      process.env,
    );
  } else {
    const { serve } = await import('./main.ts');
    process.exitCode = await serve(flags, process.env, ensurePageBuilt);
  }
} catch (error) {
  if (!(error instanceof PrepareError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
