/** Label maps as PNG, archives and COCO run lengths: what is written is what is read. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cocoRegions, packRuns, runsOf, unpackRuns } from '../../../src/labels/coco';
import { crc32 } from '../../../src/labels/crc32';
import { decodeLabelPng, encodeLabelPng } from '../../../src/labels/label-png';
import { MASK_SET_FORMAT, MaskSet } from '../../../src/labels/mask-set';
import { readZip } from '../../../src/labels/zip-reader';
import { ZipWriter } from '../../../src/labels/zip-writer';
import type { LabelMap } from '../../../src/media/timed-frame';
import { DEFAULT_PALETTE, PALETTES } from '../../../src/taxonomy/palette';

const COLOURS = PALETTES[DEFAULT_PALETTE];

const labelMap = fc
  .record({ width: fc.integer({ min: 1, max: 20 }), height: fc.integer({ min: 1, max: 20 }) })
  .chain(({ width, height }) =>
    fc
      .uint8Array({ minLength: width * height, maxLength: width * height })
      .map((ids): LabelMap => ({ width, height, ids: ids.map((id) => (id > 200 ? 255 : id % 12)) })),
  );

async function zipOf(files: Readonly<Record<string, Uint8Array<ArrayBuffer>>>): Promise<Blob> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  const zip = new ZipWriter(async (bytes) => void parts.push(bytes));
  for (const [name, bytes] of Object.entries(files)) await zip.add(name, bytes);
  await zip.finish();
  return new Blob(parts);
}

test('the checksum is the one everybody knows', () => {
  expect(crc32(new TextEncoder().encode('123456789'))).toBe(0xcbf43926);
});

describe('PNG', () => {
  test('label maps come back as they were', async () => {
    await fc.assert(
      fc.asyncProperty(labelMap, async (map) => {
        expect(await decodeLabelPng(await encodeLabelPng(map, COLOURS))).toEqual(map);
      }),
      { numRuns: 40 },
    );
  });

  test('other programs read them, in their colours', async (context) => {
    const map: LabelMap = { width: 4, height: 2, ids: Uint8Array.of(0, 1, 2, 3, 4, 5, 6, 255) };
    const folder = mkdtempSync(join(tmpdir(), 'label-png-'));
    try {
      writeFileSync(join(folder, 'a.png'), await encodeLabelPng(map, COLOURS));
      let pixels: Buffer;
      try {
        const argv = [
          '-loglevel',
          'error',
          '-i',
          join(folder, 'a.png'),
          '-f',
          'rawvideo',
          '-pix_fmt',
          'rgb24',
          '-',
        ];
        pixels = execFileSync('ffmpeg', argv);
      } catch (thrown) {
        if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') context.skip('ffmpeg is not installed');
        throw thrown;
      }
      const hex = Array.from(
        { length: 8 },
        (_, i) => `#${pixels.subarray(i * 3, i * 3 + 3).toString('hex')}`,
      );
      expect(hex).toEqual([...COLOURS.slice(0, 7).map((c) => c.toLowerCase()), '#000000']);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('cut off anywhere, it is refused with the code', async () => {
    const map: LabelMap = { width: 9, height: 7, ids: new Uint8Array(63).map((_, i) => i % 12) };
    const whole = await encodeLabelPng(map, COLOURS);
    const lastData = whole.length - 12;
    for (let length = 0; length < lastData; length += 13)
      await expect(decodeLabelPng(whole.slice(0, length))).rejects.toMatchObject({
        code: 'labels-unreadable',
      });
  });
});

describe('ZIP', () => {
  test('files come back as they were', async () => {
    const files = { 'a.txt': new Uint8Array([1, 2, 3]), 'ünï/b.bin': new Uint8Array(1000).fill(7) };
    const entries = await readZip(await zipOf(files));
    expect(entries.map(({ name, size }) => [name, size])).toEqual([
      ['a.txt', 3],
      ['ünï/b.bin', 1000],
    ]);
    for (const entry of entries)
      expect(new Uint8Array(await entry.read())).toEqual(files[entry.name as keyof typeof files]);
  });

  test('more files than the old form can count', async () => {
    const files = Object.fromEntries(
      Array.from({ length: 66_000 }, (_, i) => [`${i}`, new Uint8Array([i & 255])]),
    );
    const entries = await readZip(await zipOf(files));
    expect(entries).toHaveLength(66_000);
    expect(await entries[65_999]!.read()).toEqual(new Uint8Array([65_999 & 255]));
  });

  test('cut off or damaged, it is refused with the code', async () => {
    const whole = new Uint8Array(
      await (await zipOf({ a: new Uint8Array(50), b: new Uint8Array(50) })).arrayBuffer(),
    );
    for (let length = 0; length < whole.length; length += 9)
      await expect(readZip(new Blob([whole.slice(0, length)]))).rejects.toMatchObject({
        code: 'labels-unreadable',
      });
  });

  test('packed entries of other tools are read', async (context) => {
    const folder = mkdtempSync(join(tmpdir(), 'zip-'));
    try {
      writeFileSync(join(folder, 'a.txt'), 'road '.repeat(500));
      try {
        execFileSync(
          'python3',
          ['-c', `import zipfile;z=zipfile.ZipFile('o.zip','w',8);z.write('a.txt');z.close()`],
          {
            cwd: folder,
          },
        );
      } catch (thrown) {
        if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') context.skip('python3 is not installed');
        throw thrown;
      }
      const { readFileSync } = await import('node:fs');
      const [entry] = await readZip(new Blob([readFileSync(join(folder, 'o.zip'))]));
      expect(new TextDecoder().decode(await entry!.read())).toBe('road '.repeat(500));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('mask sets', () => {
  const map = (id: number): LabelMap => ({ width: 2, height: 1, ids: Uint8Array.of(id, id) });

  test('with an index, a map is found by its time', async () => {
    const index = {
      format: MASK_SET_FORMAT,
      version: 1,
      video: 'clip',
      classes: [],
      frames: [
        { file: 'masks/1.png', seconds: 0.5 },
        { file: 'masks/0.png', seconds: 0 },
      ],
    };
    const set = await MaskSet.open(
      await zipOf({
        'masks/0.png': await encodeLabelPng(map(3), COLOURS),
        'masks/1.png': await encodeLabelPng(map(4), COLOURS),
        'index.json': new TextEncoder().encode(JSON.stringify(index)),
      }),
    );
    expect(set.size).toBe(2);
    expect(await set.at(0, 0.5005)).toEqual(map(4));
    expect(await set.at(9, 0)).toEqual(map(3));
    expect(await set.at(1, 0.25)).toBeNull();
  });

  test('without one, the order of the names counts', async () => {
    const set = await MaskSet.open(
      await zipOf({
        '10.png': await encodeLabelPng(map(5), COLOURS),
        '9.png': await encodeLabelPng(map(6), COLOURS),
      }),
    );
    expect(await set.at(0, 12)).toEqual(map(6));
    expect(await set.at(1, 12)).toEqual(map(5));
    expect(await set.at(2, 12)).toBeNull();
  });

  test.each([
    ['no pictures', { 'a.txt': new Uint8Array(1) }],
    ['an index that is none', { 'a.png': new Uint8Array(1), 'index.json': new Uint8Array([123]) }],
  ])('%s: refused with the code', async (_, files) => {
    await expect(zipOf(files).then(MaskSet.open)).rejects.toMatchObject({ code: 'labels-unreadable' });
  });
});

describe('COCO', () => {
  test('the example of the API: column by column, beginning outside', () => {
    // 3 rows, 2 columns; class 1 fills the lower two of the first column and the top of the second.
    const map: LabelMap = { width: 2, height: 3, ids: Uint8Array.of(0, 1, 1, 0, 1, 0) };
    expect(runsOf(map, 1)).toEqual([1, 3, 2]);
    expect(cocoRegions(map, 12)[1]).toEqual({
      classId: 1,
      segmentation: { size: [3, 2], counts: packRuns([1, 3, 2]) },
      area: 3,
      bbox: [0, 0, 2, 3],
    });
  });

  test('runs come back out of their text', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 2_000_000 }), { minLength: 1 }), (runs) => {
        expect(unpackRuns(packRuns(runs))).toEqual(runs);
      }),
    );
  });

  test('regions cover each pixel of a class, once', () => {
    fc.assert(
      fc.property(labelMap, (map) => {
        const areas = cocoRegions(map, 12).reduce((sum, { area }) => sum + area, 0);
        expect(areas).toBe(map.ids.filter((id) => id < 12).length);
      }),
    );
  });
});
