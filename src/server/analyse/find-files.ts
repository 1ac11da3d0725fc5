/** The files that the arguments of `npm run analyse` name: each folder with all that lies in it, or single files. */
import { readdirSync, statSync } from 'node:fs';
import { basename, join, relative, resolve, sep } from 'node:path';
import { ConfigError } from '../config-error.ts';

/** Files of one command at most. */
const FILES_MAX = 50_000;

/** A file. */
export interface FoundFile {
  /** Below what was given, with slashes; the folder's own name first. */
  readonly path: string;
  /** Absolute path, or an address. */
  readonly at: string;
  /** What tells this content from another: size and time of its last change; empty for an address. */
  readonly stamp: string;
}

/** Files that are looked at together, as if they had been dropped on the page together. */
export type Heap = readonly FoundFile[];

const ADDRESS = /^https?:\/\//i;

/**
 * Finds them. A folder is a heap, all single files together are another, and so is each address.
 * @throws ConfigError for what is not there, or is too much
 */
export function findFiles(inputs: readonly string[]): readonly Heap[] {
  const single: FoundFile[] = [];
  const heaps: FoundFile[][] = [];
  for (const input of inputs) {
    if (ADDRESS.test(input)) heaps.push([addressed(input)]);
    else {
      const at = resolve(input);
      const stats = statSync(at, { throwIfNoEntry: false });
      if (!stats) throw new ConfigError(`There is no file or folder ${input}.`);
      if (stats.isDirectory()) heaps.push(filesIn(at));
      else single.push(found(at, basename(at)));
    }
  }
  if (single.length > 0) heaps.push(single);
  const count = heaps.reduce((sum, heap) => sum + heap.length, 0);
  if (count > FILES_MAX)
    throw new ConfigError(`These are ${count} files; one command takes ${FILES_MAX}. Name fewer folders.`);
  return heaps.filter((heap) => heap.length > 0);
}

function addressed(address: string): FoundFile {
  if (!URL.canParse(address)) throw new ConfigError(`${address} is no address.`);
  const last = new URL(address).pathname.split('/').at(-1) || 'recording';
  return { path: decoded(last), at: address, stamp: '' };
}

/** An escape that is none stays as it is. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text).replaceAll('/', '_');
  } catch {
    return text;
  }
}

function filesIn(folder: string): FoundFile[] {
  // Links are not followed: a circle of them has no end.
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const at = join(entry.parentPath, entry.name);
      return found(at, [basename(folder), ...relative(folder, at).split(sep)].join('/'));
    })
    .filter(({ path }) => !path.split('/').some((part) => part.startsWith('.')));
}

function found(at: string, path: string): FoundFile {
  const { size, mtimeMs } = statSync(at);
  return { path, at, stamp: `${size}-${Math.round(mtimeMs)}` };
}
