/**
 * The types of the package, so that a stranger's compiler finds all of them without installing anything: what the
 * entries lead to and nothing else, types of bundled packages among it, every import a relative path with its ending.
 */
import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';

/** Where a declaration names another module. */
const SPECIFIER = /((?:\bfrom|\bimport)\s*\(?\s*|\bdeclare module\s+)(['"])([^'"\n]+)\2/g;

/** What stands for a script of that ending. */
const DECLARED = /** @type {const} */ ([
  ['.js', '.d.ts'],
  ['.mjs', '.d.mts'],
  ['.cjs', '.d.cts'],
]);

/**
 * The declaration of a script's path, with or without an ending; null where there is none.
 * @param {string} path
 */
function declarationAt(path) {
  const candidates = [
    path,
    ...DECLARED.flatMap(([script, types]) =>
      path.endsWith(script) ? [path.slice(0, -script.length) + types] : [],
    ),
    `${path}.d.ts`,
    join(path, 'index.d.ts'),
  ];
  return candidates.find((each) => /\.d\.[mc]?ts$/.test(each) && existsSync(each)) ?? null;
}

/**
 * What a map of exports says of a place; `types` within `import` goes first.
 * @param {unknown} target
 * @returns {string | null}
 */
function typesOf(target) {
  if (typeof target === 'string') return target;
  if (typeof target !== 'object' || target === null) return null;
  const conditions = /** @type {Record<string, unknown>} */ (target);
  const within = conditions.import;
  if (typeof within === 'object' && within !== null && 'types' in within) return typesOf(within);
  for (const name of ['import', 'types', 'default']) {
    const found = typesOf(conditions[name]);
    if (found) return found;
  }
  return null;
}

/**
 * The declaration of a package that is imported by its name; null where it has none.
 * @param {string} root
 * @param {string} specifier
 */
async function declarationOf(root, specifier) {
  const [, name = '', below = ''] = /^((?:@[^/]+\/)?[^/]+)(\/.*)?$/.exec(specifier) ?? [];
  const folder = join(root, 'node_modules', name);
  if (!existsSync(join(folder, 'package.json'))) return null;
  const { exports, types } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  const place = below ? `.${below}` : '.';
  const direct = typesOf(exports?.[place]);
  const own = below ? null : types;
  for (const found of [direct, own, below ? `.${below}` : null]) {
    const declared = found && declarationAt(join(folder, found));
    if (declared) return declared;
  }
  // Of a map that names scripts and types apart.
  const apart = exports?.[place]?.types;
  return typeof apart === 'string' ? declarationAt(join(folder, apart)) : null;
}

/**
 * Lays the types that the entries lead to into a folder.
 * @param {{ root: string, from: string, to: string, entries: readonly string[] }} what `from`: what the compiler wrote;
 *   `entries`: declarations in it
 * @throws {Error} where a module is named that has no types
 */
export async function layTypes({ root, from, to, entries }) {
  await rm(to, { recursive: true, force: true });
  const modules = join(root, 'node_modules');
  /** @param {string} path */
  const placeOf = (path) =>
    path.startsWith(from + sep)
      ? join(to, relative(from, path))
      : join(to, 'bundled', relative(modules, path));
  const waiting = entries.map((entry) => resolve(from, entry));
  const laid = new Set();
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (laid.has(path)) continue;
    laid.add(path);
    const place = placeOf(path);
    await mkdir(dirname(place), { recursive: true });
    const text = await readFile(path, 'utf8');
    /** @type {Map<string, string>} */
    const renamed = new Map();
    for (const [, , , specifier = ''] of text.matchAll(SPECIFIER)) {
      const found = specifier.startsWith('.')
        ? declarationAt(resolve(dirname(path), specifier))
        : await declarationOf(root, specifier);
      // A word in a comment, or a module that its own text declares.
      if (!found) continue;
      waiting.push(found);
      const address = relative(dirname(place), placeOf(found))
        .split(sep)
        .join('/')
        .replace(/\.d\.([mc]?)ts$/, '.$1js');
      renamed.set(specifier, address.startsWith('.') ? address : `./${address}`);
    }
    const changed = text.replace(SPECIFIER, (whole, before, quote, specifier) => {
      const address = renamed.get(specifier);
      return address === undefined ? whole : `${before}${quote}${address}${quote}`;
    });
    if (changed === text) await cp(path, place);
    else await writeFile(place, changed);
  }
}
