/** The page's side: a worker for one archive, ended with its answer or with the wish for it. */
import { proxy, releaseProxy, wrap } from 'comlink';
import { CarriagewayError } from '../../errors';
import type { PackedFolder, UnpackProgress } from './unpack-folder';
import type { UnpackApi } from './unpack-service';

/**
 * Unpacks an archive that is to be opened as a folder; null where it holds labels, or nothing that is opened.
 * @param beside whether a recording is open that labels could belong to
 * @param signal ends it and frees all that was unpacked; the promise then rejects with its reason
 * @throws CarriagewayError `archive-unreadable`
 */
export type Unpack = (
  archive: Blob,
  beside: boolean,
  told: UnpackProgress,
  signal: AbortSignal,
) => Promise<PackedFolder | null>;

/** Unpacks in a worker of its own. */
export const unpackInWorker: Unpack = async (archive, beside, told, signal) => {
  signal.throwIfAborted();
  const worker = new Worker(new URL('../../../workers/archive.worker.ts', import.meta.url), {
    type: 'module',
    name: 'archive',
  });
  const remote = wrap<UnpackApi>(worker);
  const over = new AbortController();
  const ended = new Promise<never>((_, reject) => {
    worker.addEventListener('error', (event) => {
      event.preventDefault();
      reject(new CarriagewayError('archive-unreadable', event.message));
    });
    signal.addEventListener('abort', () => reject(signal.reason), { signal: over.signal });
  });
  try {
    return await Promise.race([remote.unpack(archive, beside, proxy(told)), ended]);
  } finally {
    over.abort();
    remote[releaseProxy]();
    worker.terminate();
  }
};
