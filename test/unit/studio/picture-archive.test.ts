import { describe, expect, test } from 'vitest';
import { picturesOfArchive } from '../../../src/studio/session/picture-archive';
import { zipOf } from '../labels/zip-of';

const zip = (...names: readonly string[]) =>
  zipOf(Object.fromEntries(names.map((name) => [name, new TextEncoder().encode(name)])));

const pathsIn = async (beside: boolean, ...names: readonly string[]): Promise<readonly string[] | null> =>
  (await picturesOfArchive(await zip(...names), beside))?.map(({ path }) => path) ?? null;

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
    const [file] = (await picturesOfArchive(await zip('trip/a.jpg', 'trip/read.me'), false))!;
    expect(file!.file.name).toBe('a.jpg');
    expect(await file!.file.text()).toBe('trip/a.jpg');
  });
});

describe('a ZIP of labels stays one', () => {
  test.each([
    ['an export of this page', ['index.json', 'frame_000000.png']],
    ['CVAT’s', ['labelmap.txt', 'SegmentationClass/a.png']],
    ['Cityscapes’', ['gtFine/a_gtFine_labelIds.png', 'gtFine/a_gtFine_color.png']],
    ['COCO', ['annotations/instances.json']],
    ['videos', ['a.mp4']],
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

test('what is no archive is said as before', async () => {
  await expect(picturesOfArchive(new Blob(['PK nothing']), false)).rejects.toMatchObject({
    code: 'labels-unreadable',
  });
});
