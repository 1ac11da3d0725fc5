/** A job's worker on a disk that is full after so many writes; each further one is refused as its browser would. */
import { expose } from 'comlink';
import { JobService } from '../../../src/jobs/job-service';
import type { SyncFile } from '../../../src/jobs/result-store';

// Workers alone have it, and the types are those of pages.
const { prototype } = (globalThis as unknown as { FileSystemSyncAccessHandle: { prototype: SyncFile } })
  .FileSystemSyncAccessHandle;
const { write } = prototype;
let left = Number.POSITIVE_INFINITY;
let short = false;

prototype.write = function (this: SyncFile, bytes, options) {
  if (left-- > 0) return write.call(this, bytes, options);
  if (!short) throw new DOMException('no room', 'QuotaExceededError');
  // What still fitted is there: half a line.
  return write.call(this, bytes.subarray(0, bytes.length >> 1), options);
};

class FullDisk extends JobService {
  /** @param cut whether the last write is cut short; else it is refused with an exception */
  fillAfter(writes: number, cut: boolean): void {
    left = writes;
    short = cut;
  }
}

export type FullDiskWorker = FullDisk;

expose(new FullDisk());
