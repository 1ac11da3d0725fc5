/** What viewers shared of vehicles while they were recorded, as labels of the recording. */
import { describe, expect, test } from 'vitest';
import { labelParts } from '../../../src/labels/label-parts';
import { MaskSet } from '../../../src/labels/mask-set';
import { surveyLabels } from '../../../src/labels/reading/survey';
import { maskFileHead, maskRecord } from '../../../src/live/mask-file';
import { encodeMask } from '../../../src/live/shared-mask';
import { classIdOf } from '../../../src/taxonomy/classes';

const ROAD = classIdOf('road')!;
const SKY = classIdOf('sky')!;
const CLOCK = Date.UTC(2026, 2, 1, 10, 15);

/** A mask of one class all over. */
function mask(id: number): Uint8Array {
  const [width, height] = [8, 4];
  const classes = new Uint8Array(width * height).fill(id);
  return encodeMask({ vehicle: 'v', width, height, classes, share: 0, edges: [], age: 0 });
}

function fileOf(camera: string, ...masks: readonly (readonly [seconds: number, id: number])[]): Blob {
  return new Blob([
    maskFileHead(camera),
    ...masks.map(([seconds, id]) => maskRecord(CLOCK + seconds * 1000, Uint8Array.from(mask(id)))),
  ]);
}

const WHOLE = { x: 0, y: 0, width: 1, height: 1 };
const cell = (name: string, seconds: number, place = WHOLE) => ({
  name,
  clock: CLOCK + seconds * 1000,
  place,
});

test('nobody is asked what they mean, and which pictures they are of', async () => {
  const parts = labelParts(fileOf('Van', [0, ROAD], [1, SKY]));
  expect(await surveyLabels(parts, 100)).toMatchObject({ maps: 2, frames: 'time', unsure: [], problems: [] });
});

describe('a picture has', () => {
  const parts = labelParts(
    new Blob([fileOf('Van', [1, ROAD], [2, SKY], [9, ROAD]), fileOf('Bus', [1, SKY])]),
  );
  const at = async (...cells: ReturnType<typeof cell>[]) => {
    const map = await (await MaskSet.open(parts)).at(0, 0, cells);
    return map && { ...map, ids: [...new Set(map.ids)] };
  };

  test.each([
    [1.4, ROAD],
    [1.6, SKY],
    [2.9, SKY],
    [8.1, ROAD],
  ])('the mask that is nearest to its moment (%d s)', async (seconds, id) => {
    expect(await at(cell('Van', seconds))).toMatchObject({ width: 8, height: 4, ids: [id] });
  });

  test.each([-1, 3.1, 7.9, 20])('none where none is near (%d s)', async (seconds) => {
    expect(await at(cell('Van', seconds))).toBeNull();
  });

  test('none of a camera of which nobody shared any, or whose files do not tell the time', async () => {
    expect(await at(cell('Lorry', 1))).toBeNull();
    expect(await at()).toBeNull();
  });

  test('those of all its cameras, each in its place', async () => {
    const half = { x: 0, y: 0, width: 0.5, height: 1 };
    const map = await (await MaskSet.open(parts)).at(0, 0, [
      cell('Van', 1, half),
      cell('Bus', 1, { ...half, x: 0.5 }),
    ]);
    const [first, last] = [map!.ids[0], map!.ids[map!.width - 1]];
    expect([first, last]).toEqual([ROAD, SKY]);
    // Of a camera that has none, void.
    expect((await at(cell('Van', 1, half), cell('Bus', 7, { ...half, x: 0.5 })))!.ids).toEqual([ROAD, 255]);
  });
});

test('a mask that is damaged costs its own pictures their labels, and nothing else', async () => {
  const broken = maskRecord(CLOCK, Uint8Array.of(9, 9, 9));
  const parts = labelParts(new Blob([fileOf('Van', [5, ROAD]), broken]));
  const set = await MaskSet.open({
    ...parts,
    reading: { kind: 'numbers', classes: [[ROAD, 'road']], frames: 'time' },
  });
  await expect(set.at(0, 0, [cell('Van', 0)])).rejects.toMatchObject({ code: 'labels-unreadable' });
  expect(await set.at(0, 0, [cell('Van', 5)])).not.toBeNull();
});

test('what holds no mask is no labels', async () => {
  await expect(MaskSet.open(labelParts(new Blob([maskFileHead('Van')])))).rejects.toMatchObject({
    code: 'labels-unreadable',
  });
});
