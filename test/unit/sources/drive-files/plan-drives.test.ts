/** Which drives are in the files that were dropped together. */
import { describe, expect, test } from 'vitest';
import { planDrives } from '../../../../src/sources/recording/drive-files/plan-drives';
import { nameOf } from '../../../../src/sources/recording/recording';

const filesOf = (...paths: string[]) =>
  paths.map((path) => ({ path, file: new File(['x'], path.slice(path.lastIndexOf('/') + 1)) }));

/** Cameras and their files, drive by drive. */
function planned(...paths: string[]) {
  const { drives, left } = planDrives(
    filesOf(...paths.filter((path) => !path.endsWith('.json'))),
    filesOf(...paths.filter((path) => path.endsWith('.json'))),
  );
  return {
    drives: drives.map(({ cameras }) =>
      Object.fromEntries(cameras.map(({ name, clips }) => [name, clips.map(({ file }) => nameOf(file))])),
    ),
    left: left.map(({ path }) => path),
    event: drives[0]!.event !== null,
  };
}

test('chapters of one recording come before the next recording', () => {
  expect(planned('GX010042.MP4', 'GX010043.MP4', 'GX020042.MP4').drives).toEqual([
    { '': ['GX010042.MP4', 'GX020042.MP4', 'GX010043.MP4'] },
  ]);
  expect(planned('GP010042.MP4', 'GP020042.MP4', 'GOPR0043.MP4', 'GOPR0042.MP4').drives).toEqual([
    { '': ['GOPR0042.MP4', 'GP010042.MP4', 'GP020042.MP4', 'GOPR0043.MP4'] },
  ]);
});

describe('cameras of one moment are beside each other, front first', () => {
  test.for([
    [
      ['20260301_101500_NF.mp4', '20260301_101500_NR.mp4'],
      ['front', 'rear'],
    ],
    [
      ['2026_0301_101500_0001PF.MP4', '2026_0301_101500_0002PR.MP4'],
      ['front', 'rear'],
    ],
    [
      ['260301_101500_001_RH.MP4', '260301_101500_001_FH.MP4'],
      ['front', 'rear'],
    ],
    [
      ['NO20260301-101500-000001F.MP4', 'NO20260301-101500-000001B.MP4'],
      ['front', 'rear'],
    ],
    [
      ['20260301_101500_NF.mp4', '20260301_101500_NI.mp4', '20260301_101500_NR.mp4'],
      ['front', 'rear', 'inside'],
    ],
    [
      ['back', 'front', 'left_repeater', 'right_repeater'].map((c) => `2026-03-01_10-15-00-${c}.mp4`),
      ['front', 'rear', 'left', 'right'],
    ],
    [
      ['GPBK0042.MP4', 'GPFR0042.MP4'],
      ['front', 'rear'],
    ],
    [
      ['a/front/0001.mp4', 'a/rear/0001.mp4'],
      ['front', 'rear'],
    ],
  ] as const)('%j', ([paths, cameras]) => {
    const { drives, left } = planned(...paths);
    expect(drives).toHaveLength(1);
    expect(Object.keys(drives[0]!)).toEqual(cameras);
    expect(left).toEqual([]);
  });
});

test('a camera that lost a file keeps the others at their times', () => {
  const { drives } = planDrives(
    filesOf(
      '2026_0301_101500_0001F.MP4',
      '2026_0301_101500_0002R.MP4',
      '2026_0301_101600_0003F.MP4',
      '2026_0301_101700_0005F.MP4',
      '2026_0301_101700_0006R.MP4',
    ),
  );
  const [front, rear] = drives[0]!.cameras;
  const minutes = (clips: readonly { clock: number | null }[]) =>
    clips.map(({ clock }) => new Date(clock!).getUTCMinutes());
  expect(minutes(front!.clips)).toEqual([15, 16, 17]);
  expect(minutes(rear!.clips)).toEqual([15, 17]);
});

test('names with letters that say nothing are one drive in their order', () => {
  expect(planned('part_b.mp4', 'part_a.mp4').drives).toEqual([{ '': ['part_a.mp4', 'part_b.mp4'] }]);
  expect(planned('a_F.mp4', 'a_R.mp4', 'other.mp4').drives).toHaveLength(1);
});

test('a front and a rear of different days are no pair', () => {
  const { drives } = planned('20260301_101500_NF.mp4', '20260302_101500_NR.mp4');
  expect(drives).toEqual([{ '': ['20260301_101500_NF.mp4', '20260302_101500_NR.mp4'] }]);
});

test('what cannot be placed is listed', () => {
  const { drives, left } = planned('20260304_0501_F.mp4', '20260304_0501_R.mp4', 'holiday.mp4');
  expect(drives).toEqual([{ front: ['20260304_0501_F.mp4'], rear: ['20260304_0501_R.mp4'] }]);
  expect(left).toEqual(['holiday.mp4']);
});

