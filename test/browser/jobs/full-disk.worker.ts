/** A job's worker on a disk that is full after so many writes; each further one is refused as its browser would. */
import { expose } from 'comlink';
import { JobService } from '../../../src/jobs/job-service';

const { write } = FileSystemSyncAccessHandle.prototype;
let left = Number.POSITIVE_INFINITY;
let short = false;

FileSystemSyncAccessHandle.prototype.write = function (bytes, options) {
  if (left-- > 0) return write.call(this, bytes, options);
  if (!short) throw new DOMException('no room', 'QuotaExceededError');
  // What still fitted is there: half a line.
  const half = new Uint8Array(bytes as ArrayBuffer).subarray(0, bytes.byteLength >> 1);
  return write.call(this, half, options);
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
