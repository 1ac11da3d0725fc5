/** Labels as tools export them: COCO in all its dialects, and what is not read but named as what it is. */
import { describe, expect, test } from 'vitest';
import { labelParts } from '../../../src/labels/label-parts';
import { OPEN_PIXEL } from '../../../src/labels/png';
import { openLabels } from '../../../src/labels/reading/open-labels';
import { surveyLabels } from '../../../src/labels/reading/survey';
import { zipOf } from './zip-of';

const partsOf = (value: unknown) => labelParts(new Blob([JSON.stringify(value)]));

/** A picture of four by three pixels with two annotations. */
const coco = (road: object, sky: object = { segmentation: [] }) => ({
  images: [{ id: 1, file_name: 'a/frame_000001.jpg', width: 4, height: 3 }],
  categories: [
    { id: 1, name: 'road' },
    { id: 2, name: 'sky' },
  ],
  annotations: [
    { image_id: 1, category_id: 1, ...road },
    { image_id: 1, category_id: 2, ...sky },
  ],
});

const HALF = [0, 0, 2, 0, 2, 3, 0, 3];
const PAIRS = [
  [0, 0],
  [2, 0],
  [2, 3],
  [0, 3],
];

describe('COCO', () => {
  test.for([
    ['polygons', coco({ segmentation: [HALF] })],
    ['one polygon without a list around it', coco({ segmentation: HALF })],
    ['polygons of pairs', coco({ segmentation: [PAIRS] })],
    ['a crowd of run lengths', coco({ segmentation: { size: [3, 4], counts: [0, 6, 6] }, iscrowd: 1 })],
    ['run lengths that stop early', coco({ segmentation: { size: [3, 4], counts: [0, 6] } })],
    ['packed run lengths', coco({ segmentation: { size: [3, 4], counts: '066' } })],
    ['one without an area among others', coco({ segmentation: [HALF] }, { segmentation: null })],
    ['categories in quotes', coco({ segmentation: [HALF], category_id: '1' })],
  ] as const)('%s', async ([, value]) => {
    const set = await openLabels(partsOf(value));
    const { values } = await set.entries[0]!.read();
    expect([...values].map((v) => (v === OPEN_PIXEL ? 0 : v))).toEqual([1, 1, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0]);
  });

  test('pictures with names for ids, and backslashes in their paths', async () => {
    const value = coco({ segmentation: [HALF] });
    const annotations = value.annotations.map((each) => ({ ...each, image_id: 'x1' }));
    const images = [{ ...value.images[0], id: 'x1', file_name: 'a\\b.jpg' }];
    const survey = await surveyLabels(partsOf({ ...value, annotations, images }), {
      count: 2,
      names: ['a/b.png', 'c/b.png'],
    });
    expect(survey).toMatchObject({ maps: 1, frames: 'name' });
    expect(survey.pairs[0]).toEqual([{ name: 'a/b.jpg', frame: 0 }]);
  });

  test('without names of its categories the numbers are asked about', async () => {
    const survey = await surveyLabels(
      partsOf({ ...coco({ segmentation: [HALF] }), categories: undefined }),
      1,
    );
    expect(survey.unsure).toContain('meaning');
  });

  test('panoptic labels are named: their segments lie in other files', async () => {
    const annotations = [{ image_id: 1, file_name: 'a.png', segments_info: [] }];
    await expect(surveyLabels(partsOf({ ...coco({}), annotations }), 1)).rejects.toMatchObject({
      detail: expect.stringContaining('panoptic'),
    });
  });
});

describe('what is not read is named as what it is', () => {
  test.for([
    ['labelme', { version: '5', shapes: [], imagePath: 'a.jpg' }],
    ['VIA', { _via_settings: {}, _via_img_metadata: {} }],
    ['VIA', { 'a.jpg12': { filename: 'a.jpg', regions: [] } }],
    ['Supervisely', { size: { height: 3, width: 4 }, objects: [{ classTitle: 'road' }] }],
    ['Label Studio', [{ id: 1, annotations: [], data: {} }]],
    ['BDD100K', [{ name: 'a.jpg', labels: [] }]],
    ['Cityscapes', { imgHeight: 3, imgWidth: 4, objects: [] }],
    ['COCO results', [{ image_id: 1, category_id: 1, segmentation: {} }]],
    ['JSON', { hello: 1 }],
  ] as const)('%s', async ([tool, value]) => {
    const refused = { code: 'labels-unreadable', detail: expect.stringContaining(tool) };
    await expect(surveyLabels(partsOf(value), 1)).rejects.toMatchObject(refused);
  });

  test('in an archive, too', async () => {
    const files = { 'a.json': new TextEncoder().encode('{"shapes":[]}'), 'a.jpg': new Uint8Array(1) };
    await expect(surveyLabels(labelParts(await zipOf(files)), 1)).rejects.toMatchObject({
      detail: expect.stringContaining('labelme'),
    });
  });

  test.for([
    ['a 7z archive', '7z\xbc\xaf\x27\x1c'],
    ['a RAR archive', 'Rar!\x1a'],
    ['a gzip archive', '\x1f\x8b\x08'],
    ['a TAR archive', `0.png${'\0'.repeat(252)}ustar`],
    ['a JPEG', '\xff\xd8\xff\xe0'],
  ] as const)('%s is named as what it is', async ([what, begins]) => {
    const file = new Blob([Uint8Array.from(begins, (letter) => letter.charCodeAt(0))]);
    await expect(surveyLabels(labelParts(file), null)).rejects.toMatchObject({
      code: 'labels-unreadable',
      detail: expect.stringContaining(what),
    });
  });

  test('an archive without PNG files says what it has in their place', async () => {
    const files = { 'a.jpg': new Uint8Array(1), 'b.JPG': new Uint8Array(1), 'c.zip': new Uint8Array(1) };
    await expect(surveyLabels(labelParts(await zipOf(files)), null)).rejects.toMatchObject({
      detail: 'no PNG files in it, but 2 .jpg, 1 .zip',
    });
  });
});
