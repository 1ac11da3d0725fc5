/** Labels as data sets ship them: which dictionary is found, what is asked about, and what is not taken for ours. */
import { describe, expect, test } from 'vitest';
import { type LabelParts, labelParts } from '../../../src/labels/label-parts';
import { MaskSet } from '../../../src/labels/mask-set';
import { classByName } from '../../../src/labels/reading/dictionary';
import { A2D2_COLOURS } from '../../../src/labels/reading/driving-sets';
import { framesOf } from '../../../src/labels/reading/frame-numbers';
import { readLabelName } from '../../../src/labels/reading/label-names';
import { readingOf } from '../../../src/labels/reading/label-survey';
import { readSetNotes } from '../../../src/labels/reading/set-notes';
import { surveyLabels } from '../../../src/labels/reading/survey';
import { VOID_CLASS } from '../../../src/taxonomy/class-list';
import { classIdOf } from '../../../src/taxonomy/classes';
import { encodePng } from '../../fixtures/png';
import { zipOf } from './zip-of';

type Bytes = Uint8Array<ArrayBuffer>;
const bytesOf = (text: string): Bytes => new TextEncoder().encode(text);
const archive = async (files: Record<string, Bytes>): Promise<LabelParts> => labelParts(await zipOf(files));
const id = (name: string): number => classIdOf(name)!;

function grey(...values: number[]): Bytes {
  return new Uint8Array(encodePng(Uint8Array.from(values), { width: values.length, height: 1, colour: 0 }));
}

function deep(...values: number[]): Bytes {
  const bytes = Uint8Array.from(values.flatMap((value) => [value >> 8, value & 255]));
  return new Uint8Array(encodePng(bytes, { width: values.length, height: 1, colour: 0, depth: 16 }));
}

function rgb(width: number, colours: readonly number[], extra: readonly [string, Uint8Array][] = []): Bytes {
  const bytes = Uint8Array.from(colours.flatMap((c) => [c >> 16, (c >> 8) & 255, c & 255]));
  return new Uint8Array(encodePng(bytes, { width, height: colours.length / width, colour: 2, extra }));
}

function indexed(palette: readonly number[], ...values: number[]): Bytes {
  const colours = Uint8Array.from(palette.flatMap((c) => [c >> 16, (c >> 8) & 255, c & 255]));
  const options = { width: values.length, height: 1, colour: 3, palette: colours } as const;
  return new Uint8Array(encodePng(Uint8Array.from(values), options));
}

/** The palette of Pascal VOC: the bits of a number dealt out over the channels. */
const VOC = Array.from({ length: 256 }, (_, n) => {
  const channels = [0, 0, 0];
  for (let k = 0, c = n; k < 8; k++, c >>= 3)
    for (let i = 0; i < 3; i++) channels[i]! |= ((c >> i) & 1) << (7 - k);
  return (channels[0]! << 16) | (channels[1]! << 8) | channels[2]!;
});

describe('which dictionary is taken', () => {
  test.for([
    ['KITTI', 'training/semantic/000000_10.png', grey(7, 8, 23), 'cityscapes-ids', []],
    [
      'KITTI with what has the number −1',
      'training/semantic/000000_10.png',
      deep(7, 23, 65535),
      'cityscapes-ids',
      [],
    ],
    [
      'Cityscapes',
      'gtFine/val/ulm/ulm_000000_000019_gtFine_labelIds.png',
      grey(7, 23, 255),
      'cityscapes-ids',
      [],
    ],
    [
      'ApolloScape',
      'Label/Camera 5/171206_025742608_Camera_5_bin.png',
      grey(49, 33, 161, 255),
      'apolloscape-ids',
      [],
    ],
    ['BDD100K', 'bdd100k/labels/sem_seg/masks/val/a-1.png', grey(0, 13, 255), 'cityscapes-train-ids', []],
    [
      'BDD100K, drivable area',
      'labels/drivable/masks/val/a-1.png',
      grey(0, 1, 2),
      'bdd100k-drivable',
      ['meaning'],
    ],
    [
      'the same, older',
      'drivable_maps/labels/val/a-1_drivable_id.png',
      grey(0, 1, 2),
      'bdd100k-drivable-ids',
      ['meaning'],
    ],
    [
      'IDD’s own numbers',
      'gtFine/val/201/frame0029_gtFine_labelids.png',
      grey(0, 3, 12, 33),
      null,
      ['meaning'],
    ],
    ['comma10k', 'masks/0000_0085.png', rgb(3, [0x402020, 0xff0000, 0xcc00ff]), 'comma10k-colours', []],
    [
      'comma10k with what is undrivable',
      'masks/0000_0085.png',
      rgb(2, [0x402020, 0x808060]),
      'comma10k-colours',
      ['meaning'],
    ],
    [
      'A2D2',
      'label/cam/20180807145028_label_frontcenter_000000091.png',
      rgb(2, [0xff00ff, 0x87ceff]),
      'a2d2-colours',
      [],
    ],
    [
      'Pascal VOC without its names',
      'SegmentationClass/2007_000032.png',
      indexed(VOC, 0, 7, 15),
      null,
      ['meaning'],
    ],
    [
      'ADE20K without its names',
      'annotations/training/ADE_train_1.png',
      grey(1, 2, 3, 7, 21, 33),
      null,
      ['meaning'],
    ],
    ['numbers that one list of ours happens to have', 'a/0.png', grey(0, 13, 14, 255), null, ['meaning']],
  ] as const)('%s', async ([, path, png, dictionary, unsure]) => {
    const survey = await surveyLabels(await archive({ [path]: png as Bytes }), 1);
    expect(survey.unsure.filter((what) => what === 'meaning')).toEqual(unsure);
    if (dictionary) expect(survey.dictionary).toBe(dictionary);
  });

  test('what is drivable of BDD100K is road, and what its background is, is asked', async () => {
    const parts = await archive({ 'labels/drivable/masks/val/a-1.png': grey(0, 1, 2) });
    const survey = await surveyLabels(parts, 1);
    expect(survey.values.find(({ value }) => value === 2)).toMatchObject({
      name: 'background',
      ours: undefined,
    });
    const set = await MaskSet.open({ ...parts, reading: readingOf(survey) });
    expect((await set.at(0, 0))?.ids).toEqual(Uint8Array.of(id('road'), id('road'), VOID_CLASS));
  });

  test('maps of other things than classes are left alone', () => {
    for (const path of [
      'train_label/170908_1_Camera_5_instanceIds.png',
      'masks_human/a.png',
      'ADE_train_1_parts_1.png',
      'lane/masks/a.png',
    ])
      expect(readLabelName(path), path).toMatchObject({ rank: null });
  });

  test('A2D2’s labels are of the picture whose name says camera in place of label', () => {
    const pictures = [90, 91].map((n) => `camera/cam/20180807145028_camera_frontcenter_0000000${n}.png`);
    const labels = [91, 90].map((n) => `label/cam/20180807145028_label_frontcenter_0000000${n}.png`);
    expect(framesOf(labels, 'name', pictures)).toEqual([1, 0]);
  });
});

