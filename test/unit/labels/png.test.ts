/** Label PNGs of all kinds that tools write: the values come back, and no more is unpacked than a picture has. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeLabelPng } from '../../../src/labels/label-png';
import { OPEN_PIXEL, readPng } from '../../../src/labels/png';
import type { LabelMap } from '../../../src/media/timed-frame';
import { DEFAULT_PALETTE, PALETTES } from '../../../src/taxonomy/palette';
import { encodePng } from '../../fixtures/png';

const COLOURS = PALETTES[DEFAULT_PALETTE];
const unreadable = (detail: string) => ({
  code: 'labels-unreadable',
  detail: expect.stringContaining(detail),
});

const labelMap = fc
  .record({ width: fc.integer({ min: 1, max: 20 }), height: fc.integer({ min: 1, max: 20 }) })
  .chain(({ width, height }) =>
    fc
      .uint8Array({ minLength: width * height, maxLength: width * height })
      .map((ids): LabelMap => ({ width, height, ids })),
  );

test('label maps come back as they were written, with their colours', async () => {
  await fc.assert(
    fc.asyncProperty(labelMap, async (map) => {
      const { width, height, kind, values, palette } = await readPng(await encodeLabelPng(map, COLOURS));
      expect({ width, height, ids: values }).toEqual(map);
      expect(kind).toBe('numbers');
      expect(palette?.slice(0, COLOURS.length)).toEqual(
        COLOURS.map((hex) => Number.parseInt(hex.slice(1), 16)),
      );
    }),
    { numRuns: 40 },
  );
});

test('other programs read what is written, in its colours', async (context) => {
  const map: LabelMap = { width: 4, height: 2, ids: Uint8Array.of(0, 1, 2, 3, 4, 5, 6, 255) };
  const folder = mkdtempSync(join(tmpdir(), 'label-png-'));
  try {
    writeFileSync(join(folder, 'a.png'), await encodeLabelPng(map, COLOURS));
    let pixels: Buffer;
    try {
      const raw = ['-f', 'rawvideo', '-pix_fmt', 'rgb24', '-'];
      pixels = execFileSync('ffmpeg', ['-loglevel', 'error', '-i', join(folder, 'a.png'), ...raw]);
    } catch (thrown) {
      if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') context.skip('ffmpeg is not installed');
      throw thrown;
    }
    const hex = Array.from({ length: 8 }, (_, i) => `#${pixels.subarray(i * 3, i * 3 + 3).toString('hex')}`);
    expect(hex).toEqual([...COLOURS.slice(0, 7).map((c) => c.toLowerCase()), '#000000']);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

describe('all kinds', () => {
  const values = [0, 1, 1, 0, 1, 1];
  const packedBits = Uint8Array.of(0b01100000, 0b11000000).map((byte, i) => (i === 0 ? byte : 0b01100000));

  test.each([
    ['grey', 0, 1, packedBits],
    ['palette', 3, 1, packedBits],
    ['grey', 0, 2, Uint8Array.of(0b00010100, 0b00010100)],
    ['palette', 3, 4, Uint8Array.of(0x01, 0x10, 0x01, 0x10)],
    ['grey', 0, 8, Uint8Array.of(0, 1, 1, 0, 1, 1)],
    ['palette', 3, 8, Uint8Array.of(0, 1, 1, 0, 1, 1)],
    ['grey', 0, 16, Uint8Array.of(0, 0, 0, 1, 0, 1, 0, 0, 0, 1, 0, 1)],
  ] as const)('%s (type %i) of %i bits', async (_, colour, depth, bytes) => {
    const picture = await readPng(encodePng(bytes, { width: 3, height: 2, colour, depth }));
    expect(picture.kind).toBe('numbers');
    // Two rows of 0 1 1.
    expect([...picture.values]).toEqual([0, 1, 1, 0, 1, 1].map((v, i) => (depth === 1 ? v : values[i])));
  });

  test('grey with alpha: numbers, open where it is transparent', async () => {
    const bytes = Uint8Array.of(7, 255, 8, 0, 9, 1);
    const picture = await readPng(encodePng(bytes, { width: 3, height: 1, colour: 4 }));
    expect(picture).toMatchObject({ kind: 'numbers', values: Uint32Array.of(7, OPEN_PIXEL, 9) });
  });

  test('colours, with and without alpha, of eight and sixteen bits', async () => {
    const rgb = encodePng(Uint8Array.of(128, 64, 128, 70, 130, 180), { width: 2, height: 1, colour: 2 });
    expect(await readPng(rgb)).toMatchObject({
      kind: 'colours',
      values: Uint32Array.of(0x804080, 0x4682b4),
    });
    const rgba = Uint8Array.of(128, 64, 128, 255, 70, 130, 180, 0);
    expect((await readPng(encodePng(rgba, { width: 2, height: 1, colour: 6 }))).values).toEqual(
      Uint32Array.of(0x804080, OPEN_PIXEL),
    );
    const deep = Uint8Array.of(128, 9, 64, 9, 128, 9);
    expect((await readPng(encodePng(deep, { width: 1, height: 1, colour: 2, depth: 16 }))).values).toEqual(
      Uint32Array.of(0x804080),
    );
  });

  test('numbers in the red channel are numbers', async () => {
    const picture = await readPng(
      encodePng(Uint8Array.of(7, 0, 0, 0, 0, 0), { width: 2, height: 1, colour: 2 }),
    );
    expect(picture).toMatchObject({ kind: 'numbers', values: Uint32Array.of(7, 0) });
  });
});

describe('refused with the code', () => {
  const good = encodePng(new Uint8Array(63), { width: 9, height: 7, colour: 0 });

  test('cut off anywhere', async () => {
    for (let length = 0; length < good.length; length++)
      await expect(readPng(good.subarray(0, length))).rejects.toMatchObject({ code: 'labels-unreadable' });
  });

  test('any byte changed: read as it says, or refused', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(good.length - 1), fc.integer({ min: 1, max: 255 }), async (at, by) => {
        const bytes = Uint8Array.from(good);
        bytes[at]! ^= by;
        await readPng(bytes).then(
          ({ width, height, values }) => expect(values).toHaveLength(width * height),
          (thrown) => expect(thrown).toMatchObject({ code: 'labels-unreadable' }),
        );
      }),
      { numRuns: 200 },
    );
  });

  test('an impossible size, before anything is unpacked', async () => {
    const huge = Buffer.from(good);
    huge.writeUInt32BE(0x7fffffff, 16);
    await expect(readPng(huge)).rejects.toMatchObject(unreadable('2147483647 × 7'));
  });

  test('fewer or more rows than it says', async () => {
    for (const height of [6, 8]) {
      const other = encodePng(new Uint8Array(63), { width: 9, height: 7, colour: 0 });
      other.writeUInt32BE(height, 20);
      await expect(readPng(other)).rejects.toMatchObject({ code: 'labels-unreadable' });
    }
  });

  test('a bomb: ten pixels that unpack to 256 MB, after a few bytes of it', async () => {
    const bomb = encodePng(new Uint8Array(16 * 1024 * 1024), { width: 16384, height: 1024, colour: 0 });
    bomb.writeUInt32BE(10, 16);
    bomb.writeUInt32BE(1, 20);
    await expect(readPng(bomb)).rejects.toMatchObject(unreadable('more than a picture of its size'));
  });

  test('a colour profile is not unpacked, whatever it holds', async () => {
    const profile = Uint8Array.of(97, 0, 0, 1, 2, 3);
    const bytes = encodePng(new Uint8Array(4), {
      width: 2,
      height: 2,
      colour: 0,
      extra: [['iCCP', profile]],
    });
    expect((await readPng(bytes)).values).toEqual(new Uint8Array(4));
  });
});

test('numbers and colours that a picture calls transparent are open', async () => {
  const see = async (png: Uint8Array) => [...(await readPng(new Uint8Array(png))).values];
  const size = { width: 2, height: 1 } as const;
  const palette = Uint8Array.of(0, 0, 0, 128, 64, 128);
  const clear = (bytes: number[]) => [['tRNS', Uint8Array.from(bytes)]] as const;
  const indexed = { ...size, colour: 3, palette } as const;
  expect(await see(encodePng(Uint8Array.of(0, 1), { ...indexed, extra: clear([0, 255]) }))).toEqual([
    OPEN_PIXEL,
    1,
  ]);
  expect(await see(encodePng(Uint8Array.of(0, 1), { ...indexed, extra: clear([255]) }))).toEqual([0, 1]);
  expect(await see(encodePng(Uint8Array.of(7, 3), { ...size, colour: 0, extra: clear([0, 7]) }))).toEqual([
    OPEN_PIXEL,
    3,
  ]);
  const rgb = Uint8Array.of(1, 2, 3, 128, 64, 128, 1, 2, 3);
  const wide = { width: 3, height: 1, colour: 2 } as const;
  expect(await see(encodePng(rgb, { ...wide, extra: clear([0, 1, 0, 2, 0, 3]) }))).toEqual([
    ...[OPEN_PIXEL, 0x804080, OPEN_PIXEL],
  ]);
});
