/**
 * `npm run package`: builds the library as a package that a stranger can install: `package/`, ready for `npm pack`.
 * Everything it needs is bundled, so it depends on nothing; the server stays here.
 */
import { execFileSync } from 'node:child_process';
import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'vite';
import { writeApiPages } from './api-pages.mjs';
import { ENTRIES } from './entries.mjs';
import { layTypes } from './lay-types.mjs';
import { licencesOf, notesPackages } from './licences.mjs';

const ROOT = join(import.meta.dirname, '../../..');
const OUT = join(ROOT, 'package');

/** Where the compiler writes all types, before those that are needed are laid into the package. */
const WRITTEN = join(ROOT, 'node_modules/.cache/carriageway-types');

/** Workers as every bundler understands them: one plain address beside the file. */
const WORKER_ADDRESS =
  /new URL\(\s*(?:\/\*[^*]*\*\/\s*)?new URL\([`'"]([^`'"]+)[`'"],\s*import\.meta\.url\)\.href,\s*[`'"]{2}\s*\+\s*import\.meta\.url\)/g;

/** The runtime's address of itself, which it never needs here: there is no such file, and bundlers would look for it. */
const RUNTIME_ADDRESS = /new URL\((?=[`'"]ort\.[\w.]+\.mjs[`'"],\s*import\.meta\.url\))/g;

/** @param {string} _whole @param {string} file */
function plain(_whole, file) {
  return `new URL(${JSON.stringify(file.startsWith('.') ? file : `./${file}`)}, import.meta.url)`;
}

/** @param {keyof typeof ENTRIES} name */
function entry(name) {
  return { types: `./types/${ENTRIES[name].replace(/\.ts$/, '.d.ts')}`, default: `./${name}.js` };
}

await rm(OUT, { recursive: true, force: true });
/** @type {Set<string>} */
const bundled = new Set();
await build({
  root: ROOT,
  configFile: join(ROOT, 'vite.config.ts'),
  base: './',
  publicDir: false,
  logLevel: 'warn',
  plugins: [notesPackages(bundled)],
  worker: { plugins: () => [notesPackages(bundled)] },
  build: {
    outDir: OUT,
    emptyOutDir: true,
    modulePreload: false,
    rolldownOptions: {
      input: Object.fromEntries(Object.entries(ENTRIES).map(([name, file]) => [name, join(ROOT, file)])),
      preserveEntrySignatures: 'strict',
      output: { entryFileNames: '[name].js' },
    },
  },
});
// Workers inside workers are bundled apart, so their addresses are put right when all files are there.
for (const path of await readdir(OUT, { recursive: true }))
  if (path.endsWith('.js')) {
    const file = join(OUT, path);
    const text = await readFile(file, 'utf8');
    const mended = text
      .replace(WORKER_ADDRESS, plain)
      .replace(RUNTIME_ADDRESS, 'new URL(/* webpackIgnore: true */ /* @vite-ignore */ ');
    if (mended !== text) await writeFile(file, mended);
  }
execFileSync(
  process.execPath,
  [
    join(ROOT, 'node_modules/typescript/bin/tsc'),
    ...['--noEmit', 'false', '--declaration', '--emitDeclarationOnly', '--incremental', 'false'],
    ...['--outDir', WRITTEN, '--rootDir', ROOT],
  ],
  { cwd: ROOT, stdio: 'inherit' },
);
await layTypes({
  root: ROOT,
  from: WRITTEN,
  to: join(OUT, 'types'),
  entries: Object.values(ENTRIES).map((path) => path.replace(/\.ts$/, '.d.ts')),
});
await rm(WRITTEN, { recursive: true });

const { name, version, description, license } = JSON.parse(
  await readFile(join(ROOT, 'package.json'), 'utf8'),
);
const manifest = {
  name,
  version,
  description,
  license,
  type: 'module',
  sideEffects: ['./element.js'],
  exports: {
    '.': entry('index'),
    './element': entry('element'),
    './drive': entry('drive'),
    './testing': entry('testing'),
    './models/*': './models/*',
    './package.json': './package.json',
  },
  types: entry('index').types,
  bin: { carriageway: './copy-files.mjs' },
};
await writeFile(join(OUT, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
await cp(join(ROOT, 'LICENSE'), join(OUT, 'LICENSE'));
await cp(join(ROOT, 'models/MODEL_CARD.md'), join(OUT, 'models/MODEL_CARD.md'));
await cp(join(import.meta.dirname, 'copy-files.mjs'), join(OUT, 'copy-files.mjs'));
await cp(join(import.meta.dirname, 'package-readme.md'), join(OUT, 'README.md'));
await writeApiPages(join(OUT, 'docs/api'));
await writeFile(join(OUT, 'THIRD-PARTY.md'), await licencesOf(ROOT, bundled));
console.log(`package/ holds ${name} ${version}: npm pack ./package`);
