/** Where an export goes: a file of the user's, or of the browser's own store, written as a stream. */
import { CarriagewayError } from '../errors';

/**
 * Runs `write` on a stream into the file. Only when it succeeds does the file change; otherwise what was there before
 * stays, and nothing half written is left.
 * @throws CarriagewayError `storage-full` when the disk or the browser's store is full, `storage-refused` when it may
 *   not be used; whatever `write` throws
 */
export async function writeInto<T>(
  target: FileSystemFileHandle,
  write: (stream: FileSystemWritableFileStream) => Promise<T>,
): Promise<T> {
  const stream = await target.createWritable();
  try {
    const result = await write(stream);
    await stream.close();
    return result;
  } catch (thrown) {
    await stream.abort().catch(() => {});
    throw storageError(thrown);
  }
}

/** Gives a full disk, and a browser whose settings forbid the page to keep anything, their own codes. */
export function storageError(thrown: unknown): unknown {
  let cause: unknown = thrown;
  while (cause instanceof Error) {
    if (cause.name === 'QuotaExceededError')
      return new CarriagewayError('storage-full', '', { cause: thrown });
    // Storage, "obtain a local storage bottle map": what the settings forbid is a SecurityError.
    if (cause.name === 'SecurityError') return new CarriagewayError('storage-refused', '', { cause: thrown });
    cause = cause.cause;
  }
  return thrown;
}
