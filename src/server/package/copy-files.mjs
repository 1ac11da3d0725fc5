#!/usr/bin/env node
/**
 * `npx carriageway copy FOLDER`: puts the library with its workers, runtime and models into a folder that a server
 * shows, for pages that use no bundler, or one that does not follow addresses of workers.
 */
import { cp, mkdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const [command, ...given] = process.argv.slice(2);
const modelsOnly = given.includes('--models');
// An option is no folder: `--help` would be made one.
const [folder, ...rest] = given.filter((each) => each !== '--models');
if (command !== 'copy' || !folder || folder.startsWith('-') || rest.length > 0) {
  console.error('Usage: carriageway copy FOLDER [--models]\n  --models copies the models alone.');
  process.exit(2);
}
const from = dirname(fileURLToPath(import.meta.url));
const to = resolve(folder);
const names = modelsOnly
  ? ['models']
  : ['index.js', 'element.js', 'drive.js', 'assets', 'models', 'LICENSE', 'THIRD-PARTY.md'];
try {
  await mkdir(to, { recursive: true });
  for (const name of names) await cp(join(from, name), join(to, name), { recursive: true });
  console.log(`${names.join(', ')} are in ${to}.`);
} catch (thrown) {
  console.error(`The files could not be copied: ${thrown instanceof Error ? thrown.message : thrown}`);
  process.exit(1);
}
