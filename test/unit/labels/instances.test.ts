/** Labels that tell things apart, and sets of several files that explain each other. */
import { describe, expect, test } from 'vitest';
import { type LabelParts, labelParts } from '../../../src/labels/label-parts';
import { MaskSet } from '../../../src/labels/mask-set';
import { foreignJson } from '../../../src/labels/reading/foreign-json';
import { readingOf } from '../../../src/labels/reading/label-survey';
import { surveyLabels } from '../../../src/labels/reading/survey';
import { VOID_CLASS } from '../../../src/taxonomy/class-list';
import { classIdOf } from '../../../src/taxonomy/classes';
import { encodePng } from '../../fixtures/png';
import { zipOf } from './zip-of';

type Bytes = Uint8Array<ArrayBuffer>;

/** A PNG of one row with 16 bits a pixel. */
const deep = (...values: readonly number[]): Bytes =>
  new Uint8Array(
    encodePng(Uint8Array.from(values.flatMap((value) => [value >> 8, value & 255])), {
      ...{ width: values.length, height: 1, colour: 0, depth: 16 },
    }),
  );
/** A PNG of one row of colours, with the alpha of each where it is told. */
const coloured = (channels: 3 | 4, ...pixels: readonly (readonly number[])[]): Bytes =>
  new Uint8Array(
    encodePng(Uint8Array.from(pixels.flat()), {
      ...{ width: pixels.length, height: 1, colour: channels === 3 ? 2 : 6 },
    }),
  );
const json = (value: unknown): Bytes => new TextEncoder().encode(JSON.stringify(value));

/** Classes of the first map, by name; the survey must leave no question of what they mean. */
async function classesOf(parts: LabelParts, names: readonly string[]): Promise<readonly (string | number)[]> {
  const survey = await surveyLabels(parts, { count: names.length, names });
  expect(survey.unsure).not.toContain('meaning');
  const set = await MaskSet.open({ ...parts, reading: readingOf(survey) }, names);
  const map = await set.at(0, 0);
  return [...map!.ids];
}

const ids = (...names: readonly (string | null)[]): number[] =>
  names.map((name) => (name === null ? VOID_CLASS : classIdOf(name)!));

describe('the class of a map of things', () => {
  test('Cityscapes: thousands; what is one of a kind stands as it is', async () => {
    const zip = await zipOf({
      'gtFine/a_1_gtFine_instanceIds.png': deep(7, 26_001, 26_014, 24_000, 0, 65_535),
    });
    expect(await classesOf(labelParts(zip), ['a_1_leftImg8bit.png'])).toEqual(
      ids('road', 'vehicle', 'vehicle', 'person', null, null),
    );
    const trained = await zipOf({ 'a_1_gtFine_instanceTrainIds.png': deep(0, 13_001, 11_000, 255) });
    expect(await classesOf(labelParts(trained), ['a_1_leftImg8bit.png'])).toEqual(
      ids('road', 'vehicle', 'person', null),
    );
  });

  test('where there are maps of classes, too, these are read', async () => {
    const zip = await zipOf({
      'a_1_gtFine_instanceIds.png': deep(26_001),
      'a_1_gtFine_labelIds.png': deep(7),
    });
    expect(await classesOf(labelParts(zip), ['a_1_leftImg8bit.png'])).toEqual(ids('road'));
  });

  test('KITTI: times 256, and the same file by file', async () => {
    const map = deep(7 * 256, 26 * 256 + 3, 24 * 256 + 255);
    const zip = await zipOf({ 'training/instance/000000_10.png': map });
    expect(await classesOf(labelParts(zip), ['image_2/000000_10.png'])).toEqual(
      ids('road', 'vehicle', 'person'),
    );
    const given: LabelParts = {
      ...labelParts([new File([map], '000000_10.png')]),
      ...{ hint: 'cityscapes-ids', instances: 'times-256' },
    };
    expect(await classesOf(given, ['image_2/000000_10.png'])).toEqual(ids('road', 'vehicle', 'person'));
  });

  test('ADE20K: red and green; its three thousand names are nowhere here, so all are asked about', async () => {
    const zip = await zipOf({
      'ADE_train_00000001_seg.png': coloured(3, [30, 40, 7], [35, 40, 255], [120, 1, 3]),
    });
    const survey = await surveyLabels(labelParts(zip), { count: 1, names: ['ADE_train_00000001.jpg'] });
    expect(survey.values.map(({ value }) => value)).toEqual([3 * 256 + 40, 12 * 256 + 1]);
    expect(survey.unsure).toContain('meaning');
  });

  test('BDD100K: the red channel, whatever the others say', async () => {
    const zip = await zipOf({
      'pan_seg/bitmasks/val/a.png': coloured(4, [7, 0, 0, 1], [35, 8, 2, 44], [31, 0, 1, 200], [0, 0, 0, 0]),
    });
    expect(await classesOf(labelParts(zip), ['images/val/a.jpg'])).toEqual(
      ids('road', 'vehicle', 'person', null),
    );
  });
});