describe('lists that sets bring along', () => {
  test('A2D2’s list means what was looked up for it, and is its own', async () => {
    const list = Object.fromEntries(
      A2D2_COLOURS.map(([name, value]) => [`#${value.toString(16).padStart(6, '0')}`, name]),
    );
    const colours = [0xff00ff, 0x8b636c, 0xffc125, 0x93fdc2];
    const parts = await archive({
      'set/class_list.json': bytesOf(JSON.stringify(list)),
      'set/label/20180807145028_label_frontcenter_000000091.png': rgb(4, colours),
    });
    const { values, unsure, dictionaries } = await surveyLabels(parts, 1);
    expect(dictionaries[0]!.title).toBe('class_list.json');
    expect(colours.map((colour) => values.find(({ value }) => value === colour)!.ours)).toEqual([
      ...['road', undefined, 'lane marking', 'vegetation'],
    ]);
    expect(unsure).toContain('meaning');
  });

  test('a street that nobody drives on is no road, and the third car is one', () => {
    expect(classByName('Non-drivable street')).toBeUndefined();
    expect(classByName('Car 3')).toBe('vehicle');
  });

  test.for([
    ['as colours', rgb(3, [0x010101, 0x020202, 0])],
    ['as numbers', grey(1, 2, 0)],
  ] as const)('Supervisely’s machine masks, %s; what it draws for people is left alone', async ([, png]) => {
    const parts = await archive({
      'obj_class_to_machine_color.json': bytesOf('{"road": [1, 1, 1], "car": [2, 2, 2]}'),
      'ds/masks_human/a.png': rgb(1, [0x123456]),
      'ds/masks_machine/a.png': png as Bytes,
    });
    const survey = await surveyLabels(parts, 1);
    expect(survey).toMatchObject({ maps: 1, unsure: [] });
    const set = await MaskSet.open({ ...parts, reading: readingOf(survey) });
    expect((await set.at(0, 0))?.ids).toEqual(Uint8Array.of(id('road'), id('vehicle'), VOID_CLASS));
  });

  test.for([
    ['with its palette', indexed([0x010203, 0x804080, 0x00ff00], 0, 1, 2)],
    ['as bare numbers', grey(0, 1, 2)],
    ['as colours', rgb(3, [0x010203, 0x804080, 0x00ff00])],
  ] as const)('Mapillary’s list, maps %s', async ([, png]) => {
    const labels = [
      { name: 'nature--sky', color: [1, 2, 3] },
      { name: 'construction--flat--road', color: [128, 64, 128] },
      { name: 'object--zebra', color: [0, 255, 0] },
    ];
    const parts = await archive({
      'config_v2.0.json': bytesOf(JSON.stringify({ labels })),
      'v2.0/labels/a.png': png as Bytes,
    });
    const survey = await surveyLabels(parts, 1);
    expect(survey.unsure).toContain('meaning');
    const set = await MaskSet.open({ ...parts, reading: readingOf(survey) });
    expect((await set.at(0, 0))?.ids).toEqual(Uint8Array.of(id('sky'), id('road'), VOID_CLASS));
  });

  test('ADE20K’s table', () => {
    const table =
      'Idx\tRatio\tTrain\tVal\tStuff\tName\n1\t0.1576\t11664\t1172\t1\twall\n7\t0.0451\t5518\t586\t1\troad, route\n';
    expect(readSetNotes('objectInfo150', table)).toMatchObject({
      kind: 'numbers',
      named: [
        { value: 0, name: 'unlabelled' },
        { value: 1, name: 'wall' },
        { value: 7, name: 'road, route' },
      ],
    });
    expect(classByName('road, route')).toBe('road');
  });

  test('Label Studio’s brush may have any name, and a person one with an address', async () => {
    const parts = await archive({
      'task-1-annotation-3-by-1-brush-Road-0.png': grey(255, 0),
      'task-1-annotation-3-by-a@b.c-brush-lane-marking-0.png': grey(0, 255),
    });
    expect(await surveyLabels(parts, 1)).toMatchObject({ maps: 1, unsure: [] });
  });
});

