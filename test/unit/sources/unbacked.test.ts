/** Files of ours: pieces of them read as a browser's own would, and no Blob is made for a piece. */
import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { KnownFile } from '../../../src/sources/recording/clock/known-file';
import { MemoryFile } from '../../../src/sources/recording/clock/memory-file';

const bytes = Uint8Array.from({ length: 9000 }, (_, n) => n % 251);
const place = fc.integer({ min: 0, max: 9000 });

test('a piece of a piece has the bytes that a plain blob’s has', async () => {
  const plain = new Blob([bytes]);
  const files = [await KnownFile.of(plain), new MemoryFile(bytes)];
  await fc.assert(
    fc.asyncProperty(place, place, place, place, async (a, b, c, d) => {
      const wanted = plain.slice(Math.min(a, b), Math.max(a, b)).slice(Math.min(c, d), Math.max(c, d));
      const expected = new Uint8Array(await wanted.arrayBuffer());
      for (const file of files) {
        const piece = file.slice(Math.min(a, b), Math.max(a, b)).slice(Math.min(c, d), Math.max(c, d));
        expect(piece).toBeInstanceOf(Blob);
        expect(piece.size).toBe(expected.length);
        expect(new Uint8Array(await piece.arrayBuffer())).toEqual(expected);
      }
    }),
    { numRuns: 50 },
  );
});

test('pieces cost no Blob: a look at one file takes dozens', async () => {
  const files = [await KnownFile.of(new Blob([bytes])), new MemoryFile(bytes)];
  const made = vi.fn();
  const counted = new Proxy(Blob, {
    construct: (...given) => {
      made();
      return Reflect.construct(...given);
    },
  });
  vi.stubGlobal('Blob', counted);
  // What extends it was bound to it when it was declared, so its own parent is watched, too.
  const parents = [KnownFile, MemoryFile].map((kind) => Object.getPrototypeOf(kind));
  for (const kind of [KnownFile, MemoryFile]) Object.setPrototypeOf(kind, Blob);
  try {
    for (const file of files) file.slice(10, 500).slice(3, 50);
    expect(made).not.toHaveBeenCalled();
  } finally {
    [KnownFile, MemoryFile].forEach((kind, i) => {
      Object.setPrototypeOf(kind, parents[i]!);
    });
    vi.unstubAllGlobals();
  }
});
