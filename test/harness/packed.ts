/** The library as a stranger gets it: packed, and installed into an empty folder. */
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join, normalize } from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from '../../src/server/prepare.mjs';

const run = promisify(execFile);

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
}

/** Builds, packs and installs it. Nothing is fetched: the package depends on nothing. */
export async function installPacked(): Promise<Installed> {
  await run(process.execPath, ['src/server/package/make-package.mjs'], { cwd: ROOT });
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
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

/** A plain server of a folder. */
export interface PlainServer extends AsyncDisposable {
  readonly url: string;
}

/** @param isolated whether pages are cross-origin isolated, as threads of WebAssembly need it */
export async function servePlainly(folder: string, isolated: boolean): Promise<PlainServer> {
  await mkdir(folder, { recursive: true });
  const server = createServer((request, response) => {
    const path = normalize(new URL(request.url ?? '/', 'http://localhost').pathname);
    // Browsers ask for it by themselves; that there is none is no news.
    if (path === '/favicon.ico') {
      response.writeHead(204).end();
      return;
    }
    const file = join(folder, path.endsWith('/') ? `${path}index.html` : path);
    readFile(file).then(
      (content) => {
        response.writeHead(200, {
          'Content-Type': TYPES[extname(file)] ?? 'application/octet-stream',
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
