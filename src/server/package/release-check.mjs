#!/usr/bin/env node
/**
 * `npm run release:check`: everything that must hold before a package is given away. Builds it anew, packs it, looks at
 * what is in it, installs it into empty folders and runs the examples (in Chromium, and in Firefox where there is one),
 * and prints the licences of what is shipped. Ends with a code other than 0 where something does not hold.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureInstalled, ROOT } from '../prepare.mjs';

/** Largest tarball, in megabytes: what docs/library.md quotes, and little more. */
const MEGABYTES_MAX = 60;

/** Files without which it is no release. */
const NEEDED = [
  ...['package.json', 'README.md', 'LICENSE', 'THIRD-PARTY.md', 'copy-files.mjs', 'models/MODEL_CARD.md'],
  ...['index.js', 'element.js', 'drive.js', 'testing.js', 'docs/api/index.md'],
];

/** Licences under which bundled code may be given on. */
const FREE = /^(MIT|ISC|BSD-[23]-Clause|Apache-2\.0|MPL-2\.0|0BSD)$/;

/** @type {string[]} */
const faults = [];

/** @param {string[]} args */
function node(...args) {
  return spawnSync(process.execPath, args, { cwd: ROOT, stdio: 'inherit' }).status === 0;
}

ensureInstalled({ dev: true });
const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
if (!readFileSync(join(ROOT, 'CHANGELOG.md'), 'utf8').includes(`## [${version}]`))
  faults.push(`CHANGELOG.md says nothing of ${version}.`);
if (!node('src/server/package/api-pages.mjs', '--check')) faults.push('Public symbols have no docstring.');
if (!node('src/server/package/make-package.mjs')) {
  console.error('The package could not be built.');
  process.exit(1);
}

const folder = mkdtempSync(join(tmpdir(), 'carriageway-release-'));
try {
  const answer = JSON.parse(
    execFileSync('npm', ['pack', join(ROOT, 'package'), '--pack-destination', folder, '--json'], {
      encoding: 'utf8',
      maxBuffer: 2 ** 26,
    }),
  );
  const [packed] = Array.isArray(answer) ? answer : Object.values(answer);
  const megabytes = packed.size / 1e6;
  const files = new Set(packed.files.map((/** @type {{ path: string }} */ { path }) => path));
  console.log(`${packed.filename}: ${megabytes.toFixed(1)} MB, ${files.size} files.`);
  if (megabytes > MEGABYTES_MAX) faults.push(`The tarball has more than ${MEGABYTES_MAX} MB.`);
  for (const name of NEEDED) if (!files.has(name)) faults.push(`${name} is not in the package.`);
  const manifest = JSON.parse(readFileSync(join(ROOT, 'package/package.json'), 'utf8'));
  if (manifest.version !== version) faults.push('The package has another version.');
  if (manifest.dependencies) faults.push('The package depends on others.');
} finally {
  rmSync(folder, { recursive: true, force: true });
}

console.log('\nShipped, and under which licence:');
const shipped = readFileSync(join(ROOT, 'package/THIRD-PARTY.md'), 'utf8');
for (const [, name = '', licence = ''] of shipped.matchAll(/^## (\S+ \S+) \((.+)\)$/gm)) {
  console.log(`  ${name}: ${licence}`);
  if (!FREE.test(licence))
    faults.push(`${name} is under ${licence}, which is not among those that are given on.`);
}
console.log('  the weights in models/: research and non-commercial use (models/MODEL_CARD.md)');
if (!existsSync(join(ROOT, 'package/models/MODEL_CARD.md'))) faults.push('The model card is missing.');

console.log('\nThe examples, from the tarball:');
const vitest = join(ROOT, 'node_modules/vitest/vitest.mjs');
for (const [project, file] of [
  ['e2e', 'test/e2e/package.test.ts'],
  ['firefox', 'test/firefox/package.test.ts'],
])
  if (!node(vitest, 'run', '--project', String(project), String(file)))
    faults.push(`Examples do not run (${project}).`);

for (const fault of faults) console.error(`✗ ${fault}`);
console.log(faults.length === 0 ? `Carriageway ${version} can be released.` : `${faults.length} faults.`);
process.exitCode = faults.length === 0 ? 0 : 1;
