/** The page's side of its service worker: has the page kept for visits without a server, and hears of new versions. */

/** How far the page is kept: `kept` is whole; `refused` by the browser or its user; `absent` where there is no way. */
export type OfflineState = 'not yet' | 'keeping' | 'kept' | 'refused' | 'absent';

/** What is told to the page. */
export interface OfflineListener {
  readonly state: (state: OfflineState) => void;
  /** A new version is there. @param take has it take over and loads the page anew; never called by itself */
  readonly renewed: (take: () => void) => void;
}

/** Address of the worker: at the root, or it would not see the page. */
const WORKER = '/service-worker.js';

/** Pages stay open for days: they ask for a new version when they are looked at again, at most this often. */
const ASK_AGAIN_MS = 3_600_000;

/**
 * Has the page kept. Never throws: without it everything works as long as there is a server.
 * @param container undefined in browsers, windows and addresses that have no service workers
 * @param reload loads the page anew
 */
export async function keepOffline(
  container: ServiceWorkerContainer | undefined,
  listener: OfflineListener,
  reload: () => void,
): Promise<void> {
  if (!container) return listener.state('absent');
  listener.state('keeping');
  try {
    const registration = await container.register(WORKER, { updateViaCache: 'none' });
    follow(registration, container, listener, reload);
    await kept(registration);
    registration.active?.postMessage('keep-used');
    listener.state('kept');
  } catch {
    listener.state('refused');
  }
}

/** Resolves when a version is kept; rejects when the first one cannot be. */
function kept(registration: ServiceWorkerRegistration): Promise<void> {
  const worker = registration.active ?? registration.waiting ?? registration.installing;
  return new Promise((resolve, reject) => {
    const look = () => {
      if (registration.active) resolve();
      else if (!worker || worker.state === 'redundant') reject(new Error('The page could not be kept.'));
    };
    worker?.addEventListener('statechange', look);
    look();
  });
}

function follow(
  registration: ServiceWorkerRegistration,
  container: ServiceWorkerContainer,
  { renewed }: OfflineListener,
  reload: () => void,
): void {
  const tell = (worker: ServiceWorker | null) => {
    // The first one of all replaces nothing.
    if (worker?.state !== 'installed' || !registration.active) return;
    renewed(() => {
      container.addEventListener('controllerchange', reload, { once: true });
      worker.postMessage('take-over');
    });
  };
  tell(registration.waiting);
  registration.addEventListener('updatefound', () => {
    const worker = registration.installing;
    worker?.addEventListener('statechange', () => tell(worker));
  });
  let asked = performance.now();
  document.addEventListener('visibilitychange', () => {
    if (document.hidden || performance.now() - asked < ASK_AGAIN_MS) return;
    asked = performance.now();
    void registration.update().catch(() => {});
  });
}
