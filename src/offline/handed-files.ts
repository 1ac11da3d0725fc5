/**
 * Files that the system hands to the installed page: opened with it, or shared with it from another program. What is
 * shared arrives as a request at the service worker, which lays it aside for the page that is opened then.
 */

/** Where shared files lie until a page takes them. */
const STORE = 'carriageway-shared';

/** Address that shares are sent to, as the web manifest says. */
export const SHARE_PATH = '/share';

/** The page that takes what was shared, and the one that says it was too much. */
const TAKES = '/?source=file&shared=files';
const REFUSES = '/?source=file&shared=too-large';

/** Field of a share's form that the files are in. */
const FIELD = 'files';

/** Most files and bytes of one share: the browser keeps a copy of them. */
const FILES_MAX = 20;
const BYTES_MAX = 2 * 1024 ** 3;

/** Name of a kept file, which its response carries: names may hold what headers must not. */
const NAME_HEADER = 'x-carriageway-name';

/**
 * Lays the files of a share aside.
 * @returns the redirect to the page that takes them
 */
export async function keepShared(request: Request, caches: CacheStorage): Promise<Response> {
  const form = await request.formData().catch(() => new FormData());
  const files = form.getAll(FIELD).filter((each) => each instanceof File);
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  if (files.length > FILES_MAX || bytes > BYTES_MAX) return seeOther(REFUSES);
  // What an earlier share left behind is nobody's any more.
  await caches.delete(STORE);
  const cache = await caches.open(STORE);
  try {
    for (const [i, file] of files.entries()) {
      const headers = { [NAME_HEADER]: encodeURIComponent(file.name), 'content-type': file.type };
      await cache.put(`/.shared/${i}`, new Response(file, { headers }));
    }
  } catch {
    await caches.delete(STORE);
    return seeOther(REFUSES);
  }
  return seeOther(TAKES);
}

/** Takes what was shared; it is gone from the store then. Empty where nothing was. */
export async function takeShared(caches: CacheStorage): Promise<readonly File[]> {
  const cache = await caches.open(STORE);
  const files: File[] = [];
  for (const key of await cache.keys()) {
    const response = await cache.match(key);
    const name = decodeURIComponent(response?.headers.get(NAME_HEADER) ?? '');
    if (response && name)
      files.push(
        new File([await response.blob()], name, { type: response.headers.get('content-type') ?? '' }),
      );
  }
  await caches.delete(STORE);
  return files;
}

/** What a launched page is given (Web App Launch Handler); not in every browser, nor in TypeScript's DOM. */
interface LaunchQueue {
  setConsumer(consumer: (launch: { readonly files?: readonly FileSystemFileHandle[] }) => void): void;
}

/** Who takes files, and is told of a share that was too large. */
export interface HandedTo {
  readonly files: (files: readonly File[]) => void;
  readonly tooLarge: () => void;
}

/**
 * Listens for files that the system hands to the page, now and later.
 * @param query of the page's address
 */
export function listenToHandedFiles(query: string, to: HandedTo): void {
  const queue = (globalThis as { readonly launchQueue?: LaunchQueue }).launchQueue;
  queue?.setConsumer(({ files = [] }) => {
    if (files.length > 0) void Promise.all(files.map((handle) => handle.getFile())).then(to.files, () => {});
  });
  const shared = new URLSearchParams(query).get('shared');
  if (shared === 'too-large') to.tooLarge();
  if (shared !== 'files' || !globalThis.caches) return;
  void takeShared(globalThis.caches).then(
    (files) => {
      if (files.length > 0) to.files(files);
    },
    () => {},
  );
}

/** Sends the browser on to a page of this origin, asked for anew. */
function seeOther(address: string): Response {
  return new Response(null, { status: 303, headers: { location: address } });
}