const PANOPTIC = {
  images: [{ id: 1, file_name: 'a.jpg', width: 4, height: 1 }],
  categories: [
    { id: 7, name: 'road' },
    { id: 26, name: 'car' },
  ],
  annotations: [
    {
      image_id: 1,
      file_name: 'a.png',
      segments_info: [
        { id: 300, category_id: 7 },
        { id: 65_536 * 3 + 1, category_id: 26 },
      ],
    },
  ],
};
/** 300 and 196609 as red + 256 × green + 65536 × blue; nought and a segment that nobody names. */
const SEGMENTS = coloured(3, [44, 1, 0], [1, 0, 3], [0, 0, 0], [9, 9, 9]);

describe('COCO’s panoptic form', () => {
  const expected = ids('road', 'vehicle', null, null);

  test('in an archive: pictures of segments and the JSON that says what they are', async () => {
    const zip = await zipOf({
      'annotations/panoptic_val.json': json(PANOPTIC),
      'annotations/panoptic_val/a.png': SEGMENTS,
    });
    expect(await classesOf(labelParts(zip), ['val/a.jpg'])).toEqual(expected);
  });

  test('loose, as files of a folder', async () => {
    const files = [new File([json(PANOPTIC)], 'panoptic.json'), new File([SEGMENTS], 'a.png')];
    const parts = labelParts({ files, paths: ['panoptic.json', 'panoptic/a.png'] });
    expect(await classesOf(parts, ['images/a.jpg'])).toEqual(expected);
  });

  test('without its pictures, or damaged: said', async () => {
    await expect(surveyLabels(labelParts(new Blob([json(PANOPTIC)])), 1)).rejects.toMatchObject({
      detail: expect.stringContaining('without its PNG files'),
    });
    const damaged = { ...PANOPTIC, categories: 'none' };
    const zip = await zipOf({ 'panoptic.json': json(damaged), 'panoptic/a.png': SEGMENTS });
    await expect(surveyLabels(labelParts(zip), 1)).rejects.toMatchObject({
      detail: expect.stringContaining('COCO panoptic: categories'),
    });
  });
});

describe('two Mapillary configs in one folder', () => {
  const config = (...labels: readonly (readonly [string, readonly number[]])[]): Bytes =>
    json({ labels: labels.map(([name, color]) => ({ name, color })) });
  const older = config(['construction--flat--road', [1, 2, 3]], ['nature--sky', [4, 5, 6]]);
  const newer = config(['nature--sky', [4, 5, 6]], ['construction--flat--road', [7, 8, 9]]);
  const labels = (folder: string, ...pixels: readonly (readonly number[])[]) =>
    zipOf({
      'config_v1.2.json': older,
      'config_v2.0.json': newer,
      [`${folder}/labels/a.png`]: coloured(3, ...pixels),
    });

  test('the one of the labels’ version, or the one that knows their colours', async () => {
    expect(await classesOf(labelParts(await labels('v2.0', [7, 8, 9], [4, 5, 6])), ['a.jpg'])).toEqual(
      ids('road', 'sky'),
    );
    expect(await classesOf(labelParts(await labels('mine', [7, 8, 9], [4, 5, 6])), ['a.jpg'])).toEqual(
      ids('road', 'sky'),
    );
    expect(await classesOf(labelParts(await labels('mine', [1, 2, 3], [4, 5, 6])), ['a.jpg'])).toEqual(
      ids('road', 'sky'),
    );
  });

  test('numbers that both know, and mean otherwise, are asked about', async () => {
    const zip = await zipOf({
      'config_v1.2.json': older,
      'config_v2.0.json': newer,
      'mine/labels/a.png': deep(0, 1),
    });
    const { unsure } = await surveyLabels(labelParts(zip), { count: 1, names: ['a.jpg'] });
    expect(unsure).toContain('meaning');
  });
});

test('tables of nuImages and nuScenes are named as what they are', () => {
  const row = { token: 'a', category_token: 'b', sample_data_token: 'c', bbox: [0, 0, 1, 1], mask: null };
  expect(foreignJson([row])).toBe('a table of nuImages or nuScenes');
  expect(foreignJson([{ token: 'a', name: 'animal', description: '' }])).toBe(
    'a table of nuImages or nuScenes',
  );
  expect(foreignJson({ token: 'a' })).toBeNull();
});
