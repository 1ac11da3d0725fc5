/**
 * Where analyses are kept: the browser's own file system (OPFS), one file each, the oldest given up when they grow
 * beyond what the user was told.
 */
import { CarriagewayError } from '../errors';
import { storageError } from './file-target';

/** Bytes that all kept analyses may take together: some ten hours of driving. */
const KEPT_BYTES_MAX = 512e6;

const FOLDER = 'analyses';

/** One kept analysis. */
export interface KeptFile {
  readonly key: string;
  readonly bytes: number;
  /** Milliseconds since 1970. */
  readonly changed: number;
}

/** Not declared by TypeScript for every environment: a file that is written in place, in workers only. */
interface WorkerFileHandle extends FileSystemFileHandle {
  createSyncAccessHandle(): Promise<SyncFile>;
}

/** A file open for writing in place. */
export interface SyncFile {
  read(buffer: Uint8Array<ArrayBuffer>, options: { at: number }): number;
  write(buffer: Uint8Array<ArrayBuffer>, options: { at: number }): number;
  truncate(size: number): void;
  getSize(): number;
  flush(): void;
  close(): void;
}

async function folder(): Promise<FileSystemDirectoryHandle> {
  const root = await navigator.storage.getDirectory();
  return root.getDirectoryHandle(FOLDER, { create: true });
}

/**
 * Opens the file of an analysis for writing; in workers only.
 * @throws CarriagewayError `analysis-failed` when another tab writes the same one, or the browser refuses; `storage-full`, `storage-refused`
 */
export async function openKept(key: string): Promise<SyncFile> {
  try {
    const handle = await (await folder()).getFileHandle(`${key}.jsonl`, { create: true });
    return await (handle as WorkerFileHandle).createSyncAccessHandle();
  } catch (cause) {
    throw notOpened(cause);
  }
}

/** Why a file could not be opened for writing. */
export function notOpened(cause: unknown): CarriagewayError {
  const known = storageError(cause);
  if (known instanceof CarriagewayError) return known;
  const { name, message } = cause instanceof Error ? cause : { name: '', message: String(cause) };
  // File System, "createSyncAccessHandle": somebody else holds the lock of this file.
  const locked = name === 'NoModificationAllowedError';
  const why = locked ? 'another tab is analysing this recording' : `the browser's own store: ${message}`;
  return new CarriagewayError('analysis-failed', why, { cause });
}

/** What is kept under a key; null when nothing is. */
export async function readKept(key: string): Promise<Uint8Array | null> {
  try {
    const handle = await (await folder()).getFileHandle(`${key}.jsonl`);
    return new Uint8Array(await (await handle.getFile()).arrayBuffer());
  } catch {
    return null;
  }
}

/** All kept analyses, the oldest first. */
export async function listKept(): Promise<KeptFile[]> {
  const kept: KeptFile[] = [];
  for await (const [name, handle] of (await folder()).entries()) {
    if (handle.kind !== 'file' || !name.endsWith('.jsonl')) continue;
    const file = await (handle as FileSystemFileHandle).getFile();
    kept.push({ key: name.slice(0, -6), bytes: file.size, changed: file.lastModified });
  }
  return kept.sort((a, b) => a.changed - b.changed);
}

/** Gives kept analyses up, except those that are being written. */
export async function deleteKept(keys: readonly string[]): Promise<void> {
  const from = await folder();
  for (const key of keys) await from.removeEntry(`${key}.jsonl`).catch(() => {});
}

/** Which to give up so that all fit into `limit` bytes: the oldest first, never `spared`. */
export function overflow(kept: readonly KeptFile[], spared: string, limit = KEPT_BYTES_MAX): string[] {
  let bytes = kept.reduce((sum, file) => sum + file.bytes, 0);
  const given: string[] = [];
  for (const file of kept.toSorted((a, b) => a.changed - b.changed)) {
    if (bytes <= limit) break;
    if (file.key === spared) continue;
    bytes -= file.bytes;
    given.push(file.key);
  }
  return given;
}
