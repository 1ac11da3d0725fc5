/** Sizes, names and labels belong to a frame: what the first one is like says nothing of the others. */
import { expect, test } from 'vitest';
import type { FrameRecord } from '../../../src/jobs/frame-record';
import type { Job } from '../../../src/jobs/job';
import { readArchive } from '../../../src/labels/archive';
import { readPng } from '../../../src/labels/png';
import { uprightMap } from '../../../src/media/orientation';
import type { LabelMap } from '../../../src/media/timed-frame';
import { hidesTurns } from '../../../src/sources/recording/hidden-turns';
import { LabelledFile, type Labels } from '../../../src/sources/recording/labelled-file';
import type { RecordingParts } from '../../../src/sources/recording/recording';
import { VideoFile } from '../../../src/sources/recording/video-file';
import { clip, codeNumber, look } from '../sources/clips';
import { base, done, emptyStoreAfterEach, newFile } from './job-harness';

emptyStoreAfterEach();

async function picture(width: number, height: number, name: string): Promise<File> {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d')!;
  context.fillStyle = '#f00';
  context.fillRect(0, 0, width, height);
  return new File([await canvas.convertToBlob()], name);
}

async function mixed(): Promise<RecordingParts> {
  const sizes = [
    [64, 36],
    [24, 32],
    [32, 18],
    [48, 48],
  ] as const;
  const pictures = await Promise.all(sizes.map(([w, h], i) => picture(w, h, `p${i % 2}.jpg`)));
  return { kind: 'pictures', pictures, paths: ['a/p0.jpg', 'a/p1.jpg', 'b/p0.jpg', 'b/p1.jpg'] };
}

/** Name and size of every mask of an export. */
async function masksOf(recording: RecordingParts): Promise<[string, number, number][]> {
  const target = await newFile('masks.zip');
  const job: Job = {
    ...base(new Blob()),
    recording,
    kind: 'masks',
    range: null,
    target,
    colours: [],
    side: null,
  };
  expect((await done(job)).answer).toMatchObject({ ok: true });
  const entries = await readArchive(await target.getFile());
  const masks: [string, number, number][] = [];
  for (const entry of entries.filter(({ name }) => name.endsWith('.png'))) {
    const { width, height } = await readPng(await entry.read());
    masks.push([entry.name, width, height]);
  }
  return masks;
}

test('masks of pictures have their sizes, their names and their folders', async () => {
  expect(await masksOf(await mixed())).toEqual([
    ['masks/a/p0.png', 64, 36],
    ['masks/a/p1.png', 24, 32],
    ['masks/b/p0.png', 32, 18],
    ['masks/b/p1.png', 48, 48],
  ]);
});

test('a picture that cannot be read stops no export, and is named', async () => {
  const target = await newFile('masks.zip');
  const pictures = [await picture(16, 8, 'a.jpg'), new File(['?'], 'b.jpg'), await picture(8, 16, 'c.jpg')];
  const recording: RecordingParts = { kind: 'pictures', pictures };
  const job: Job = {
    ...base(new Blob()),
    ...{ recording, kind: 'masks', range: null, target, colours: [], side: null },
  };
  expect((await done(job)).answer).toMatchObject({
    ok: true,
    frames: 3,
    notes: [{ kind: 'unread', files: ['b.jpg'], more: 0 }],
  });
});

test('COCO says the size and the file of each', async () => {
  const target = await newFile('coco.json');
  const job: Job = { ...base(new Blob()), recording: await mixed(), kind: 'coco', range: null, target };
  expect((await done(job)).answer).toMatchObject({ ok: true, frames: 4 });
  const { images, annotations } = JSON.parse(await (await target.getFile()).text());
  expect(images.map((i: Record<string, unknown>) => [i.file_name, i.width, i.height])).toEqual([
    ['a/p0.jpg', 64, 36],
    ['a/p1.jpg', 24, 32],
    ['b/p0.jpg', 32, 18],
    ['b/p1.jpg', 48, 48],
  ]);
  for (const { image_id, segmentation } of annotations) {
    const { width, height } = images[image_id];
    expect(segmentation.size).toEqual([height, width]);
  }
});

test.for(['turned.mpegts', 'turned.webm'])('masks of %s turn with it', async (name, context) => {
  const masks = await masksOf({ kind: 'videos', videos: [await clip(context, name)] });
  expect(masks.map(([, width, height]) => `${width}×${height}`)).toEqual([
    ...Array(24).fill('320×64'),
    ...Array(24).fill('64×320'),
  ]);
  expect(masks[24]?.[0]).toBe('masks/frame_000024.png');
});

test('an export of a stretch keeps the numbers of its frames', async (context) => {
  const target = await newFile('masks.zip');
  const job: Job = {
    ...base(await clip(context, 'lost.mp4')),
    kind: 'masks',
    range: { from: 2, to: 2.1 },
    target,
    colours: [],
    side: null,
  };
  expect((await done(job)).answer).toMatchObject({ ok: true, frames: 3 });
  const names = (await readArchive(await target.getFile())).map(({ name }) => name);
  // 48 pictures in two seconds, six of which were lost.
  expect(names).toEqual([42, 43, 44].map((n) => `masks/frame_0000${n}.png`).concat('index.json'));
});

/** Labels that note which number they are asked for. */
function numbered(asked: number[]): Labels {
  return {
    size: 1000,
    at: async (n) => {
      asked.push(n);
      return null;
    },
  };
}

