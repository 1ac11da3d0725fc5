/** The library as a stranger gets it: packed, and installed into an empty folder. */
import { execFile } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join, normalize } from 'node:path';
import { promisify } from 'node:util';
import { ROOT, stampOf } from '../../src/server/prepare.mjs';

const run = promisify(execFile);

/** What the package is made of. */
const INPUTS = [
  ...['package.json', 'package-lock.json', 'tsconfig.json', 'vite.config.ts', 'LICENSE', 'models', 'src'],
  ...['workers', 'test/fakes'],
];

/** Says what the package in `package/` was made of. */
const STAMP = join(ROOT, 'node_modules', '.cache', 'carriageway-package-stamp');

/** Builds the package where what is there was made of something else. */
async function ensurePackage(): Promise<void> {
  const stamp = stampOf(ROOT, INPUTS);
  const built = existsSync(join(ROOT, 'package', 'package.json')) && existsSync(STAMP);
  if (built && readFileSync(STAMP, 'utf8') === stamp) return;
  await run(process.execPath, ['src/server/package/make-package.mjs'], { cwd: ROOT });
  writeFileSync(STAMP, stamp);
}

/** Types that browsers insist on. */
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
};

/** An empty folder with the library in it. */
export interface Installed extends AsyncDisposable {
  readonly folder: string;
  /** Bytes of the tarball. */
  readonly bytes: number;
  /** Runs a command in the folder; rejects when it fails. */
  run(command: string, ...args: string[]): Promise<string>;
  /** Lays an example's files into the folder. */
  example(name: string): Promise<void>;
  /** Puts packages of the house beside it, as if they had been installed. */
  borrow(...names: string[]): Promise<void>;
}

/** Packs and installs it, built before where it is stale. Nothing is fetched: the package depends on nothing. */
export async function installPacked(): Promise<Installed> {
  await ensurePackage();
  const folder = await mkdtemp(join(tmpdir(), 'carriageway-embedder-'));
  const inFolder = async (command: string, ...args: string[]) =>
    (await run(command, args, { cwd: folder, maxBuffer: 1 << 26 })).stdout;
  const packed = await run('npm', ['pack', join(ROOT, 'package'), '--pack-destination', folder, '--json'], {
    cwd: folder,
    maxBuffer: 1 << 26,
  });
  const answer: unknown = JSON.parse(packed.stdout);
  // npm 11 answers with a list, later ones with an object by name.
  const [first] = Array.isArray(answer) ? answer : Object.values(answer as object);
  const { filename, size } = first as { filename: string; size: number };
  await writeFile(join(folder, 'package.json'), '{ "private": true, "type": "module" }');
  await inFolder('npm', 'install', '--no-audit', '--no-fund', '--offline', join(folder, filename));
  return {
    folder,
    bytes: size,
    run: inFolder,
    example: (name) => cp(join(ROOT, 'docs/examples', name), folder, { recursive: true }),
    borrow: async (...names) => {
      for (const name of names)
        await symlink(join(ROOT, 'node_modules', name), join(folder, 'node_modules', name), 'dir');
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

/** A plain server of a folder. */
export interface PlainServer extends AsyncDisposable {
  readonly url: string;
}

/** How a folder is served: see `servePlainly`. */
export interface PlainOptions {
  readonly isolated?: boolean;
  readonly fallback?: boolean;
  readonly policy?: string;
}

/**
 * Serves a folder.
 * @param isolated whether pages are cross-origin isolated, as threads of WebAssembly need it
 * @param policy a content security policy for all answers
 * @param fallback whether an address without a file is answered by the page, as servers of single-page apps do
 */
export async function servePlainly(
  folder: string,
  { isolated = true, fallback = false, policy }: PlainOptions = {},
): Promise<PlainServer> {
  await mkdir(folder, { recursive: true });
  const server = createServer((request, response) => {
    const path = normalize(new URL(request.url ?? '/', 'http://localhost').pathname);
    // Browsers ask for it by themselves; that there is none is no news.
    if (path === '/favicon.ico') {
      response.writeHead(204).end();
      return;
    }
    const file = join(folder, path.endsWith('/') ? `${path}index.html` : path);
    const read = fallback ? readFile(file).catch(() => readFile(join(folder, 'index.html'))) : readFile(file);
    read.then(
      (content) => {
        const there = !fallback || existsSync(file);
        response.writeHead(200, {
          'Content-Type': there ? (TYPES[extname(file)] ?? 'application/octet-stream') : 'text/html',
          ...(policy ? { 'Content-Security-Policy': policy } : {}),
          ...(isolated
            ? {
                'Cross-Origin-Opener-Policy': 'same-origin',
                'Cross-Origin-Embedder-Policy': 'require-corp',
              }
            : {}),
        });
        response.end(content);
      },
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
