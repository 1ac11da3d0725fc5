/** What happens to a file when an export ends well, fails, or finds no room. */
import { describe, expect, test } from 'vitest';
import { writeInto } from '../../../src/jobs/file-target';

/** A file that remembers how its stream ended. */
function fakeFile(full = false): { handle: FileSystemFileHandle; ended: string[] } {
  const ended: string[] = [];
  const stream = {
    write: async () => {
      if (full) throw new DOMException('no room', 'QuotaExceededError');
    },
    close: async () => void ended.push('closed'),
    abort: async () => void ended.push('aborted'),
  };
  return { handle: { createWritable: async () => stream } as unknown as FileSystemFileHandle, ended };
}

describe('a file', () => {
  test('is there when all was written', async () => {
    const { handle, ended } = fakeFile();
    expect(await writeInto(handle, async (stream) => stream.write('x').then(() => 7))).toBe(7);
    expect(ended).toEqual(['closed']);
  });

  test('stays as it was when writing fails', async () => {
    const { handle, ended } = fakeFile();
    await expect(writeInto(handle, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(ended).toEqual(['aborted']);
  });

  test('a full disk has its own sentence, however deep it was found', async () => {
    const { handle, ended } = fakeFile(true);
    await expect(writeInto(handle, (stream) => stream.write('x'))).rejects.toMatchObject({
      code: 'storage-full',
    });
    const wrapped = writeInto(handle, (stream) =>
      stream.write('x').catch((cause: unknown) => {
        throw new Error('could not write', { cause });
      }),
    );
    await expect(wrapped).rejects.toMatchObject({ code: 'storage-full' });
    expect(ended).toEqual(['aborted', 'aborted']);
  });
});
