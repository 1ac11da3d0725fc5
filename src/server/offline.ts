/** Lays the service worker beside a build, with the list of the files that it keeps. */
import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { build } from 'vite';
import type { BuildList } from '../offline/shell.ts';

/** What every visit needs. */
const SHELL = new Set(['.html', '.js', '.css', '.svg', '.webmanifest']);

/** What one or the other engine needs: megabytes, kept once they were used. */
const RUNTIME = new Set(['.wasm', '.mjs']);

/** The worker's own file, which browsers keep by themselves. */
const WORKER = 'service-worker.js';

/** Icons are for the system's menus, which keep them; the small ones belong to the shell all the same. */
const ICONS = /^icons\/.*\.png$/;

/**
 * Lists a build.
 * @param folder of the finished build, networks included
 */
export async function listBuild(folder: string): Promise<BuildList> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((path) => path !== WORKER)
    .sort();
  const shell: Record<string, string> = {};
  for (const path of paths)
    if (SHELL.has(extname(path)) || ICONS.test(path)) {
      const hash = createHash('sha256').update(await readFile(join(folder, path)));
      // The page is asked for by the folder's address.
      shell[path === 'index.html' ? '/' : `/${path}`] = hash.digest('hex');
    }
  const runtime = paths.filter((path) => RUNTIME.has(extname(path))).map((path) => `/${path}`);
  const version = createHash('sha256')
    .update(JSON.stringify([shell, runtime]))
    .digest('hex')
    .slice(0, 12);
  return { version, shell, runtime };
}

/**
 * Writes the service worker of a build.
 * @param root of the repository
 * @param folder of the finished build, networks included
 */
export async function layServiceWorker(root: string, folder: string): Promise<void> {
  const built = await build({
    configFile: false,
    root,
    logLevel: 'error',
    publicDir: false,
    build: {
      write: false,
      target: 'es2022',
      modulePreload: false,
      lib: { entry: join(root, 'workers', 'service.worker.ts'), formats: ['iife'], name: 'worker' },
    },
  });
  const outputs = (Array.isArray(built) ? built : [built]).flatMap((each) =>
    'output' in each ? each.output : [],
  );
  const chunk = outputs.find((output) => output.type === 'chunk');
  if (!chunk) throw new Error('The service worker could not be built.');
  const list = await listBuild(folder);
  await writeFile(join(folder, WORKER), `self.BUILD = ${JSON.stringify(list)};\n${chunk.code}`);
}
