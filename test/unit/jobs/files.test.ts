/** COCO run lengths: what is written is what is read. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cocoRegions, packRuns, runsOf, unpackRuns } from '../../../src/labels/coco';
import type { LabelMap } from '../../../src/media/timed-frame';

const labelMap = fc
  .record({ width: fc.integer({ min: 1, max: 20 }), height: fc.integer({ min: 1, max: 20 }) })
  .chain(({ width, height }) =>
    fc
      .uint8Array({ minLength: width * height, maxLength: width * height })
      .map((ids): LabelMap => ({ width, height, ids: ids.map((id) => (id > 200 ? 255 : id % 12)) })),
  );

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
