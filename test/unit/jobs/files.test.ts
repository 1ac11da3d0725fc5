/** Sets of label maps, and COCO run lengths: what is written is what is read. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cocoRegions, packRuns, runsOf } from '../../../src/labels/coco';
import { encodeLabelPng } from '../../../src/labels/label-png';
import { MASK_SET_FORMAT, MaskSet } from '../../../src/labels/mask-set';
import type { LabelMap } from '../../../src/media/timed-frame';
import { DEFAULT_PALETTE, PALETTES } from '../../../src/taxonomy/palette';
import { unpackRuns } from '../../harness/unpack-runs';
import { zipOf } from '../labels/zip-of';

const COLOURS = PALETTES[DEFAULT_PALETTE];

const labelMap = fc
  .record({ width: fc.integer({ min: 1, max: 20 }), height: fc.integer({ min: 1, max: 20 }) })
  .chain(({ width, height }) =>
    fc
      .uint8Array({ minLength: width * height, maxLength: width * height })
      .map((ids): LabelMap => ({ width, height, ids: ids.map((id) => (id > 200 ? 255 : id % 12)) })),
  );

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
