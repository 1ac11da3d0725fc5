/** Where an export is written: a file the user picked where the browser offers that, else a download. */
import { storageError } from '../../jobs/file-target';

/** A place for one export. */
export interface ExportTarget {
  readonly handle: FileSystemFileHandle;
  /** To be called when the file is written: hands it to the user if it is not where they wanted it already. */
  finish(): Promise<void>;
  /** To be called when it was not written. */
  discard(): Promise<void>;
}

/** Kinds of files that are exported. */
export interface ExportFileType {
  readonly extension: string;
  readonly mime: string;
  readonly description: string;
}

/**
 * Asks for a place.
 * @returns null when the user thought better of it
 */
export type PickTarget = (name: string, type: ExportFileType) => Promise<ExportTarget | null>;

/** Of the File System Access API, as far as it is used. TypeScript does not declare it: two browsers lack it. */
type SavePicker = (options: {
  readonly suggestedName: string;
  readonly types: readonly {
    readonly description: string;
    readonly accept: Readonly<Record<string, readonly string[]>>;
  }[];
}) => Promise<FileSystemFileHandle>;

/** Folder in the browser's own file system where downloads wait, in a folder of its own for each page that is open. */
const FOLDER = 'exports';

/** Name of this page's folder. */
const OWN = crypto.randomUUID();

/** A page holds the lock of its folder for as long as it lives: what it writes is nobody else's to delete. */
const lockOf = (folder: string): string => `exports-${folder}`;

let held: Promise<void> | null = null;

/** Resolves when this page's folder is its own. */
function holdOwn(): Promise<void> {
  held ??= new Promise((resolve, reject) => {
    const forever = (): Promise<never> => {
      resolve();
      return new Promise(() => {});
    };
    navigator.locks.request(lockOf(OWN), forever).catch(reject);
  });
  return held;
}

/** Milliseconds after which a downloaded file's copy is deleted: the browser has read all of it long before. */
const KEEP = 10 * 60_000;

/** The browser's way: a save dialog where there is one, else a file of the page's own that is then downloaded. */
export const pickTarget: PickTarget = async (name, type) => {
  const picker = (globalThis as { showSaveFilePicker?: SavePicker }).showSaveFilePicker;
  if (!picker) return downloadTarget(name);
  try {
    const handle = await picker({
      suggestedName: name,
      types: [{ description: type.description, accept: { [type.mime]: [`.${type.extension}`] } }],
    });
    return { handle, finish: async () => {}, discard: async () => {} };
  } catch (thrown) {
    if (thrown instanceof DOMException && thrown.name === 'AbortError') return null;
    throw thrown;
  }
};

/**
 * A file of the page's own that nobody downloads: gone when it is discarded, or with the next visit.
 * @throws CarriagewayError `storage-refused`
 */
export async function scratch(name: string): Promise<ExportTarget> {
  const root = await navigator.storage.getDirectory().catch((cause: unknown) => {
    throw storageError(cause);
  });
  await holdOwn();
  const exports = await root.getDirectoryHandle(FOLDER, { create: true });
  const folder = await exports.getDirectoryHandle(OWN, { create: true });
  const own = `${crypto.randomUUID()}-${name}`;
  const handle = await folder.getFileHandle(own, { create: true });
  return { handle, finish: async () => {}, discard: () => folder.removeEntry(own).catch(() => {}) };
}

async function downloadTarget(name: string): Promise<ExportTarget> {
  const { handle, discard } = await scratch(name);
  return {
    handle,
    discard,
    async finish() {
      const url = URL.createObjectURL(await handle.getFile());
      const link = document.createElement('a');
      link.href = url;
      link.download = name;
      link.click();
      setTimeout(() => {
        URL.revokeObjectURL(url);
        void discard();
      }, KEEP);
    },
  };
}

/** Deletes what earlier visits left behind: a closed tab has no timer. What other tabs write at the moment stays. */
export async function sweepExports(): Promise<void> {
  const root = await navigator.storage.getDirectory();
  const exports = await root.getDirectoryHandle(FOLDER, { create: true });
  const names: string[] = [];
  for await (const name of exports.keys()) names.push(name);
  for (const name of names)
    await navigator.locks.request(lockOf(name), { ifAvailable: true }, async (lock) => {
      if (lock) await exports.removeEntry(name, { recursive: true }).catch(() => {});
    });
}
