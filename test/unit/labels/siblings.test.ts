/** Labels as tools and people leave them: named like their pictures, explained in tables, saved with marks of encoding. */
import { describe, expect, test } from 'vitest';
import { type LabelParts, labelParts } from '../../../src/labels/label-parts';
import { MaskSet } from '../../../src/labels/mask-set';
import { framesOf, NO_FRAME, pairingOf } from '../../../src/labels/reading/frame-numbers';
import { readingOf } from '../../../src/labels/reading/label-survey';
import { readSetNotes } from '../../../src/labels/reading/set-notes';
import { surveyLabels } from '../../../src/labels/reading/survey';
import { classIdOf } from '../../../src/taxonomy/classes';
import { encodePng } from '../../fixtures/png';
import { zipOf } from './zip-of';

type Bytes = Uint8Array<ArrayBuffer>;
const bytesOf = (text: string): Bytes => new TextEncoder().encode(text);
const flat = (value: number): Bytes =>
  new Uint8Array(encodePng(Uint8Array.of(value, value), { width: 2, height: 1, colour: 0 }));
const rgb = (...colours: number[]): Bytes =>
  new Uint8Array(
    encodePng(Uint8Array.from(colours.flatMap((c) => [c >> 16, (c >> 8) & 255, c & 255])), {
      width: colours.length,
      height: 1,
      colour: 2,
    }),
  );
const archive = async (files: Record<string, Bytes>): Promise<LabelParts> => labelParts(await zipOf(files));

describe('labels named like their pictures', () => {
  test('belong to these, whatever number stands in the name and however many there are', async () => {
    const pictures = ['IMG_0005.jpg', 'IMG_0009.jpg', 'IMG_0100.jpg'];
    expect(pairingOf(['IMG_0009.png'], { count: 3, names: pictures })).toMatchObject({
      rule: 'name',
      sure: true,
    });
    const parts = await archive({
      'IMG_0009.png': flat(7),
      'IMG_0100.PNG': flat(8),
      'labelmap.txt': LABELMAP,
    });
    const survey = await surveyLabels(parts, { count: 3, names: pictures });
    expect(survey).toMatchObject({ frames: 'name', unsure: ['meaning'] });
    expect(survey.pairs[0]).toEqual([
      { name: 'IMG_0009.png', frame: 1 },
      { name: 'IMG_0100.PNG', frame: 2 },
    ]);
    const set = await MaskSet.open({ ...parts, reading: readingOf(survey) }, pictures);
    expect(await set.at(0, 0)).toBeNull();
    expect(await set.at(1, 1)).not.toBeNull();
    expect(await set.at(2, 2)).not.toBeNull();
  });

  const LABELMAP = bytesOf('nothing of use\n');

  test.for([
    ['what marks it as labels is left out', ['a_gtFine_labelIds.png'], ['a_leftImg8bit.png'], [0]],
    ['the nearest folder counts', ['val/x.png', 'train/x.png'], ['train/x.jpg', 'val/x.jpg'], [1, 0]],
    ['where none is nearer, nobody guesses', ['x.png'], ['train/x.jpg', 'val/x.jpg'], [NO_FRAME]],
    ['letters in accents and other scripts', ['straße_日本.png'], ['straße_日本.JPG'], [0]],
    ['one that is called like none is of none', ['a.png', 'b.png'], ['b.jpg'], [NO_FRAME, 0]],
  ] as const)('%s', ([, names, pictures, frames]) => {
    expect(framesOf(names, 'name', pictures)).toEqual(frames);
  });

  test('where few are, somebody is asked', () => {
    const names = ['a_1.png', 'a_2.png', 'b.png'];
    expect(
      pairingOf(names, { count: 5, names: ['b.jpg', 'c.jpg', 'd.jpg', 'e.jpg', 'f.jpg'] }),
    ).toMatchObject({
      sure: false,
      possible: expect.arrayContaining(['name']),
    });
  });

  test('a COCO file is laid beside pictures by the names in it', async () => {
    const coco = {
      images: [
        { id: 7, file_name: 'b.jpg', width: 2, height: 1 },
        { id: 3, file_name: 'sub/a.jpg', width: 2, height: 1 },
      ],
      categories: [{ id: 1, name: 'road' }],
      annotations: [
        { image_id: 7, category_id: 1, segmentation: { size: [1, 2], counts: [0, 2] } },
        { image_id: 3, category_id: 1, segmentation: { size: [1, 2], counts: [1, 1] } },
      ],
    };
    const parts = labelParts(new Blob([JSON.stringify(coco)]));
    const pictures = ['a.jpg', 'b.jpg', 'c.jpg'];
    const survey = await surveyLabels(parts, { count: 3, names: pictures });
    expect(survey).toMatchObject({ frames: 'name', unsure: [] });
    const set = await MaskSet.open({ ...parts, reading: readingOf(survey) }, pictures);
    const road = classIdOf('road')!;
    expect((await set.at(1, 0))?.ids).toEqual(Uint8Array.of(road, road));
    expect((await set.at(0, 0))?.ids[1]).toBe(road);
    expect(await set.at(2, 0)).toBeNull();
  });
});

