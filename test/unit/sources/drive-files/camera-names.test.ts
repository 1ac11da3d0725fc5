/** Names of makers: the table, row by row, as manuals and bug reports have them. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { byCamera, readCameraFile } from '../../../../src/sources/recording/drive-files/camera-names';

const QUARTER_PAST_TEN = Date.UTC(2026, 2, 1, 10, 15, 0);

describe('cameras and times', () => {
  test.for([
    ['20260301_101500_NF.mp4', 'BlackVue', 'front', false],
    ['20260301_101500_NR.mp4', 'BlackVue', 'rear', false],
    ['20260301_101500_EI.mp4', 'BlackVue', 'inside', false],
    ['20260301_101500_PFS.mp4', 'BlackVue', 'front', true],
    ['20260301_101500_N.mp4', 'BlackVue', null, false],
    // Makers that write no kind: the letter is the camera's.
    ['20260301_101500_F.mp4', '', 'front', false],
    ['20260301_101500_R.mp4', '', 'rear', false],
    ['20260301_101500_i.mp4', '', 'inside', false],
    ['2026_0301_101500_0001F.MP4', 'Viofo', 'front', false],
    ['2026_0301_101500_0002PR.MP4', 'Viofo', 'rear', false],
    ['2026_0301_101500_0002I.MP4', 'Viofo', 'inside', false],
    ['2026_0301_101500_001.MP4', 'Viofo', null, false],
    ['20260301101500_000123F.MP4', 'Viofo', 'front', false],
    ['REC_2026_03_01_10_15_00_F.MP4', 'Thinkware', 'front', false],
    ['EVT_2026_03_01_10_15_00_R.MP4', 'Thinkware', 'rear', false],
    ['260301_101500_001_FH.MP4', 'Nextbase', 'front', false],
    ['260301_101500_001_RH.MP4', 'Nextbase', 'rear', false],
    ['260301_101500_001_FL.MP4', 'Nextbase', 'front', true],
    ['260301_101500_001_FHP.MP4', 'Nextbase', 'front', false],
    ['NO20260301-101500-000001F.MP4', '70mai', 'front', false],
    ['EV20260301-101500-000002B.MP4', '70mai', 'rear', false],
    ['PA20260301-101500-000002.MP4', '70mai', null, false],
    ['2026-03-01_10-15-00-front.mp4', 'Tesla', 'front', false],
    ['2026-03-01_10-15-00-back.mp4', 'Tesla', 'rear', false],
    ['2026-03-01_10-15-00-left_repeater.mp4', 'Tesla', 'left', false],
    ['2026-03-01_10-15-00-right_pillar.mp4', 'Tesla', 'right pillar', false],
    ['20260301101500_000001A.MP4', 'Novatek', 'front', false],
    ['20260301101500_000001B.MP4', 'Novatek', 'rear', false],
    ['20260301_101500_0001_N_A.MP4', 'Vantrue', 'front', false],
    ['20260301_101500_0001_E_B.MP4', 'Vantrue', 'inside', false],
    ['20260301_101500_0001_P_C.MP4', 'Vantrue', 'rear', false],
    ['2026_0301_101500_001A.MP4', 'Transcend', 'front', false],
    ['2026_0301_101500_001B.MP4', 'Transcend', 'inside', false],
    ['FILE260301-101500F.MP4', 'Mio', 'front', false],
    ['EMER260301-101500R.MP4', 'Mio', 'rear', false],
    ['VID_20260301_101500_00_001.insv', 'Insta360', 'front', false],
    ['LRV_20260301_101500_10_002.insv', 'Insta360', 'rear', true],
    ['20260301_101500_NF (1).mp4', 'BlackVue', 'front', true],
    ['dashcam_front_20260301_101500.mp4', '', 'front', false],
    ['R_20260301_101500.mp4', '', 'rear', false],
    ['cam1_20260301_101500.mp4', '', 'camera 1', false],
    ['20260301_101500_ch2.mp4', '', 'camera 2', false],
    ['drive 2026-03-01 10.15.00 rear.mp4', '', 'rear', false],
    ['VID_20260301_101500.mp4', '', null, false],
    ['Front/20260301T101500.mp4', '', 'front', false],
  ] as const)('%s', ([path, maker, camera, copy]) => {
    expect(readCameraFile(path)).toMatchObject({ maker, camera, copy, clock: QUARTER_PAST_TEN });
  });

  test.for([
    ['GX010042.MP4', 'GoPro', null, [42, 1]],
    ['GH120042.mp4', 'GoPro', null, [42, 12]],
    ['GOPR0042.MP4', 'GoPro', null, [42, 0]],
    ['GP020042.MP4', 'GoPro', null, [42, 2]],
    ['GHAB0003.MP4', 'GoPro', null, [65 * 256 + 66, 3]],
    ['GPFR0042.MP4', 'GoPro', 'front', [42, 0]],
    ['GB010042.MP4', 'GoPro', 'rear', [42, 1]],
    ['GRMN0007.MP4', 'Garmin', null, [7, 0]],
    ['GRMN0007-REAR.MP4', 'Garmin', 'rear', [7, 0]],
  ] as const)('%s is a piece of a recording', ([path, maker, camera, order]) => {
    expect(readCameraFile(path)).toMatchObject({ maker, camera, order, clock: null });
  });
});

describe('names that no maker gives', () => {
  test.for([
    ['drive-front.mov', 'front'],
    ['back.mp4', 'rear'],
    ['leftcam_01.mp4', 'left'],
    ['interior 3.mp4', 'inside'],
    ['20260304_0501_F.mp4', 'front'],
    ['clip12r.mp4', 'rear'],
    ['trip-front-001.mp4', 'front'],
    ['front_left.mp4', 'front left'],
    ['BackRight 7.mp4', 'rear right'],
    ['CAM_FRONT_LEFT.mp4', 'front left'],
    ['side-left.mp4', 'left'],
    ['left_rear.mp4', 'rear left'],
    ['vorne_001.mp4', 'front'],
    ['hinten_001.mp4', 'rear'],
    ['camcorder.mp4', null],
    ['card/R/0001.mp4', 'rear'],
    ['part_a.mp4', null],
    ['part_b.mp4', null],
    ['chapter_f.mp4', null],
    ['confront.mp4', null],
    ['drawback.mp4', null],
    ['upright.mp4', null],
  ] as const)('%s: %s', ([path, camera]) => {
    expect(readCameraFile(path)).toMatchObject({ maker: '', camera, order: null });
  });
});

test('times that do not exist are none', () => {
  for (const path of ['20261301_101500_NF.mp4', '20260230_101500_NF.mp4', '20260301_256000_NF.mp4'])
    expect(readCameraFile(path).clock).toBeNull();
});

test('any name is read without an error, and its time exists', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 40 }), (name) => {
      const { clock, camera } = readCameraFile(name);
      expect(clock === null || Number.isFinite(clock)).toBe(true);
      expect(camera).not.toBe('');
    }),
  );
});

test('the front is shown first, what is unknown last', () => {
  const names = ['x', 'rear', 'inside', 'right', 'left', 'front', 'left pillar'];
  expect(names.sort(byCamera)).toEqual(['front', 'rear', 'left', 'right', 'left pillar', 'inside', 'x']);
});
