/** How labels are read: what their numbers mean, which frames they are of, and what is asked. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cocoRegions } from '../../../src/labels/coco';
import { type LabelParts, labelParts } from '../../../src/labels/label-parts';
import { encodeLabelPng } from '../../../src/labels/label-png';
import { MaskSet } from '../../../src/labels/mask-set';
import { CAMVID_COLOURS, CITYSCAPES } from '../../../src/labels/reading/data-sets';
import { classByName, DICTIONARIES } from '../../../src/labels/reading/dictionary';
import { framesOf, numbersIn, pairingOf } from '../../../src/labels/reading/frame-numbers';
import { readingOf } from '../../../src/labels/reading/label-survey';
import { MASK_SET_FORMAT } from '../../../src/labels/reading/mask-index';
import { fillPolygon } from '../../../src/labels/reading/polygon';
import { surveyLabels } from '../../../src/labels/reading/survey';
import type { LabelMap } from '../../../src/media/timed-frame';
import { classIdOf, VOID_CLASS } from '../../../src/taxonomy/classes';
import { DEFAULT_PALETTE, PALETTES } from '../../../src/taxonomy/palette';
import { encodePng } from '../../fixtures/png';
import { zipOf } from './zip-of';

type Bytes = Uint8Array<ArrayBuffer>;
const id = (name: string): number => classIdOf(name)!;
const COLOURS = PALETTES[DEFAULT_PALETTE];
const bytesOf = (text: string): Bytes => new TextEncoder().encode(text);
const grey = (...values: number[]): Bytes =>
  new Uint8Array(encodePng(Uint8Array.from(values), { width: values.length, height: 1, colour: 0 }));
const rgb = (...colours: number[]): Bytes =>
  new Uint8Array(
    encodePng(Uint8Array.from(colours.flatMap((c) => [c >> 16, (c >> 8) & 255, c & 255])), {
      width: colours.length,
      height: 1,
      colour: 2,
    }),
  );
const indexed = (palette: readonly number[], ...values: number[]): Bytes =>
  new Uint8Array(
    encodePng(Uint8Array.from(values), {
      width: values.length,
      height: 1,
      colour: 3,
      palette: Uint8Array.from(palette.flatMap((c) => [c >> 16, (c >> 8) & 255, c & 255])),
    }),
  );
const archive = async (files: Record<string, Bytes>, hint: string | null = null): Promise<LabelParts> => ({
  ...labelParts(await zipOf(files)),
  hint,
});

describe('which frames', () => {
  test.for([
    [['frame_000000.png', 'frame_000010.png', 'frame_000020.png'], 30, 'number', true],
    [['frame_000001.png', 'frame_000011.png', 'frame_000021.png'], 30, 'number-from-1', false],
    [['a_10.png', 'a_20.png'], 30, 'number', false],
    [['0.png', '1.png', '2.png'], 3, 'number', true],
    [['1.png', '2.png', '3.png'], 3, 'number-from-1', true],
    [['10.png', '20.png', '30.png'], 30, 'number-from-1', true],
    [['100.png', '200.png'], 30, 'order', false],
    [['road.png', 'sky.png'], 2, 'order', false],
    [['7.png', '8.png', '9.png'], null, 'number', false],
    [['0.png', '5.png'], null, 'number', true],
  ] as const)('%j of %s: %s, sure %s', ([names, frames, rule, sure]) => {
    expect(pairingOf(names, { count: frames, names: null })).toMatchObject({ rule, sure });
  });

  test('the number that tells names from each other is the frame’s', () => {
    expect(numbersIn(['x/ulm_000000_000019.png', 'x/ulm_000001_000019.png'])).toEqual([0, 1]);
    expect(numbersIn(['v2_frame7.png', 'v2_frame12.png'])).toEqual([7, 12]);
    expect(numbersIn(['a.png', 'b.png'])).toBeNull();
    expect(numbersIn(['1.png', '1_1.png'])).toBeNull();
    expect(framesOf(['f3.png', 'f1.png'], 'number-from-1')).toEqual([2, 0]);
  });

  test('whatever the names are, nothing sure is impossible', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.nat(200), { minLength: 1, maxLength: 20 }),
        fc.integer({ min: 1, max: 100 }),
        (numbers, frames) => {
          const names = numbers.map((n) => `frame_${n}.png`);
          const { rule, sure } = pairingOf(names, { count: frames, names: null });
          if (!sure) return;
          for (const frame of framesOf(names, rule)) {
            expect(frame).toBeGreaterThanOrEqual(0);
            expect(frame).toBeLessThan(frames);
          }
        },
      ),
    );
  });
});

describe('what numbers mean', () => {
  test('our own export says it, and its times', async () => {
    const index = {
      format: MASK_SET_FORMAT,
      version: 1,
      video: 'clip',
      classes: [
        { id: 0, name: 'road', colour: '#000000' },
        { id: 3, name: 'sky', colour: '#000000' },
      ],
      frames: [
        { file: 'masks/1.png', seconds: 0.5 },
        { file: 'masks/0.png', seconds: 0 },
      ],
    };
    const set = await MaskSet.open(
      await archive({
        'masks/0.png': grey(3, 255),
        'masks/1.png': grey(0, 3),
        'index.json': bytesOf(JSON.stringify(index)),
      }),
    );
    expect(set.size).toBe(2);
    // Numbers of another list: what its index calls sky is sky.
    expect((await set.at(9, 0))?.ids).toEqual(Uint8Array.of(id('sky'), VOID_CLASS));
    expect((await set.at(0, 0.500001))?.ids).toEqual(Uint8Array.of(id('road'), id('sky')));
    expect(await set.at(1, 0.25)).toBeNull();
  });

  test('masks of a foreign network keep its classes', async () => {
    const classes = ['soil', 'water', 'crop'].map((name, id) => ({
      id,
      name,
      colour: `#0000${id}0`,
      role: null,
    }));
    const index = {
      ...{ format: MASK_SET_FORMAT, version: 1, video: 'clip', classes },
      frames: [{ file: 'masks/0.png', seconds: 0 }],
    };
    const parts = await archive({
      'masks/0.png': grey(2, 0, 255),
      'index.json': bytesOf(JSON.stringify(index)),
    });
    const survey = await surveyLabels(parts, 1);
    expect(survey.unsure).toEqual([]);
    const map = await (await MaskSet.open({ ...parts, reading: readingOf(survey) })).at(0, 0);
    expect(map?.ids).toEqual(Uint8Array.of(2, 0, VOID_CLASS));
    expect(map?.list?.map(({ name }) => name)).toEqual(['soil', 'water', 'crop']);
  });

  test('a palette in our colours says that numbers are ours', async () => {
    const map: LabelMap = { width: 3, height: 1, ids: Uint8Array.of(0, 8, 11) };
    const set = await MaskSet.open(await archive({ '0.png': await encodeLabelPng(map, COLOURS) }));
    expect((await set.at(0, 0))?.ids).toEqual(map.ids);
  });

  test('a palette in Cityscapes colours says that the same numbers are others', async () => {
    const palette = Array.from(
      { length: 19 },
      (_, n) => CITYSCAPES.find(([, , trainId]) => trainId === n)![3],
    );
    const parts = await archive({ '0.png': indexed(palette, 0, 8, 10, 13) });
    expect(await surveyLabels(parts, 1)).toMatchObject({ dictionary: 'cityscapes-train-ids', unsure: [] });
  });

  test('numbers that several lists could mean are asked about, and score nothing', async () => {
    const parts = await archive({ '0.png': grey(0, 1, 2, 8, 10) });
    expect(await surveyLabels(parts, 1)).toMatchObject({ unsure: ['meaning'] });
    await expect(MaskSet.open(parts)).rejects.toMatchObject({ code: 'labels-unclear' });
  });

  test('names of files decide', async () => {
    const parts = await archive({
      'a_000000_gtFine_labelIds.png': grey(7, 23, 26),
      'a_000000_gtFine_color.png': rgb(1, 2, 3),
    });
    const survey = await surveyLabels(parts, 1);
    expect(survey).toMatchObject({ maps: 1, dictionary: 'cityscapes-ids', unsure: [] });
    const set = await MaskSet.open({ ...parts, reading: readingOf(survey) });
    expect((await set.at(0, 0))?.ids).toEqual(Uint8Array.of(id('road'), id('sky'), id('vehicle')));
  });

  test('a number that the list has not is asked about; its pixels stay unlabelled', async () => {
    const parts = await archive({ 'a_0_train_id.png': grey(0, 13, 77) });
    const survey = await surveyLabels(parts, 1);
    expect(survey.unsure).toEqual(['meaning']);
    expect(survey.values.find(({ value }) => value === 77)).toMatchObject({
      ours: undefined,
      example: 'a_0_train_id.png',
    });
    const set = await MaskSet.open({ ...parts, reading: readingOf(survey) });
    expect((await set.at(0, 0))?.ids).toEqual(Uint8Array.of(id('road'), id('vehicle'), VOID_CLASS));
  });

  test.each([
    ['Cityscapes', CITYSCAPES.map(([, , , colour]) => colour), 'cityscapes-colours'],
    ['CamVid', CAMVID_COLOURS.map(([, colour]) => colour), 'camvid-colours'],
  ])('all colours of %s are found by themselves', async (_, colours, dictionary) => {
    expect(await surveyLabels(await archive({ '0.png': rgb(...colours) }), 1)).toMatchObject({
      kind: 'colours',
      dictionary,
      unsure: [],
    });
  });

  test('CVAT and CamVid bring their names along, Mapillary its config', async () => {
    const labelmap =
      '# label:color_rgb:parts:actions\nroad:10,20,30::\nbackground:0,0,0::\nSky:1,2,3::\nzebra:9,9,9::\n';
    const cvat = await surveyLabels(
      await archive({
        'labelmap.txt': bytesOf(labelmap),
        'SegmentationClass/0.png': rgb(0x0a141e, 0x010203, 0x090909),
      }),
      1,
    );
    expect(cvat.values.map(({ ours }) => ours)).toEqual(['road', 'sky', undefined]);
    expect(cvat.values[2]!.name).toBe('zebra');
    const config = JSON.stringify({
      labels: [
        { name: 'construction--flat--road', readable: 'Road', color: [128, 64, 128] },
        { name: 'marking--general', readable: 'Marking', color: [255, 255, 255] },
        { name: 'void--ego-vehicle', readable: 'Ego Vehicle', color: [120, 10, 10] },
      ],
    });
    const mapillary = await surveyLabels(
      await archive({
        'config_v1.2.json': bytesOf(config),
        'labels/0.png': indexed([0x804080, 0xffffff, 0x780a0a], 0, 1, 2),
      }),
      1,
    );
    expect(mapillary.values.map(({ ours }) => ours)).toEqual(['road', 'lane marking', 'own car']);
    expect(mapillary.unsure).toEqual([]);
  });

  test('Label Studio’s pictures of one task are one map', async () => {
    const name = (task: number, tag: string) => `task-${task}-annotation-3-by-1-tag-${tag}-0.png`;
    const parts = await archive({
      [name(1, 'Road')]: grey(255, 0, 0),
      [name(1, 'Sky')]: grey(0, 255, 0),
      [name(2, 'Road')]: grey(255, 255, 255),
    });
    const survey = await surveyLabels(parts, 2);
    expect(survey).toMatchObject({ maps: 2, unsure: [] });
    const set = await MaskSet.open({ ...parts, reading: readingOf(survey) });
    expect((await set.at(0, 0))?.ids).toEqual(Uint8Array.of(id('road'), id('sky'), VOID_CLASS));
  });

  test('COCO: run lengths, packed and not, polygons, and our own export', async () => {
    const map: LabelMap = {
      width: 4,
      height: 3,
      ids: Uint8Array.from([0, 0, 8, 8, 0, 0, 8, 8, 255, 0, 8, 8]),
    };
    const categories = [
      { id: 5, name: 'road' },
      { id: 9, name: 'sky' },
    ];
    const images = [{ id: 1, file_name: 'frame_000000.png', width: 4, height: 3 }];
    const packed = cocoRegions(map, 12).map(({ classId, segmentation }) => ({
      image_id: 1,
      category_id: classId === 0 ? 5 : 9,
      segmentation,
    }));
    const read = async (annotations: unknown[]) => {
      const blob = new Blob([JSON.stringify({ images, categories, annotations })]);
      return (await (await MaskSet.open(labelParts(blob))).at(0, 0))?.ids;
    };
    expect(await read(packed)).toEqual(map.ids);
    const polygon = [{ image_id: 1, category_id: 9, segmentation: [[2, 0, 4, 0, 4, 3, 2, 3]] }];
    expect(await read(polygon)).toEqual(map.ids.map((value) => (value === 8 ? 8 : VOID_CLASS)));
    const counts = [{ image_id: 1, category_id: 5, segmentation: { size: [3, 4], counts: [0, 3, 9] } }];
    expect([...(await read(counts))!].filter((value) => value === 0)).toHaveLength(3);
    await expect(
      read([{ image_id: 1, category_id: 5, segmentation: { size: [3, 4], counts: [0, 99] } }]),
    ).rejects.toMatchObject({ code: 'labels-unreadable' });
  });
});

describe('refused at once', () => {
  const unreadable = { code: 'labels-unreadable' };

  test.each([
    ['no pictures', { 'a.txt': new Uint8Array(1) }],
    ['an index that is none', { 'a.png': new Uint8Array(1), 'index.json': new Uint8Array([123]) }],
    ['pictures that are none', { '0.png': new Uint8Array(9) }],
  ])('%s', async (_, files) => {
    await expect(surveyLabels(await archive(files), 5)).rejects.toMatchObject(unreadable);
  });

  test('photographs are no labels', async () => {
    const noise = rgb(...Array.from({ length: 600 }, (_, n) => n * 7919));
    await expect(surveyLabels(await archive({ '0.png': noise }), 1)).rejects.toMatchObject({
      ...unreadable,
      detail: expect.stringContaining('it is a picture'),
    });
  });

  test.each(['', 'words', '[1,2', '{"images":[],"annotations":[]}', '{"images":1,"annotations":[]}'])(
    'a text: %s',
    async (text) => {
      await expect(surveyLabels(labelParts(new Blob([text])), 1)).rejects.toMatchObject(unreadable);
    },
  );

  test('a set in which one map is damaged is read, and the map named', async () => {
    const map: LabelMap = { width: 2, height: 1, ids: Uint8Array.of(0, 8) };
    const good = await encodeLabelPng(map, COLOURS);
    const survey = await surveyLabels(await archive({ '0.png': good, '1.png': good.slice(0, 60) }), 2);
    expect(survey.unsure).toEqual([]);
    expect(survey.problems).toEqual([expect.stringContaining('1.png')]);
  });
});

test('every class that a dictionary names is one of ours', () => {
  for (const { entries, id: name } of DICTIONARIES)
    for (const { ours, value } of entries)
      expect(ours === null || ours === undefined || id(ours) >= 0, `${name} ${value}`).toBe(true);
});

test('names of other lists', () => {
  expect(classByName('construction--flat--sidewalk')).toBe('sidewalk');
  expect(classByName('object--vehicle--car')).toBe('vehicle');
  expect(classByName('marking--discrete--crosswalk-zebra')).toBe('lane marking');
  expect(classByName('human--person--individual')).toBe('person');
  expect(classByName('TrafficLight')).toBe('sign');
  expect(classByName('void--unlabeled')).toBeNull();
  expect(classByName('background')).toBeNull();
  expect(classByName('zebra')).toBeUndefined();
});

test('a polygon covers the pixels whose centres it holds, wherever it lies', () => {
  fc.assert(
    fc.property(
      fc.tuple(fc.integer({ min: -9, max: 20 }), fc.integer({ min: -9, max: 20 })),
      fc.tuple(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 20 })),
      ([x, y], [w, h]) => {
        const values = new Uint32Array(100);
        fillPolygon(values, { width: 10, height: 10 }, [x, y, x + w, y, x + w, y + h, x, y + h], 7);
        const covered = (at: number, length: number) =>
          Math.max(0, Math.min(10, at + length) - Math.max(0, at));
        expect(values.filter((value) => value === 7)).toHaveLength(covered(x, w) * covered(y, h));
      },
    ),
  );
});