describe('texts as editors of other systems save them', () => {
  const MARK = '\uFEFF';

  test('a mark of the encoding and blanks in front of a COCO file', async () => {
    const coco = {
      images: [{ id: 1, file_name: '0.png', width: 2, height: 1 }],
      categories: [{ id: 1, name: 'road' }],
      annotations: [],
    };
    const text = `${MARK}\r\n\r\n  ${JSON.stringify(coco, null, 2).replaceAll('\n', '\r\n')}`;
    await expect(MaskSet.open(labelParts(new Blob([text])))).resolves.toMatchObject({ size: 1 });
  });

  test.for([
    [
      'labelmap',
      `${MARK}# label:color_rgb:parts:actions\r\nroad:128, 64 ,128::\r\nsky: 1,2,3::\r\n`,
      'colours',
    ],
    ['labelmap', 'road:128,64,128\nsky:1,2,3', 'colours'],
    ['class_dict', 'name,r,g,b\r\nroad,128,64,128\r\nsky,1,2,3\r\n', 'colours'],
    ['class_dict', 'name;r;g;b\nroad;128;64;128\nsky;1;2;3', 'colours'],
    ['_classes', 'Pixel Value, Class\r\n0, background\r\n1, road\r\n', 'numbers'],
    ['label_colors', '128 64 128\t\tRoad\r\n1 2 3\t\tSky\r\n', 'colours'],
  ] as const)('%s: %j', ([stem, text, kind]) => {
    const notes = readSetNotes(stem, text.replace(MARK, ''));
    expect(notes).toMatchObject({ kind });
    expect(notes!.named).toHaveLength(2);
  });

  test('a table of classes beside colours, in a folder of its own, makes them sure', async () => {
    const parts = await archive({
      'set/class_dict.csv': bytesOf(`${MARK}name,r,g,b\r\nRoad,10,20,30\r\nSky,1,2,3\r\n`),
      'set/labels/f0.png': rgb(0x0a141e, 0x010203),
      'set/labels/f1.png': rgb(0x010203, 0x010203),
    });
    const survey = await surveyLabels(parts, 2);
    expect(survey).toMatchObject({ unsure: [], rules: expect.arrayContaining(['number']) });
    expect(survey.values.map(({ ours }) => ours).sort()).toEqual(['road', 'sky']);
  });
});

test('where pictures are turned so that maps do not tell it, that is asked, too', async () => {
  const parts = await archive({ '0.png': rgb(0x804080, 0x4682b4) });
  const survey = await surveyLabels(parts, { count: 1, names: null, hidden: true });
  expect(survey).toMatchObject({ unsure: ['turn'], drawnStored: false });
  expect(readingOf(survey).drawnStored).toBeUndefined();
  const set = await MaskSet.open({ ...parts, reading: readingOf({ ...survey, drawnStored: true }) });
  expect(set.drawnStored).toBe(true);
});