test('small copies of the same moment are left out, alone they are taken', () => {
  expect(planned('260301_101500_001_FH.MP4', '260301_101500_001_FL.MP4')).toMatchObject({
    drives: [{ '': ['260301_101500_001_FH.MP4'] }],
    left: ['260301_101500_001_FL.MP4'],
  });
  expect(planned('260301_101500_001_FL.MP4').drives).toEqual([{ '': ['260301_101500_001_FL.MP4'] }]);
});

test('each event of a Tesla is a drive of its own; the one with its story comes first', () => {
  const { drives, event } = planned(
    'TeslaCam/RecentClips/2026-03-01_10-15-00-front.mp4',
    'TeslaCam/RecentClips/2026-03-01_10-15-00-back.mp4',
    'TeslaCam/SavedClips/2026-03-01_10-16-00/2026-03-01_10-15-00-front.mp4',
    'TeslaCam/SavedClips/2026-03-01_10-16-00/2026-03-01_10-15-00-back.mp4',
    'TeslaCam/SavedClips/2026-03-01_10-16-00/event.json',
  );
  expect(drives).toHaveLength(2);
  expect(event).toBe(true);
});

test('events that were dropped without the folder around them are apart, too', () => {
  const event = (day: number) =>
    ['front.mp4', 'back.mp4'].map((name) => `2026-03-0${day}_10-20-00/2026-03-0${day}_10-15-00-${name}`);
  const stories = [1, 2].map((day) => `2026-03-0${day}_10-20-00/event.json`);
  expect(planned(...event(1), ...event(2), ...stories).drives).toHaveLength(2);
});

test('files of one moment that nothing tells apart are pieces of one drive, not drives', () => {
  expect(planned('20260301_101500_part1.mp4', '20260301_101500_part2.mp4').drives).toEqual([
    { '': ['20260301_101500_part1.mp4', '20260301_101500_part2.mp4'] },
  ]);
});

test('where a time is that of the first piece, pieces follow each other and cameras meet by name', () => {
  const paths = ['00_001', '10_001', '00_002', '10_002'].map((lens) => `VID_20260301_101500_${lens}.insv`);
  const [drive] = planDrives(filesOf(...paths)).drives;
  for (const { clips } of drive!.cameras)
    expect(clips.map(({ clock, moment }) => [clock, moment])).toEqual([
      [null, 0],
      [null, 1],
    ]);
});

test('without a clock a file that is missing leaves a hole: the others keep their moments', () => {
  const { drives } = planDrives(
    filesOf('front_001.mp4', 'front_002.mp4', 'front_003.mp4', 'rear_001.mp4', 'rear_003.mp4'),
  );
  expect(drives[0]!.cameras.map(({ clips }) => clips.map(({ moment }) => moment))).toEqual([
    [0, 1, 2],
    [0, 2],
  ]);
});

test('a file that a system copied is not played twice', () => {
  const { drives, left } = planDrives(filesOf('GX010042.MP4', 'GX010042 (1).MP4', 'GX020042.MP4'));
  expect(drives.map(({ cameras }) => cameras[0]!.clips.map(({ file }) => nameOf(file)))).toEqual([
    ['GX010042.MP4', 'GX020042.MP4'],
  ]);
  expect(left).toEqual([{ path: 'GX010042 (1).MP4', why: 'copy' }]);
});

test('two cards at once are two drives', () => {
  const card = (name: string) => [`${name}/20260301_101500_NF.mp4`, `${name}/20260301_101500_NR.mp4`];
  expect(planned(...card('one'), ...card('two')).drives).toHaveLength(2);
  expect(planned('GX010042.MP4', 'GX020042.MP4', '20260301_101500_NF.mp4').drives).toEqual([
    { '': ['GX010042.MP4', 'GX020042.MP4'] },
    { '': ['20260301_101500_NF.mp4'] },
  ]);
});

test('ten thousand files are sorted out', () => {
  const paths = Array.from({ length: 5000 }, (_, i) => {
    const stamp = new Date(Date.UTC(2026, 0, 1) + i * 60_000)
      .toISOString()
      .replaceAll(/[-:T]/g, '')
      .slice(0, 14);
    return [`${stamp.slice(0, 8)}_${stamp.slice(8)}_NF.mp4`, `${stamp.slice(0, 8)}_${stamp.slice(8)}_NR.mp4`];
  }).flat();
  const [drive] = planned(...paths).drives;
  expect(drive!.front).toHaveLength(5000);
  expect(drive!.rear).toHaveLength(5000);
});

test('what a server of live rooms recorded of several vehicles is one drive, each vehicle a camera', () => {
  const { drives } = planned(
    '20260301_101500_123_Van.mkv',
    '20260301_101600_200_Van.mkv',
    '20260301_101530_900_Bus_7.mkv',
  );
  expect(drives).toEqual([
    {
      Bus_7: ['20260301_101530_900_Bus_7.mkv'],
      Van: ['20260301_101500_123_Van.mkv', '20260301_101600_200_Van.mkv'],
    },
  ]);
});
