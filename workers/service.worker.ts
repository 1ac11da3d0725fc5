/**
 * Entry of the service worker: a classic script, which every browser takes. The list of the build's files stands before
 * it (`src/server/offline.ts`). The work is in `src/offline`.
 */
import { keepShared, SHARE_PATH } from '../src/offline/handed-files';
import { type BuildList, Shell } from '../src/offline/shell';

/** What of a service worker's scope is used; TypeScript has it in a library of its own, which knows no windows. */
interface Scope {
  readonly caches: CacheStorage;
  readonly location: Location;
  readonly BUILD: BuildList;
  readonly registration: ServiceWorkerRegistration;
  readonly clients: {
    claim(): Promise<void>;
    matchAll(of: {
      readonly type: 'window';
      readonly includeUncontrolled: boolean;
    }): Promise<readonly object[]>;
  };
  skipWaiting(): Promise<void>;
  addEventListener<K extends keyof ScopeEvents>(type: K, listener: (event: ScopeEvents[K]) => void): void;
}

interface Extendable {
  waitUntil(work: Promise<unknown>): void;
}

interface ScopeEvents {
  readonly install: Extendable;
  readonly activate: Extendable;
  readonly message: Extendable & { readonly data: unknown };
  readonly fetch: Extendable & {
    readonly request: Request;
    respondWith(response: Promise<Response>): void;
  };
}

const scope = globalThis as unknown as Scope;

const shell = new Shell(scope.BUILD, {
  caches: scope.caches,
  fetch: (request, init) => fetch(request, init),
  windows: async () => (await scope.clients.matchAll({ type: 'window', includeUncontrolled: true })).length,
  giveUp: () => scope.registration.unregister(),
});

scope.addEventListener('install', (event) => event.waitUntil(shell.install()));

scope.addEventListener('activate', (event) =>
  event.waitUntil(shell.sweep().then(() => scope.clients.claim())),
);

scope.addEventListener('message', (event) => {
  if (event.data === 'take-over') event.waitUntil(scope.skipWaiting());
  else if (event.data === 'keep-used') event.waitUntil(shell.mend().then(() => shell.keepUsed()));
});

scope.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== scope.location.origin) return;
  if (request.method === 'POST' && url.pathname === SHARE_PATH)
    return event.respondWith(keepShared(request, scope.caches));
  const answer = shell.answer(request);
  if (answer) event.respondWith(answer);
});