describe('labels as other tools write them', () => {
  test.for([
    ['the ending of the picture is kept in the name', ['masks/a.jpg.png'], ['images/a.jpg'], [0]],
    ['the picture’s own mark is kept in the name', ['a_leftImg8bit_mask.png'], ['a_leftImg8bit.png'], [0]],
    ['a word in front in place of one behind', ['mask_0007.png'], ['image_0006.jpg', 'image_0007.jpg'], [1]],
    ['a word in front of the picture alone', ['labels/0007.png'], ['frame0006.jpg', 'frame0007.jpg'], [1]],
    ['exactly named ones before others', ['gt/img_1.png'], ['frame_1.jpg', 'img_1.jpg'], [1]],
    [
      'sums over the file',
      ['a_jpg.rf.0123456789abcdef0123_mask.png'],
      ['a_jpg.rf.0123456789abcdef0123.jpg'],
      [0],
    ],
    [
      'another kind of numbers in a known layout',
      ['x_gtFine_labellevel3Ids.png'],
      ['x_leftImg8bit.png'],
      [0],
    ],
  ] as const)('%s', ([, names, pictures, frames]) => {
    expect(framesOf(names, 'name', pictures)).toEqual(frames);
  });

  test('sums in the names of one export do not hide the numbers of frames', () => {
    const names = ['f_0010_png.rf.0a1b2c3d4e5f60718293.png', 'f_0020_png.rf.99ffee0011aabb223344.png'];
    expect(pairingOf(names, { count: 100, names: null }).possible).toContain('number');
    expect(framesOf(names, 'number')).toEqual([10, 20]);
  });

  test('an own export that a system packed anew, with the folder around it, has its times', async () => {
    const index = {
      ...{ format: 'carriageway-masks', version: 1, video: 'v' },
      classes: [{ id: 0, name: 'road', colour: '#804080' }],
      frames: [{ file: 'frame_000007.png', seconds: 2.5 }],
    };
    const parts = await archive({
      'masks/index.json': bytesOf(JSON.stringify(index)),
      'masks/frame_000007.png': flat(0),
      '__MACOSX/masks/._frame_000007.png': bytesOf('x'),
    });
    expect(await surveyLabels(parts, 100)).toMatchObject({ maps: 1, frames: 'time', unsure: [] });
  });

  test('names line by line are numbers, and what labelme ignores has none', () => {
    expect(readSetNotes('class_names', '_background_\nroad\ncar\n')!.named).toEqual([
      { name: '_background_', value: 0 },
      { name: 'road', value: 1 },
      { name: 'car', value: 2 },
    ]);
    expect(
      readSetNotes('labels', '__ignore__\n_background_\nroad\n')!.named.map(({ value }) => value),
    ).toEqual([255, 0, 1]);
    expect(readSetNotes('readme', 'road\ncar\n')).toBeNull();
  });

  test('Cityscapes’ names with a list of other colours beside them are asked about', async () => {
    const parts = await archive({
      'gtFine/default/f_000010_gtFine_labelIds.png': flat(7),
      'label_colors.txt': bytesOf('128 64 128 road\n0 0 142 car\n'),
    });
    expect((await surveyLabels(parts, 100)).unsure).toContain('meaning');
  });

  test('a folder of labels beside one of pictures in an archive is found whatever is added to its name', async () => {
    const parts = await archive({
      'default/frame_000000.png': rgb(0x112233, 0x445566),
      'defaultannot/frame_000000.png': rgb(0x804080, 0x804080),
      'label_colors.txt': bytesOf('128 64 128 road\n0 0 142 car\n'),
    });
    expect(await surveyLabels(parts, 1)).toMatchObject({ maps: 1, dictionary: 'own' });
  });

  test('boxes without areas are no labels, and that is said', async () => {
    const coco = (segmentation: unknown) =>
      labelParts(
        new Blob([
          JSON.stringify({
            images: [{ id: 1, file_name: 'a.png', width: 4, height: 4 }],
            categories: [{ id: 1, name: 'road' }],
            annotations: [
              { image_id: 1, category_id: 1, bbox: [0, 0, 2, 2], ...(segmentation ? { segmentation } : {}) },
            ],
          }),
        ]),
      );
    for (const none of [undefined, [], [[]]])
      await expect(surveyLabels(coco(none), 1)).rejects.toMatchObject({
        detail: 'COCO: boxes only, no areas',
      });
    expect(await surveyLabels(coco([[0, 0, 4, 0, 4, 4, 0, 4]]), 1)).toMatchObject({ maps: 1 });
  });
});
