import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { type BuildList, Shell, type ShellWorld } from '../../../src/offline/shell';

/** A store in memory, as far as it is used. */
class FakeCaches {
  readonly stores = new Map<string, Map<string, Response>>();
  full = false;

  async open(name: string) {
    const store = this.stores.get(name) ?? new Map<string, Response>();
    this.stores.set(name, store);
    return {
      match: async (key: string) => store.get(pathOf(key))?.clone(),
      put: async (key: string, response: Response) => {
        if (this.full) throw new DOMException('full', 'QuotaExceededError');
        store.set(pathOf(key), response);
      },
      delete: async (key: string) => store.delete(pathOf(key)),
      keys: async () => [...store.keys()].map((path) => ({ url: `http://page.invalid${path}` })),
    };
  }

  async match(key: string) {
    for (const store of this.stores.values()) if (store.has(key)) return store.get(key)!.clone();
    return undefined;
  }

  delete = async (name: string) => this.stores.delete(name);
  keys = async () => [...this.stores.keys()];
}

const pathOf = (key: string): string => new URL(key, 'http://page.invalid').pathname;
const sha = (text: string): string => createHash('sha256').update(text).digest('hex');

const FILES: Readonly<Record<string, string>> = {
  '/': '<html>',
  '/assets/index-1.js': 'start()',
  '/assets/index-1.css': 'body {}',
};

/** A build of files, and a server that has them. */
function world(files = FILES, version = 'one') {
  const caches = new FakeCaches();
  const served = new Map(Object.entries(files));
  const asked: string[] = [];
  const state = { windows: 1, givenUp: false };
  const ports: ShellWorld = {
    caches: caches as unknown as CacheStorage,
    fetch: async (request) => {
      const path = pathOf(typeof request === 'string' ? request : request.url);
      asked.push(path);
      const text = served.get(path);
      return text === undefined ? new Response('', { status: 404 }) : new Response(text);
    },
    windows: async () => state.windows,
    giveUp: async () => {
      state.givenUp = true;
    },
  };
  const list: BuildList = {
    version,
    shell: Object.fromEntries(Object.entries(files).map(([path, text]) => [path, sha(text)])),
    runtime: ['/assets/engine-1.wasm'],
  };
  return { caches, served, asked, state, ports, list, shell: new Shell(list, ports) };
}

const request = (path: string, more: { mode?: string; method?: string; headers?: HeadersInit } = {}) =>
  ({
    url: `http://page.invalid${path}`,
    method: more.method ?? 'GET',
    mode: more.mode ?? 'cors',
    headers: new Headers(more.headers),
  }) as Request;

const text = async (answer: Promise<Response> | null) => (await answer)?.text();

test('a build that is kept needs no server, whatever the page’s address asks for', async () => {
  const { shell, served } = world();
  await shell.install();
  served.clear();
  expect(await text(shell.answer(request('/?seed=4#x', { mode: 'navigate' })))).toBe('<html>');
  expect(await text(shell.answer(request('/assets/index-1.js')))).toBe('start()');
});

test('what is no part of the build is left to the browser', () => {
  const { shell } = world();
  for (const other of [
    request('/models/pspnet-lite.json'),
    request('/live/tokens', { method: 'POST' }),
    request('/metrics', { mode: 'navigate' }),
    request('/assets/index-1.js', { headers: { range: 'bytes=0-1' } }),
  ])
    expect(shell.answer(other)).toBeNull();
});

test.each([
  ['is missing', (served: Map<string, string>) => void served.delete('/assets/index-1.css')],
  ['is of another build', (served: Map<string, string>) => void served.set('/', '<html lang>')],
  ['was cut', (served: Map<string, string>) => void served.set('/assets/index-1.js', 'sta')],
])('nothing of a build stays when one of its files %s', async (_, spoil) => {
  const { shell, served, caches } = world();
  spoil(served);
  await expect(shell.install()).rejects.toThrow('is not the file of build one');
  expect(await caches.keys()).toEqual([]);
});

test('nor when the store is full', async () => {
  const { shell, caches } = world();
  caches.full = true;
  await expect(shell.install()).rejects.toThrow('full');
  expect(await caches.keys()).toEqual([]);
});

test('files that did not change come from the older build, which goes once nobody runs it', async () => {
  const old = world();
  await old.shell.install();
  const files = { ...FILES, '/': '<html lang="en">', '/assets/index-2.js': 'start(2)' };
  const next = new Shell(world(files, 'two').list, old.ports);
  old.served.set('/', files['/']).set('/assets/index-2.js', files['/assets/index-2.js']);
  old.asked.length = 0;
  await next.install();
  expect(old.asked.sort()).toEqual(['/', '/assets/index-2.js']);
  old.state.windows = 2;
  await next.sweep();
  expect(await old.caches.keys()).toContain('carriageway-shell-one');
  old.state.windows = 1;
  await next.sweep();
  expect(await old.caches.keys()).not.toContain('carriageway-shell-one');
});

test('a file that was lost from the store comes from the server, and is kept again', async () => {
  const { shell, caches, asked } = world();
  await shell.install();
  caches.stores.get('carriageway-shell-one')!.delete('/assets/index-1.js');
  asked.length = 0;
  for (let i = 0; i < 2; i++) expect(await text(shell.answer(request('/assets/index-1.js')))).toBe('start()');
  expect(asked).toEqual(['/assets/index-1.js']);
});

test('what was lost is mended without being asked for; what is not to be had stays away', async () => {
  const { shell, caches, served } = world();
  await shell.install();
  const store = caches.stores.get('carriageway-shell-one')!;
  store.delete('/');
  store.delete('/assets/index-1.js');
  served.delete('/assets/index-1.js');
  await shell.mend();
  expect([...store.keys()].sort()).toEqual(['/', '/assets/index-1.css']);
});

test('a lost file that the server has no more ends the worker: the next visit is of the new build', async () => {
  const { shell, caches, served, state } = world();
  await shell.install();
  caches.stores.get('carriageway-shell-one')!.delete('/assets/index-1.js');
  served.delete('/assets/index-1.js');
  expect((await shell.answer(request('/assets/index-1.js')))?.status).toBe(404);
  expect(state.givenUp).toBe(true);
  expect(await caches.keys()).not.toContain('carriageway-shell-one');
});

test('runtimes are kept when they are used, and go when no build needs them', async () => {
  const { shell, served, asked, ports } = world();
  served.set('/assets/engine-1.wasm', 'wasm');
  for (let i = 0; i < 2; i++) expect(await text(shell.answer(request('/assets/engine-1.wasm')))).toBe('wasm');
  expect(asked).toEqual(['/assets/engine-1.wasm']);
  const next = new Shell({ version: 'two', shell: {}, runtime: ['/assets/engine-2.wasm'] }, ports);
  await next.sweep();
  expect(await (await ports.caches.open('carriageway-runtime-1')).keys()).toEqual([]);
});
