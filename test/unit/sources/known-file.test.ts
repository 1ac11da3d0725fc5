import { openAsBlob } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { topBoxes } from '../../../src/sources/recording/clock/boxes';
import { KnownFile } from '../../../src/sources/recording/clock/known-file';
import { MemoryFile } from '../../../src/sources/recording/clock/memory-file';

const SIZES = [0, 10, 5000, 69_632, 69_633, 200_000];

const bytesOf = (size: number): Uint8Array<ArrayBuffer> =>
  Uint8Array.from({ length: size }, (_, i) => i * 7 + size);

async function sameBytes(known: Blob, size: number): Promise<void> {
  const bytes = bytesOf(size);
  expect(known.size).toBe(size);
  for (const [from, to] of [
    [0, 4096],
    [Math.max(0, size - 65_536), size],
    [Math.floor(size / 2), Math.floor(size / 2) + 100],
    [0, size],
  ] as const)
    expect(new Uint8Array(await known.slice(from, to).arrayBuffer())).toEqual(bytes.slice(from, to));
}

afterEach(() => vi.restoreAllMocks());

describe('beginning and end of several files', () => {
  test('are fetched in one question, whatever their sizes', async () => {
    const files = SIZES.map((size) => new Blob([bytesOf(size)]));
    const asked = vi.spyOn(Blob.prototype, 'arrayBuffer');
    const known = await KnownFile.ofEach(files);
    expect(asked).toHaveBeenCalledTimes(1);
    for (const file of known) {
      await file!.slice(0, 100).arrayBuffer();
      await file!.slice(-100).arrayBuffer();
    }
    expect(asked).toHaveBeenCalledTimes(1);
    for (const [i, size] of SIZES.entries()) await sameBytes(known[i]!, size);
  });

  test('are all that is asked for where boxes are looked for whose index lies behind', async () => {
    const box = (type: string, size: number): Uint8Array<ArrayBuffer> => {
      const bytes = new Uint8Array(size);
      new DataView(bytes.buffer).setUint32(0, size);
      bytes.set(new TextEncoder().encode(type), 4);
      return bytes;
    };
    const file = new Blob([box('ftyp', 32), box('mdat', 200_000), box('moov', 3000)]);
    const [known] = await KnownFile.ofEach([file]);
    const asked = vi.spyOn(Blob.prototype, 'arrayBuffer');
    expect((await topBoxes(known!)).map(({ type }) => type)).toEqual(['ftyp', 'mdat', 'moov']);
    expect(asked).not.toHaveBeenCalled();
  });

  test('one that is gone is null, the others are read', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'known-file-'));
    const path = join(folder, 'gone.bin');
    await writeFile(path, bytesOf(9000));
    const gone = await openAsBlob(path);
    await rm(folder, { recursive: true });
    const known = await KnownFile.ofEach([new Blob([bytesOf(10)]), gone, new Blob([bytesOf(200_000)])]);
    expect(known[1]).toBeNull();
    await sameBytes(known[0]!, 10);
    await sameBytes(known[2]!, 200_000);
  });

  test('of files that are read from elsewhere, each by itself', async () => {
    const known = await KnownFile.ofEach([new MemoryFile(bytesOf(5000)), new Blob([bytesOf(10)])]);
    await sameBytes(known[0]!, 5000);
    await sameBytes(known[1]!, 10);
  });
});
