#!/usr/bin/env node
/**
 * `npm run api [FOLDER]`: pages of what the package exports, made from its docstrings; `docs/api` by default.
 * `npm run api -- --check` writes nothing and fails where a public symbol has no docstring.
 *
 * Public is what the entries export, and of exported classes each method and property that is not private.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { API, SymbolFlags } from 'typescript/unstable/sync';
import { ENTRIES } from './entries.mjs';

const ROOT = join(import.meta.dirname, '../../..');

/** How a type is written out in full. */
const IN_FULL = 1 | (1 << 23); // NoTruncation, InTypeAlias

/** @typedef {import('typescript/unstable/sync').Checker} Checker */
/** @typedef {import('typescript/unstable/sync').Symbol} PublicSymbol */
/** @typedef {{ kind: number, pos: number, end: number, getStart(): number, body?: { pos: number }, initializer?: { pos: number }, getSourceFile(): { text: string, fileName: string } }} Declaration */

/**
 * What is declared, without bodies and values.
 * @param {Declaration} node
 */
function declarationOf(node) {
  const { text } = node.getSourceFile();
  const end = node.body?.pos ?? node.initializer?.pos ?? node.end;
  return text
    .slice(node.getStart(), end)
    .replace(/\s*=\s*$/, '')
    .trim();
}

/**
 * The docstring of a symbol as Markdown; an empty text where there is none.
 * @param {PublicSymbol} symbol
 * @param {Checker} checker
 */
function docstringOf(symbol, checker) {
  const words = symbol.getDocumentationComment(checker).trim();
  const tags = symbol
    .getJsDocTags(checker)
    .filter(({ name }) => name !== 'public')
    .map(({ name, text }) => `*@${name}* ${text}`.trim().replaceAll('\n', ' '));
  return [words, ...tags].filter(Boolean).join('\n\n');
}

/**
 * The public members of a class.
 * @param {PublicSymbol} symbol
 */
function membersOf(symbol) {
  return [...symbol.getMembers().values()].flatMap((member) => {
    const node = /** @type {Declaration | undefined} */ (member.declarations[0]?.resolve());
    if (!node || member.name === '__constructor') return [];
    const written = declarationOf(node);
    const hidden = /^(declare\s+)?private\b|^#/.test(written) || member.name.includes('#');
    return hidden ? [] : [{ member, written }];
  });
}

/**
 * One symbol's part of a page.
 * @param {PublicSymbol} symbol
 * @param {Checker} checker
 * @param {string[]} bare where names without a docstring are collected
 */
function sectionOf(symbol, checker, bare) {
  const node = /** @type {Declaration | undefined} */ (symbol.declarations[0]?.resolve());
  if (!node) return `## ${symbol.name}\n`;
  const words = docstringOf(symbol, checker);
  const where = relative(ROOT, node.getSourceFile().fileName);
  if (!words) bare.push(`${symbol.name} (${where})`);
  const parts = [`## ${symbol.name}`, words];
  if (symbol.flags & SymbolFlags.Class) {
    for (const { member, written } of membersOf(symbol)) {
      const said = docstringOf(member, checker);
      if (!said && !/^override\b|^static override\b|^\[Symbol\./.test(written))
        bare.push(`${symbol.name}.${member.name} (${where})`);
      parts.push(`\`\`\`ts\n${written}\n\`\`\``, said);
    }
  } else if (symbol.flags & SymbolFlags.TypeAlias && /\bz\./.test(declarationOf(node))) {
    const type = checker.getDeclaredTypeOfSymbol(symbol);
    for (const field of checker.getPropertiesOfType(type)) {
      const kind = checker.getTypeOfSymbol(field);
      const written = kind ? checker.typeToString(kind, undefined, IN_FULL) : 'unknown';
      parts.push(`\`${field.name}\`: \`${written}\`  \n${docstringOf(field, checker)}`);
    }
  } else if (symbol.flags & SymbolFlags.TypeAlias && /\btypeof /.test(declarationOf(node))) {
    const type = checker.typeToString(checker.getDeclaredTypeOfSymbol(symbol), undefined, IN_FULL);
    parts.push(`\`\`\`ts\ntype ${symbol.name} = ${type}\n\`\`\``);
  } else if (symbol.flags & SymbolFlags.Variable) {
    const type = checker.getTypeOfSymbol(symbol);
    parts.push(
      `\`\`\`ts\nconst ${symbol.name}: ${type ? checker.typeToString(type, undefined, 1) : 'unknown'}\n\`\`\``,
    );
  } else parts.push(`\`\`\`ts\n${declarationOf(node).replace(/^export /, '')}\n\`\`\``);
  return `${parts.filter(Boolean).join('\n\n')}\n`;
}

/**
 * The pages, by the name of their entry, and what has no docstring.
 * @returns {{ pages: Record<string, string>, bare: string[] }}
 */
function readPages() {
  const api = new API({ cwd: ROOT });
  try {
    const config = join(ROOT, 'tsconfig.json');
    const project = api.updateSnapshot({ openProjects: [config] }).getProject(config);
    if (!project) throw new Error('tsconfig.json could not be opened.');
    const { program, checker } = project;
    /** @type {string[]} */
    const bare = [];
    /** @type {Record<string, string>} */
    const pages = {};
    for (const [name, path] of Object.entries(ENTRIES)) {
      const file = program.getSourceFile(join(ROOT, path));
      const module = file && checker.getSymbolAtLocation(file);
      if (!module) throw new Error(`${path} exports nothing.`);
      const symbols = checker
        .getExportsOfModule(module)
        .map((symbol) => (symbol.flags & SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol))
        .sort((a, b) => a.name.localeCompare(b.name, 'en'));
      const sections = symbols.map((symbol) => sectionOf(symbol, checker, bare));
      pages[name] =
        `# carriageway${name === 'index' ? '' : `/${name}`}\nMade from the docstrings by \`npm run api\`.\n\n${sections.join('\n')}`;
    }
    return { pages, bare: [...new Set(bare)] };
  } finally {
    api.close();
  }
}

/**
 * Writes the pages into a folder.
 * @param {string} folder
 */
export async function writeApiPages(folder) {
  const { pages } = readPages();
  await mkdir(folder, { recursive: true });
  for (const [name, text] of Object.entries(pages)) await writeFile(join(folder, `${name}.md`), text);
  return Object.keys(pages);
}

if (process.argv[1] === import.meta.filename) {
  if (process.argv.includes('--check')) {
    const { bare } = readPages();
    for (const name of bare) console.error(`No docstring: ${name}`);
    process.exitCode = bare.length > 0 ? 1 : 0;
  } else {
    const folder = process.argv[2] ?? join(ROOT, 'docs/api');
    console.log(`${(await writeApiPages(folder)).join(', ')} are described in ${folder}.`);
  }
}
