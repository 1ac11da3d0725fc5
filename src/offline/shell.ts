/**
 * The page kept on the machine, as its service worker does it: all of one build's scripts, styles and pictures (the
 * shell) when it is installed, runtimes once they were used. A build is kept whole or not at all, and served from the
 * kept files first, so that what runs is always of one version. Networks are kept by the page itself (`ModelCache`).
 */

/** The files of a build, by their address from the root. */
export interface BuildList {
  /** Tells builds apart. */
  readonly version: string;
  /** What every visit needs: address and SHA-256 in hexadecimal. */
  readonly shell: Readonly<Record<string, string>>;
  /** What one or the other visit needs, and is large. */
  readonly runtime: readonly string[];
}

/** What the worker needs of its scope. */
export interface ShellWorld {
  readonly caches: CacheStorage;
  readonly fetch: (request: Request | string, init?: RequestInit) => Promise<Response>;
  /** Windows of this origin that are open. */
  readonly windows: () => Promise<number>;
  /** Gives up this worker: the next visit asks the server for everything. */
  readonly giveUp: () => Promise<unknown>;
}

const SHELL = 'carriageway-shell-';
const RUNTIME = 'carriageway-runtime-1';

/** The page itself. */
const PAGE = '/';

/** What is kept under an address is that, whatever a request or a server says of encodings. */
const ANY: CacheQueryOptions = { ignoreVary: true };

/** Files that are fetched at a time while a build is kept: the picture should not wait for them. */
const AT_A_TIME = 3;

/** Keeps one build. */
export class Shell {
  readonly #name: string;

  constructor(
    private readonly list: BuildList,
    private readonly world: ShellWorld,
  ) {
    this.#name = SHELL + list.version;
  }

  /**
   * Keeps the whole build.
   * @throws when a file cannot be had or is not the one of this build; nothing of it stays then
   */
  async install(): Promise<void> {
    const { caches } = this.world;
    const cache = await caches.open(this.#name);
    const files = Object.keys(this.list.shell);
    try {
      const workers = Array.from({ length: AT_A_TIME }, async () => {
        for (let path = files.pop(); path !== undefined; path = files.pop())
          await cache.put(path, await this.#checked(path));
      });
      await Promise.all(workers);
    } catch (error) {
      await caches.delete(this.#name);
      throw error;
    }
  }

  /** Forgets older builds, but for those that another open window may still run. */
  async sweep(): Promise<void> {
    const { caches, windows } = this.world;
    if ((await windows()) > 1) return;
    for (const name of await caches.keys())
      if (name.startsWith(SHELL) && name !== this.#name) await caches.delete(name);
    const cache = await caches.open(RUNTIME);
    for (const { url } of await cache.keys())
      if (!this.list.runtime.includes(new URL(url).pathname)) await cache.delete(url);
  }

  /** Keeps again what was lost of the build; the page may have had it from the browser's memory, past this worker. */
  async mend(): Promise<void> {
    const cache = await this.world.caches.open(this.#name);
    for (const path of Object.keys(this.list.shell)) {
      if (await cache.match(path, ANY)) continue;
      // Not to be had any more: whoever asks for it is answered as `#file` says.
      await this.#checked(path).then(
        (response) => this.#keep(cache, path, response),
        () => {},
      );
    }
  }

  /** Keeps what runtimes this visit has used, as far as the browser still has them from loading the page. */
  async keepUsed(): Promise<void> {
    const cache = await this.world.caches.open(RUNTIME);
    for (const path of this.list.runtime) {
      if (await cache.match(path, ANY)) continue;
      try {
        const response = await this.world.fetch(path, { cache: 'only-if-cached', mode: 'same-origin' });
        if (response.ok) await cache.put(path, response);
      } catch {
        // Not there any more: it is kept when it is used the next time.
      }
    }
  }

  /** The answer to a request of the page; null where it is none of the worker's business. */
  answer(request: Request): Promise<Response> | null {
    if (request.method !== 'GET' || request.headers.has('range')) return null;
    const { pathname } = new URL(request.url);
    if (request.mode === 'navigate') return pathname === PAGE ? this.#page(request) : null;
    if (pathname in this.list.shell) return this.#file(pathname, request);
    return this.list.runtime.includes(pathname) ? this.#runtime(pathname, request) : null;
  }

  async #page(request: Request): Promise<Response> {
    void this.sweep();
    const cache = await this.world.caches.open(this.#name);
    return (await cache.match(PAGE, ANY)) ?? this.world.fetch(request);
  }

  /** A file of the shell. One that is gone from the store comes from the server and is kept again. */
  async #file(path: string, request: Request): Promise<Response> {
    const cache = await this.world.caches.open(this.#name);
    const kept = await cache.match(path, ANY);
    if (kept) return kept;
    const response = await this.world.fetch(request);
    // The server has another build by now, and this one is no longer whole: better none than half of one.
    if (response.status === 404)
      await Promise.all([this.world.caches.delete(this.#name), this.world.giveUp()]);
    else if (await isOf(this.list.shell[path]!, response)) await this.#keep(cache, path, response);
    return response;
  }

  async #runtime(path: string, request: Request): Promise<Response> {
    const cache = await this.world.caches.open(RUNTIME);
    const kept = await cache.match(path, ANY);
    if (kept) return kept;
    const response = await this.world.fetch(request);
    if (response.ok) await this.#keep(cache, path, response);
    return response;
  }

  /** Keeps a copy of a response; a store that is full costs the memory, never the visit. */
  async #keep(cache: Cache, path: string, response: Response): Promise<void> {
    await cache.put(path, response.clone()).catch(() => {});
  }

  /** A file of this build: from an older build's store, from the browser's own, or from the server. */
  async #checked(path: string): Promise<Response> {
    const wanted = this.list.shell[path]!;
    const older = await this.world.caches.match(path, ANY);
    if (older && (await isOf(wanted, older))) return older;
    for (const cache of ['no-cache', 'reload'] as const) {
      const response = await this.world.fetch(path, { cache });
      if (response.ok && (await isOf(wanted, response))) return response;
    }
    throw new Error(`${path} is not the file of build ${this.list.version}.`);
  }
}

/** Whether a response, which stays unread, has the bytes of a hash. */
async function isOf(sha256: string, response: Response): Promise<boolean> {
  const hash = await crypto.subtle.digest('SHA-256', await response.clone().arrayBuffer());
  return [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, '0')).join('') === sha256;
}
