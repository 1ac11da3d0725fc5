import { expect, test } from 'vitest';
import { planOf } from '../../../src/batch/batch-plan';

const filesOf = (...paths: string[]) =>
  paths.map((path) => ({ path, file: new File(['x'], path.split('/').at(-1)!) }));

test('cameras of one drive are one recording', () => {
  const { recordings } = planOf(
    filesOf('card/20260301_101500_NF.mp4', 'card/20260301_101500_NR.mp4', 'card/20260301_101600_NF.mp4'),
  );
  expect(recordings.map(({ files }) => files.toSorted())).toEqual([[0, 1, 2]]);
});

test('videos whose names tell nothing are a recording each', () => {
  const { recordings } = planOf(filesOf('set/street.mp4', 'set/bridge.mp4', 'set/tunnel.webm'));
  expect(recordings.map(({ files }) => files).toSorted()).toEqual([[0], [1], [2]]);
  expect(recordings.find(({ files }) => files[0] === 1)?.title).toBe('set/bridge.mp4');
});

test('pictures keep the labels that lie beside them', () => {
  const { recordings } = planOf(
    filesOf('set/images/a.png', 'set/images/b.png', 'set/labels/a.png', 'set/labels/b.png'),
  );
  expect(recordings).toHaveLength(1);
  expect(recordings[0]!.files.toSorted()).toEqual([0, 1, 2, 3]);
});

test('a Tesla’s event keeps what it says of itself', () => {
  const folder = 'SavedClips/2026-03-01_10-15-00';
  const { recordings } = planOf(
    filesOf(
      `${folder}/2026-03-01_10-15-00-front.mp4`,
      `${folder}/2026-03-01_10-15-00-back.mp4`,
      `${folder}/event.json`,
    ),
  );
  expect(recordings.map(({ files }) => files.toSorted())).toEqual([[0, 1, 2]]);
});

test('what is no recording is none', () => {
  expect(planOf(filesOf('notes.zip')).recordings).toEqual([]);
  expect(planOf([]).recordings).toEqual([]);
});

test('a ZIP is to be unpacked first, and this is said', () => {
  const plan = planOf(filesOf('card.zip'));
  expect(plan).toEqual({
    recordings: [],
    left: [{ path: 'card.zip', why: 'a ZIP: unpack it, and name the folder' }],
  });
});