test.for(['lost.mp4', 'code-uneven.mp4', 'variable-rate.mp4', 'no-initial-keyframe.mpegts'])(
  'of %s the n-th frame has the n-th label, for player and analysis alike',
  async (name, context) => {
    const blob = await clip(context, name);
    using file = await VideoFile.open(blob);
    const count = await file.frameCount();
    const asked: number[] = [];
    const labelled = new LabelledFile(file);
    labelled.setLabels(numbered(asked));
    for await (const frame of labelled.frames(0)) frame.close();
    expect(asked).toEqual(Array.from({ length: count }, (_, n) => n));

    // From the middle on, as after a seek.
    const times: number[] = [];
    for await (const { frame, seconds } of file.frames(0)) {
      times.push(seconds);
      frame.close();
    }
    asked.length = 0;
    const from = Math.floor(count * 0.7);
    for await (const frame of labelled.frames(times[from]!)) frame.close();
    expect(asked[0]).toBe(from);
    expect(asked).toHaveLength(count - from);

    const { answer, told } = await done({ ...base(blob), kind: 'analysis' });
    expect(answer).toMatchObject({ ok: true });
    expect(told.flatMap(({ records }) => records.map(({ n }) => n))).toEqual(times.map((_, n) => n));
  },
);

test('where pictures were lost, what is seen has the number that it is given', async (context) => {
  using file = await VideoFile.open(await clip(context, 'lost.mp4'));
  for await (const { frame, rotation, seconds } of file.frames(0)) {
    const shown = codeNumber(look({ frame, rotation, timestamp: 0, epoch: 0 }).at);
    const lost = shown >= 46 ? 6 : 0;
    expect(await file.numberAt(seconds)).toBe(shown - lost);
  }
});

test('distances and shares of a picture are of its own size, also right after it changed', async (context) => {
  const { told } = await done({ ...base(await clip(context, 'turned.mpegts')), kind: 'analysis' });
  const records: FrameRecord[] = told.flatMap((progress) => progress.records);
  expect(records).toHaveLength(48);
  for (const { boundary, obstacles } of records) {
    for (const { points } of boundary)
      for (const [x, y] of points) expect(Math.max(x, y)).toBeLessThanOrEqual(1);
    for (const { box } of obstacles)
      expect(Math.max(box[0] + box[2], box[1] + box[3])).toBeLessThanOrEqual(1.001);
  }
  expect(records[0]!.map.width > records[0]!.map.height).toBe(true);
});

test('a map that was drawn on the stored pixels turns with its picture', async () => {
  // 3 × 2 as stored; its picture is turned clockwise to 2 × 3.
  const map: LabelMap = { width: 3, height: 2, ids: Uint8Array.of(0, 1, 2, 3, 4, 5) };
  const picture = { width: 200, height: 300 };
  const turn = (rotation: 90 | 270, mirrored: boolean) => [
    ...uprightMap(map, picture, { rotation, mirrored }).ids,
  ];
  expect(turn(90, false)).toEqual([3, 0, 4, 1, 5, 2]);
  expect(turn(270, false)).toEqual([2, 5, 1, 4, 0, 3]);
  expect(turn(90, true)).toEqual([0, 3, 1, 4, 2, 5]);
  // One that was drawn upright stays, and so does one of no shape that is known.
  const upright: LabelMap = { width: 2, height: 3, ids: map.ids };
  expect(uprightMap(upright, picture, { rotation: 90, mirrored: false })).toBe(upright);
  const odd: LabelMap = { width: 6, height: 1, ids: map.ids };
  expect(uprightMap(odd, picture, { rotation: 90, mirrored: false })).toBe(odd);
});

test('where proportions do not tell it, a map lies as somebody says', () => {
  const map: LabelMap = { width: 3, height: 2, ids: Uint8Array.of(0, 1, 2, 3, 4, 5) };
  const picture = { width: 300, height: 200 };
  const lies = (rotation: 0 | 180, mirrored: boolean, stored: boolean) => [
    ...uprightMap(map, picture, { rotation, mirrored }, stored).ids,
  ];
  expect(lies(180, false, false)).toEqual([0, 1, 2, 3, 4, 5]);
  expect(lies(180, false, true)).toEqual([5, 4, 3, 2, 1, 0]);
  expect(lies(0, true, true)).toEqual([2, 1, 0, 5, 4, 3]);
  expect(lies(180, true, true)).toEqual([3, 4, 5, 0, 1, 2]);
  // Upright pictures have nothing to turn.
  expect(lies(0, false, true)).toEqual([0, 1, 2, 3, 4, 5]);
  const square: LabelMap = { width: 2, height: 2, ids: Uint8Array.of(0, 1, 2, 3) };
  const turned = { rotation: 90, mirrored: false } as const;
  expect([...uprightMap(square, { width: 9, height: 9 }, turned, true).ids]).toEqual([2, 0, 3, 1]);
});

test('of a film that stands on its head it is asked, of one that lies on its side it is not', async (context) => {
  const asks = async (name: string): Promise<boolean> => {
    using file = await VideoFile.open(await clip(context, name));
    return await hidesTurns(file, false);
  };
  expect(await asks('rotated-180.mp4')).toBe(true);
  expect(await asks('rotated-90.mp4')).toBe(false);
  expect(await asks('h264.mp4')).toBe(false);
});
