/**
 * `npm run rooms`: who may import whom. Rooms are the folders of `src` (and its loose files); the table names for each
 * what it may import, types included, and whatever is not named is refused. No chain of imports leads back to where it
 * began.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, normalize, relative, sep } from 'node:path';

/** The words that every room speaks. */
const WORDS = ['errors', 'media', 'schema', 'taxonomy'];

/** What a page is built from. */
const PAGE = [
  'basemap',
  'drive',
  'jobs',
  'labels',
  'live',
  'model',
  'offline',
  'overlay',
  'perception',
  'scene',
  'sources',
  'stage',
  'telemetry',
];

/**
 * For each room, the rooms that it may import.
 * @type {Readonly<Record<string, readonly string[]>>}
 */
export const ROOMS = {
  errors: [],
  schema: [],
  words: ['errors'],
  // A label map says which list its ids belong to.
  media: ['taxonomy'],
  taxonomy: ['errors', 'schema'],
  'error-transfer': ['errors'],
  model: WORDS,
  gpu: WORDS,
  perception: [...WORDS, 'model', 'gpu'],
  scene: [...WORDS, 'perception'],
  sources: [...WORDS, 'labels'],
  drive: [...WORDS, 'sources'],
  // What viewers shared of a vehicle becomes labels of its recording.
  labels: [...WORDS, 'live', 'perception', 'sources'],
  // The heads of pictures are read in one place.
  basemap: [...WORDS, 'sources'],
  telemetry: [...WORDS, 'sources'],
  overlay: [...WORDS, 'gpu', 'perception', 'scene'],
  stage: [...WORDS, 'error-transfer', 'model', 'gpu', 'perception', 'scene', 'sources', 'overlay', 'labels'],
  jobs: [...WORDS, 'model', 'gpu', 'perception', 'scene', 'sources', 'labels', 'overlay', 'telemetry'],
  live: [...WORDS, 'scene', 'sources'],
  // Its worker is loaded by itself, in browsers that know nothing else of the page.
  offline: [],
  element: [
    ...WORDS,
    'drive',
    'live',
    'model',
    'overlay',
    'perception',
    'scene',
    'sources',
    'stage',
    'words',
  ],
  studio: [...WORDS, ...PAGE, 'words'],
  // What all pages are made of (controls, figures, words) lies in the studio.
  dashboard: [...WORDS, ...PAGE, 'studio', 'words'],
  measure: [
    ...WORDS,
    'drive',
    'gpu',
    'model',
    'overlay',
    'perception',
    'sources',
    'stage',
    'studio',
    'words',
  ],
  // The page that works for a program: what both halves say to each other lies in `batch-api`.
  batch: [...WORDS, ...PAGE, 'gpu', 'studio', 'words'],
  server: ['errors', 'live', 'batch', 'offline'],
  index: [...WORDS, ...PAGE, 'element'],
  workers: [...WORDS, ...PAGE, 'error-transfer', 'gpu'],
};

/**
 * Files that belong to no room: they open the pages.
 * @type {readonly string[]}
 */
const ENTRIES = ['src/studio/shell/main.ts'];

/**
 * The addresses that a file imports, as they are written, of values and of types.
 * @param {string} text
 * @returns {string[]}
 */
export function importsOf(text) {
  const code = text.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
  const pattern =
    /\b(?:import|export)\s+(?:type\s+)?[\w*{}\s,$]*?\bfrom\s*['"]([^'"]+)['"]|\bimport\s*\(?\s*['"]([^'"]+)['"]/g;
  return [...code.matchAll(pattern)].map((match) => match[1] ?? match[2] ?? '');
}

/**
 * The room of a file.
 * @param {string} path from the root, with slashes
 */
export function roomOf(path) {
  const [top, room, below] = path.split('/');
  if (top !== 'src') return top ?? '';
  return below === undefined ? (room ?? '').replace(/\.\w+$/, '') : (room ?? '');
}

/**
 * What is wrong with a house.
 * @param {ReadonlyMap<string, readonly string[]>} graph files, and the files that each imports; from the root
 * @param {Readonly<Record<string, readonly string[]>>} rooms
 * @returns {string[]} a line for each fault, in no more than one sentence
 */
export function faultsOf(graph, rooms = ROOMS) {
  /** @type {string[]} */
  const faults = [];
  for (const [file, imported] of graph) {
    if (ENTRIES.includes(file)) continue;
    const room = roomOf(file);
    const may = rooms[room];
    if (!may) faults.push(`${file}: the table of rooms does not know "${room}".`);
    for (const other of new Set(imported.map(roomOf)))
      if (may && other !== room && !may.includes(other))
        faults.push(`${file}: "${room}" may not import "${other}".`);
  }
  return [...faults, ...circlesOf(graph).map((circle) => `In a circle: ${circle.join(' → ')}.`)];
}

/**
 * Circles of imports, each once, its first file again at its end.
 * @param {ReadonlyMap<string, readonly string[]>} graph
 * @returns {string[][]}
 */
export function circlesOf(graph) {
  /** @type {string[][]} */
  const circles = [];
  const done = new Set();
  /** @type {string[]} */
  const path = [];
  /** @param {string} file */
  const walk = (file) => {
    const at = path.indexOf(file);
    if (at >= 0) circles.push([...path.slice(at), file]);
    if (at >= 0 || done.has(file)) return;
    path.push(file);
    for (const next of graph.get(file) ?? []) walk(next);
    path.pop();
    done.add(file);
  };
  for (const file of graph.keys()) walk(file);
  return circles;
}

/**
 * Reads the imports of all files below folders.
 * @param {string} root
 * @param {readonly string[]} folders
 * @returns {Map<string, string[]>}
 */
export function readGraph(root, folders) {
  const files = folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .map((name) => join(folder, name))
      .filter((name) => /\.(ts|mjs)$/.test(name) && statSync(join(root, name)).isFile()),
  );
  const known = new Set(files);
  return new Map(
    files.map((file) => {
      const found = importsOf(readFileSync(join(root, file), 'utf8'))
        .filter((address) => address.startsWith('.'))
        .map((address) => normalize(join(dirname(file), address)))
        .flatMap((path) => [path, `${path}.ts`, `${path}.mjs`].find((each) => known.has(each)) ?? []);
      return [slashed(file), found.map(slashed)];
    }),
  );
}

/** @param {string} path */
function slashed(path) {
  return path.split(sep).join('/');
}

if (process.argv[1] && relative(process.argv[1], import.meta.filename) === '') {
  const faults = faultsOf(readGraph(join(import.meta.dirname, '..'), ['src', 'workers']));
  for (const fault of faults) console.error(fault);
  process.exitCode = faults.length > 0 ? 1 : 0;
}
