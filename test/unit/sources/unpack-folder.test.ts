/** Folders that were packed: recordings and photographs are opened as those of the folder are, within bounds. */
import { deflateRawSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { unpackFolder } from '../../../src/sources/packed/unpack-folder';
import { type RawEntry, rawZip } from '../labels/raw-zip';
import { zipOf } from '../labels/zip-of';

const bytesOf = (text: string) => new TextEncoder().encode(text);

const zip = (...names: readonly string[]) =>
  zipOf(Object.fromEntries(names.map((name) => [name, bytesOf(name)])));

const pathsIn = async (beside: boolean, ...names: readonly string[]): Promise<readonly string[] | null> =>
  (await unpackFolder(await zip(...names), beside))?.files.map(({ path }) => path) ?? null;

const LIMITS = { files: 10, bytes: 100_000, ratio: 10, dense: 20_000, time: 60_000 };

/** A deflated entry. */
const deflated = (name: string, content: Uint8Array): RawEntry => ({
  name,
  method: 8,
  packed: deflateRawSync(content),
  content,
});
const stored = (name: string, text = name): RawEntry => ({ name, content: bytesOf(text) });

/** Bytes that hardly shrink. */
function noise(length: number): Uint8Array<ArrayBuffer> {
  let state = 1;
  return Uint8Array.from({ length }, () => {
    state = (state * 48_271) % 2_147_483_647;
    return state & 0xff;
  });
}

describe('a ZIP of photographs is a folder', () => {
  test.each([
    ['photographs', ['trip/a.JPG', 'trip/b.jpeg', 'trip/c.webp']],
    ['photographs as PNG', ['a.png', 'b.png']],
    ['photographs with their labels', ['images/a.jpg', 'labels/a.png', 'labels/classes.txt']],
    ['Cityscapes', ['leftImg8bit/a_leftImg8bit.png', 'gtFine/a_gtFine_labelIds.png', 'b.jpg']],
  ])('%s', async (_, names) => {
    expect(await pathsIn(false, ...names)).toEqual(names);
  });

  test('its files are those that were packed', async () => {
    const { files } = (await unpackFolder(await zip('trip/a.jpg', 'trip/read.me'), false))!;
    expect(files.map(({ path }) => path)).toEqual(['trip/a.jpg']);
    expect(files[0]!.file.name).toBe('a.jpg');
    expect(await files[0]!.file.text()).toBe('trip/a.jpg');
  });
});

describe('a ZIP of recordings is a folder, whatever is open', () => {
  test.each([
    ['videos', ['b.mp4', 'a.MOV']],
    ['a card', ['DCIM/Movie/20260101_000000_F.mp4', 'DCIM/Movie/20260101_000000.gpx', 'DCIM/labels/a.png']],
    ['tracks alone', ['a.gpx', 'b.nmea']],
  ])('%s', async (_, names) => {
    expect(await pathsIn(false, ...names)).toEqual(names);
    expect(await pathsIn(true, ...names)).toEqual(names);
  });

  test('videos that nothing reads are named', async () => {
    const found = (await unpackFolder(await zip('a.avi', 'b.mp4'), true))!;
    expect(found.files.map(({ path }) => path)).toEqual(['b.mp4']);
    expect(found.left).toEqual([{ path: 'a.avi', why: 'foreign' }]);
  });
});

describe('a ZIP of labels stays one', () => {
  test.each([
    ['an export of this page', ['index.json', 'frame_000000.png']],
    ['CVAT’s', ['labelmap.txt', 'SegmentationClass/a.png']],
    ['Cityscapes’', ['gtFine/a_gtFine_labelIds.png', 'gtFine/a_gtFine_color.png']],
    ['COCO', ['annotations/instances.json']],
    ['nothing that is opened', ['read.me']],
  ])('%s', async (_, names) => {
    expect(await pathsIn(false, ...names)).toBeNull();
    expect(await pathsIn(true, ...names)).toBeNull();
  });

  test('beside an open recording, unless there is nothing in it that could be labels', async () => {
    expect(await pathsIn(true, 'images/a.jpg', 'labels/a.png')).toBeNull();
    expect(await pathsIn(true, 'a.png', 'b.png')).toBeNull();
    expect(await pathsIn(true, 'a.jpg', 'b.jpg')).toEqual(['a.jpg', 'b.jpg']);
  });
});

/** A blob that counts what is read of it, its parts too. */
function counted(bytes: Uint8Array<ArrayBuffer>): { readonly blob: Blob; readonly read: () => number } {
  let sum = 0;
  const watch = (blob: Blob): Blob => {
    const [slice, arrayBuffer, stream] = [blob.slice, blob.arrayBuffer, blob.stream].map((use) =>
      (use as (...given: unknown[]) => unknown).bind(blob),
    );
    return Object.assign(blob, {
      slice: (...range: unknown[]) => watch(slice!(...range) as Blob),
      arrayBuffer: () => {
        sum += blob.size;
        return arrayBuffer!();
      },
      stream: () => {
        sum += blob.size;
        return stream!();
      },
    });
  };
  return { blob: watch(new Blob([bytes])), read: () => sum };
}

test('what is stored is a part of the archive: nothing of a long video is read, not even to look at it', async () => {
  const video = noise(3_000_000);
  const packed = await rawZip([{ name: 'a.mp4', content: video, changed: new Date(2026, 0, 2, 3, 4, 6) }]);
  const { blob, read } = counted(new Uint8Array(await packed.arrayBuffer()));
  const { files } = (await unpackFolder(blob, false))!;
  expect(read()).toBeLessThan(200_000);
  const { file } = files[0]!;
  expect(file.lastModified).toBe(new Date(2026, 0, 2, 3, 4, 6).getTime());
  expect(Buffer.compare(Buffer.from(await file.arrayBuffer()), Buffer.from(video))).toBe(0);
});

test('what is deflated is unpacked, and the way there is told', async () => {
  const video = noise(30_000);
  const told: number[] = [];
  const { files } = (await unpackFolder(
    await rawZip([stored('b.mp4'), deflated('a.mp4', video)]),
    false,
    (done, of) => told.push(done / of),
  ))!;
  expect(files.map(({ path }) => path)).toEqual(['b.mp4', 'a.mp4']);
  expect(Buffer.from(await files[1]!.file.arrayBuffer()).equals(Buffer.from(video))).toBe(true);
  expect(told[0]).toBe(0);
  expect(told.at(-1)).toBe(1);
  expect(told.toSorted((a, b) => a - b)).toEqual(told);
});

test('names that lead outside are taken as if they lay in it, and said; steps within are none of it', async () => {
  const names = ['../../etc/a.mp4', 'x\\..\\..\\b.mp4', 'c/./d/../e.mp4', '/abs/f.mp4', 'C:\\g.mp4'];
  const found = (await unpackFolder(await rawZip(names.map((name) => stored(name))), false))!;
  expect(found.files.map(({ path }) => path)).toEqual([
    'etc/a.mp4',
    'x/b.mp4',
    'c/d/e.mp4',
    'abs/f.mp4',
    'g.mp4',
  ]);
  expect(found.outside).toEqual(['etc/a.mp4', 'x/b.mp4']);
});

describe('what is left out is named, and the rest is read', () => {
  const good = stored('good.mp4');
  test.each<[string, RawEntry, object]>([
    ['encrypted', { ...stored('x.mp4'), flags: 1 }, { why: 'encrypted' }],
    ['packed otherwise', { ...stored('x.mp4'), method: 14 }, { why: 'packing', packing: 'LZMA' }],
    ['an archive', stored('x.zip'), { why: 'nested' }],
    ['a 7z archive', stored('x.7z'), { why: 'nested' }],
    ['a video of a kind that nothing reads', stored('x.avi'), { why: 'foreign' }],
    ['with a wrong sum', { ...deflated('x.mp4', noise(100)), crc: 7 }, { why: 'damaged' }],
    ['with broken packing', { ...deflated('x.mp4', noise(100)), packed: noise(60) }, { why: 'damaged' }],
    ['more than it says', { ...deflated('x.mp4', noise(9000)), size: 100 }, { why: 'damaged' }],
    ['that is not where it should be', { ...stored('x.mp4'), offset: 3 }, { why: 'damaged' }],
    [
      'longer than the archive',
      { ...stored('x.mp4'), size: 9_000_000, packedSize: 9_000_000 },
      { why: 'damaged' },
    ],
    ['much larger than it is packed', deflated('x.mp4', new Uint8Array(50_000)), { why: 'too-dense' }],
    ['larger than what is unpacked', deflated('x.mp4', noise(100_001)), { why: 'too-large' }],
  ])('%s', async (_, entry, left) => {
    const found = (await unpackFolder(await rawZip([entry, good]), false, () => {}, LIMITS))!;
    expect(found.files.map(({ path }) => path)).toEqual(['good.mp4']);
    expect(found.left).toEqual([{ path: entry.name, ...left }]);
  });

  test('together more than is unpacked: what fits is there', async () => {
    const some = [
      deflated('a.mp4', noise(60_000)),
      deflated('b.mp4', noise(60_000)),
      deflated('c.mp4', noise(30_000)),
    ];
    const found = (await unpackFolder(await rawZip(some), false, () => {}, LIMITS))!;
    expect(found.files.map(({ path }) => path)).toEqual(['a.mp4', 'c.mp4']);
    expect(found.left).toEqual([{ path: 'b.mp4', why: 'too-large' }]);
  });

  test('more files than are opened', async () => {
    const names = Array.from({ length: 12 }, (__, n) => `${n}.jpg`);
    const found = (await unpackFolder(await zip(...names), false, () => {}, LIMITS))!;
    expect(found.files).toHaveLength(10);
    expect(found.left.map(({ why }) => why)).toEqual(['too-many', 'too-many']);
  });

  test('time is over: what is stored costs none', async () => {
    const some = [deflated('a.mp4', noise(100)), good];
    const found = (await unpackFolder(await rawZip(some), false, () => {}, { ...LIMITS, time: -1 }))!;
    expect(found.files.map(({ path }) => path)).toEqual(['good.mp4']);
    expect(found.left).toEqual([{ path: 'a.mp4', why: 'too-long' }]);
  });
});

test('archives that need ZIP64, or have something in front of them, are read', async () => {
  const { files } = (await unpackFolder(
    await rawZip([stored('a.mp4'), deflated('b.mp4', noise(50))], { zip64: true }),
    false,
  ))!;
  expect(await files[0]!.file.text()).toBe('a.mp4');
  expect(files[1]!.file.size).toBe(50);
  const prefixed = new Blob([noise(1000), await rawZip([stored('a.mp4')])]);
  const found = (await unpackFolder(prefixed, false))!;
  expect(await found.files[0]!.file.text()).toBe('a.mp4');
});

test('what is no archive, is cut off, or is one part of several, is said', async () => {
  const refused = (blob: Blob, detail: RegExp) =>
    expect(unpackFolder(blob, false)).rejects.toMatchObject({
      code: 'archive-unreadable',
      detail: expect.stringMatching(detail),
    });
  await refused(new Blob(['PK nothing']), /not a ZIP/);
  const whole = await zip('a.mp4', 'b.mp4');
  await refused(whole.slice(0, whole.size - 30), /cut off/);
  await refused(new Blob([bytesOf('PK\x07\x08'), noise(500)]), /split/);
});
