/** Figures as files: which file a frame lies in, and how folders fare against their labels. */
import { expect, test } from 'vitest';
import type { FrameRecord } from '../../../src/jobs/frame-record';
import type { Job } from '../../../src/jobs/job';
import { exportTable } from '../../../src/jobs/table-export';
import type { RecordingParts } from '../../../src/sources/recording/recording';
import { parseClassList } from '../../../src/taxonomy/class-list';
import { DRIVING } from '../../../src/taxonomy/classes';

const LIST = parseClassList(
  [
    { id: 0, name: 'road', colour: '#808080', role: 'drivable' },
    { id: 1, name: 'sky', colour: '#0000ff', role: null },
  ],
  DRIVING,
);

/** A record of which so many of a hundred cells agree. */
function record(n: number, both: number): FrameRecord {
  const share = both / 100;
  return {
    ...{ n, t: n, areas: [1, 0], own: null, undecided: 0, broken: 0, drivable: 1, decided: 1, confidence: 1 },
    ...{ free: null, boundary: [], obstacles: [], events: [], map: { width: 1, height: 1, runs: 'A' } },
    agreement: {
      ...{ same: share, drivable: share, mean: share, overlap: [both, 0], union: [100, 0], cells: 100 },
      ...{ road: [both, 100], edge: [1, 2], mistaken: [] },
    },
  } as unknown as FrameRecord;
}

async function written(
  format: 'csv' | 'json',
  recording: RecordingParts,
  files: readonly { name: string; start: number }[],
): Promise<string> {
  let text = '';
  const stream = {
    write: async (part: string) => {
      text += part;
    },
    close: async () => {},
    abort: async () => {},
  };
  const target = { createWritable: async () => stream } as unknown as FileSystemFileHandle;
  const job = { kind: 'table', format, range: null, target, recording, name: 'set' } as unknown as Extract<
    Job,
    { kind: 'table' }
  >;
  const records = [record(0, 90), record(1, 80), record(2, 20)];
  expect(await exportTable(records, job, { model: 'net', list: LIST, files })).toBe(3);
  return text;
}

const PICTURES: RecordingParts = { kind: 'pictures', pictures: [] };
const FOLDERS = ['day/a, b.png', 'day/c.png', 'night/a.png'].map((name, start) => ({ name, start }));

test('a table names the file of each frame, quoted where it must be', async () => {
  const lines = (await written('csv', PICTURES, FOLDERS)).trimEnd().split('\r\n');
  const ends = [/,events,file$/, /,"day\/a, b\.png"$/, /,day\/c\.png$/, /,night\/a\.png$/];
  for (const [i, end] of ends.entries()) expect(lines[i]).toMatch(end);
});

test('of videos one behind the other it is the one that plays', async () => {
  const files = [
    { name: 'one.mp4', start: 0 },
    { name: 'two.mp4', start: 1.5 },
  ];
  const json = JSON.parse(await written('json', { kind: 'videos', videos: [] }, files));
  expect(json.frames.map(({ file }: { file: string }) => file)).toEqual(['one.mp4', 'one.mp4', 'two.mp4']);
  expect(json.folders).toBeUndefined();
  expect(json.labels).toMatchObject({ frames: 3 });
});

test('figures of all frames and of each folder, the worst first', async () => {
  const json = JSON.parse(await written('json', PICTURES, FOLDERS));
  expect(json.labels).toMatchObject({ frames: 3, drivable: 0.6333, edge: 0.5 });
  expect(json.folders).toEqual([
    expect.objectContaining({ folder: 'night', frames: 1, drivable: 0.2 }),
    expect.objectContaining({ folder: 'day', frames: 2, drivable: 0.85 }),
  ]);
  expect(json.frames[1].file).toBe('day/c.png');
});

test('one file has no name in it', async () => {
  const text = await written('csv', { kind: 'videos', videos: [] }, []);
  expect(text.split('\r\n')[0]).toMatch(/,events$/);
});