describe('colours that are no class', () => {
  const road = 0x804080;
  const sky = 0x4682b4;
  /** A picture of two halves; `edge` in place of its first pixels. */
  const halves = (edge: readonly number[]): Bytes =>
    rgb(100, [...edge, ...Array.from({ length: 20_000 - edge.length }, (_, i) => (i < 9000 ? road : sky))]);
  const mixed = (part: number): number =>
    [16, 8, 0].reduce((all, shift) => {
      const [a, b] = [(road >> shift) & 255, (sky >> shift) & 255];
      return all | (Math.round(a + (b - a) * part) << shift);
    }, 0);

  test('a few between two others on smooth edges are not asked about, are told, and stay unlabelled', async () => {
    const parts = await archive({ '0.png': halves([mixed(0.25), mixed(0.5)]) });
    const survey = await surveyLabels(parts, 1);
    expect(survey).toMatchObject({ unsure: [], blended: 2 / 20_000 });
    const set = await MaskSet.open({ ...parts, reading: readingOf(survey) });
    expect([...(await set.at(0, 0))!.ids.slice(0, 3)]).toEqual([VOID_CLASS, VOID_CLASS, id('road')]);
  });

  test('more of them than a list can have are no reason to call labels a picture', async () => {
    const many = Array.from({ length: 400 }, (_, i) => 0x101010 + i * 0x000301);
    const survey = await surveyLabels(await archive({ '0.png': halves(many) }), 1);
    expect(survey).toMatchObject({ kind: 'colours', unsure: [] });
    expect(survey.blended).toBeCloseTo(0.02, 2);
  });

  test('one of its own, few as its pixels are, is asked about', async () => {
    const survey = await surveyLabels(await archive({ '0.png': halves([0x00ff00]) }), 1);
    expect(survey).toMatchObject({ unsure: ['meaning'], blended: 0 });
  });
});

describe('labels that say how they stand', () => {
  const exif = (orientation: number): [string, Uint8Array] => [
    'eXIf',
    Uint8Array.of(
      0x4d,
      0x4d,
      0,
      42,
      0,
      0,
      0,
      8,
      0,
      1,
      1,
      0x12,
      0,
      3,
      0,
      0,
      0,
      1,
      0,
      orientation,
      0,
      0,
      0,
      0,
      0,
      0,
    ),
  ];
  const [a, b] = [0x804080, 0x4682b4];

  test.for([
    [1, 2, [a, b]],
    [2, 2, [b, a]],
    [3, 2, [b, a]],
    [4, 2, [a, b]],
    [5, 1, [a, b]],
    [6, 1, [a, b]],
    [7, 1, [b, a]],
    [8, 1, [b, a]],
  ] as const)('orientation %i', async ([orientation, width, colours]) => {
    const parts = await archive({ '0.png': rgb(2, [a, b], [exif(orientation)]) });
    const survey = await surveyLabels(parts, { count: 1, names: null, hidden: true });
    expect(survey).toMatchObject({ unsure: [], drawnStored: null });
    const map = (await (await MaskSet.open({ ...parts, reading: readingOf(survey) })).at(0, 0))!;
    expect(map).toMatchObject({ width, height: 2 / width, upright: true });
    expect([...map.ids]).toEqual(colours.map((colour) => id(colour === a ? 'road' : 'sky')));
  });
});

describe('what is no labels is named', () => {
  test.for([
    ['MZ\x90\0…PK\x03\x04', 'a program that unpacks itself: unpack it, and pack its PNG files as ZIP'],
    [
      '{"images": [], "annotations": [{"bbox": [1, NaN, 3]}]}',
      'has NaN, which is no number in JSON: write null in its place',
    ],
    [
      '{"images": [], "annotations": [{"score": -Infinity}]}',
      'has Infinity, which is no number in JSON: write null in its place',
    ],
    ['{"images": [], "annotations": "NaN"', 'not JSON'],
  ] as const)('%s', async ([text, detail]) => {
    await expect(surveyLabels(labelParts(new Blob([text])), 1)).rejects.toMatchObject({
      code: 'labels-unreadable',
      detail,
    });
  });
});
