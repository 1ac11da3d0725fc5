import { describe, expect, test } from 'vitest';
import {
  ffmpegArguments,
  type Probe,
  planFor,
  printable,
  readEntries,
  readProbe,
} from '../../../../src/server/publish/ffmpeg';
import { readPublishOptions } from '../../../../src/server/publish/options';

const GOOD: Probe = {
  codec: 'h264',
  profile: 'Main',
  pixels: 'yuv420p',
  bFrames: false,
  stream: 0,
  rotation: 0,
  mirrored: false,
  interlaced: false,
  square: true,
  keyInterval: 1,
  bitrate: 1e6,
};

describe('what is sent as it is', () => {
  test('H.264 that browsers show, with key frames close together', () => {
    expect(planFor(GOOD, true, false)).toMatchObject({ copy: true, codec: 'h264', profile: '4d' });
    expect(planFor({ ...GOOD, profile: 'Constrained Baseline' }, true, false).profile).toBe('42');
  });

  test.each([
    ['B-frames', { bFrames: true }],
    ['another codec', { codec: 'hevc', profile: 'Main' }],
    ['ten bits', { profile: 'High 10', pixels: 'yuv420p10le' }],
    ['rare key frames', { keyInterval: 10 }],
    ['unknown key frames', { keyInterval: null }],
    ['a turn that only the file knows of', { rotation: -90 }],
    ['a mirror that only the file knows of', { mirrored: true }],
    ['pictures woven of two', { interlaced: true }],
    ['pixels that are not square', { square: false }],
    ['more bits than are let through', { bitrate: 9e6 }],
  ])('not with %s', (_, patch) => {
    const plan = planFor({ ...GOOD, ...patch }, true, false);
    expect(plan).toMatchObject({ copy: false, codec: 'h264', profile: '42' });
    expect(plan.reason).not.toBe('');
  });

  test('without an encoder for H.264, VP8', () => {
    expect(planFor({ ...GOOD, codec: 'vp9' }, false, false).codec).toBe('vp8');
  });
});

test('ffprobe is read; the longest wait for a key frame includes the one after the last', () => {
  const packet = (pts: number, key: boolean) => ({
    pts_time: String(pts),
    size: '1125',
    flags: key ? 'K__' : '___',
  });
  const stream = { codec_name: 'h264', profile: 'High', pix_fmt: 'yuv420p', has_b_frames: 2 };
  expect(
    readProbe({
      streams: [stream],
      packets: [packet(0, true), packet(1, false), packet(2, true), packet(9, false)],
    }),
  ).toEqual({
    codec: 'h264',
    profile: 'High',
    pixels: 'yuv420p',
    bFrames: true,
    stream: 0,
    rotation: 0,
    mirrored: false,
    interlaced: false,
    square: true,
    keyInterval: 7,
    bitrate: 4000,
  });
  expect(readProbe({ streams: [stream] }).keyInterval).toBeNull();
  expect(() => readProbe({ streams: [] })).toThrow();
});

test('a turn, wide pixels, and recovery points that are no entries are seen', () => {
  const stream = {
    codec_name: 'h264',
    profile: 'High',
    pix_fmt: 'yuv420p',
    sample_aspect_ratio: '2:1',
    side_data_list: [{}, { rotation: -90 }],
  };
  const packets = [0, 1, 2, 3, 4, 5, 6].map((time) => ({ pts_time: String(time), flags: 'K_' }));
  expect(readProbe({ streams: [stream], packets })).toMatchObject({
    rotation: -90,
    square: false,
    keyInterval: 1,
  });
  // Flagged as keys, every one; but a browser begins with the first alone.
  const entries = readEntries('#tb 0: 1/15360\n0,          0,          0,     1024,     3393, 0x98\n');
  expect(entries).toEqual([0]);
  expect(readProbe({ streams: [stream], packets }, entries).keyInterval).toBe(6);
  expect(readEntries('#tb 0: 1/90000\n0, 0, 0, 1, 9, 0x1\n0, -9, 180000, 1, 9, 0x1\n')).toEqual([0, 2]);
});

test('a mirror and woven pictures are seen, in what ffprobe says of such files', () => {
  const about = { codec_name: 'h264', profile: 'Main', pix_fmt: 'yuv420p', width: 320, height: 240 };
  const matrix = (a: number, b: number, c: number, d: number): object => ({
    side_data_type: 'Display Matrix',
    displaymatrix: `\n00000000: ${a} ${b} 0\n00000001: ${c} ${d} 0\n00000002: 0 0 1073741824\n`,
    rotation: 0,
  });
  const mirrored = (...values: [number, number, number, number]): boolean =>
    readProbe({ streams: [{ ...about, side_data_list: [matrix(...values)] }] }).mirrored;
  expect(mirrored(65536, 0, 0, -65536)).toBe(true);
  expect(mirrored(0, 65536, 65536, 0)).toBe(true);
  expect(mirrored(65536, 0, 0, 65536)).toBe(false);
  expect(mirrored(-65536, 0, 0, -65536)).toBe(false);
  expect(mirrored(0, 65536, -65536, 0)).toBe(false);
  for (const [order, interlaced] of [
    ['tt', true],
    ['bb', true],
    ['progressive', false],
    ['unknown', false],
  ] as const)
    expect(readProbe({ streams: [{ ...about, field_order: order }] }).interlaced).toBe(interlaced);
});

test('of several films the largest is sent, and no cover; packets of the others do not count', () => {
  const film = { codec_name: 'h264', profile: 'Main', pix_fmt: 'yuv420p' };
  const streams = [
    { ...film, index: 0, codec_name: 'mjpeg', width: 4000, height: 3000, disposition: { attached_pic: 1 } },
    { ...film, index: 1, width: 64, height: 48, has_b_frames: 2 },
    { ...film, index: 3, width: 320, height: 240 },
  ];
  const packets = [0, 1, 2, 3].flatMap((time) => [
    { stream_index: 1, pts_time: String(time), flags: '__' },
    { stream_index: 3, pts_time: String(time), flags: 'K_' },
  ]);
  const found = readProbe({ streams, packets });
  expect(found).toMatchObject({ codec: 'h264', stream: 3, bFrames: false, keyInterval: 1 });
  const to = { address: '127.0.0.1', port: 4000, payloadType: 100, ssrc: 7 };
  const map = (input: string, anew: boolean): string | undefined => {
    const args = ffmpegArguments(input, planFor(found, true, anew), to);
    return args[args.indexOf('-map') + 1];
  };
  expect(map('clip.mp4', true)).toBe('0:3');
  expect(map('packed-anew.ts', false)).toBe('0:v:0');
  expect(map('rtsp://cam/1', false)).toBe('0:3');
});

test('the wait behind the last key frame goes on to the first one of the next round', () => {
  const packets = [0, 1, 2, 3, 4, 5].map((time) => ({
    pts_time: String(time),
    flags: time === 2 || time === 3 ? 'K_' : '__',
  }));
  expect(readProbe({ streams: [{}], packets }).keyInterval).toBe(4);
});

test('what is encoded anew is sent upright, with square pixels; what is copied is not touched', () => {
  const to = { address: '127.0.0.1', port: 4000, payloadType: 100, ssrc: 7 };
  expect(ffmpegArguments('clip.mp4', planFor(GOOD, true, true), to).join(' ')).toMatch(
    /-vf scale=.*setsar=1/,
  );
  const woven = ffmpegArguments('clip.mp4', planFor({ ...GOOD, interlaced: true }, true, false), to);
  expect(woven.join(' ')).toMatch(/-vf yadif,scale=/);
  expect(ffmpegArguments('clip.ts', planFor(GOOD, true, false), to)).not.toContain('-vf');
});

test('with a key, everything is encrypted', () => {
  const to = {
    address: '127.0.0.1',
    port: 4000,
    payloadType: 100,
    ssrc: 7,
    srtp: { suite: 'AES_CM_128_HMAC_SHA1_80', key: 'a2V5' },
  };
  const args = ffmpegArguments('clip.ts', planFor(GOOD, true, false), to);
  expect(args.at(-1)).toBe('srtp://127.0.0.1:4000?pkt_size=1200');
  expect(args.slice(args.indexOf('-srtp_out_suite'), args.indexOf('-srtp_out_suite') + 4)).toEqual([
    '-srtp_out_suite',
    'AES_CM_128_HMAC_SHA1_80',
    '-srtp_out_params',
    'a2V5',
  ]);
});

test('a password in an address is never printed', () => {
  expect(printable('rtsp://me:hunter2@cam.example/1 refused')).toBe('rtsp://…@cam.example/1 refused');
  expect(printable('rtsps://me:hun@ter2@10.0.0.1:554/a and rtsp://b:c@d/e')).toBe(
    'rtsps://…@10.0.0.1:554/a and rtsp://…@d/e',
  );
  expect(printable('clip.mp4')).toBe('clip.mp4');
  expect(printable('rtsp://cam.example/1@2')).toBe('rtsp://cam.example/1@2');
});

test('files are repeated at their pace, cameras are not; IPv6 addresses are wrapped', () => {
  const plan = planFor(GOOD, true, true);
  const to = { address: '::1', port: 4000, payloadType: 100, ssrc: 7 };
  const file = ffmpegArguments('clip.mp4', plan, to);
  expect(file).toContain('-re');
  expect(file).toContain('-stream_loop');
  expect(file.at(-1)).toBe('rtp://[::1]:4000?pkt_size=1200');
  const camera = ffmpegArguments('rtsp://cam/1', plan, { ...to, address: '10.0.0.1' });
  expect(camera).not.toContain('-re');
  expect(camera.slice(camera.indexOf('-rtsp_transport'), camera.indexOf('-i'))).toEqual([
    '-rtsp_transport',
    'tcp',
  ]);
  expect(camera.at(-1)).toBe('rtp://10.0.0.1:4000?pkt_size=1200');
});

describe('the command line', () => {
  test('is read', () => {
    expect(readPublishOptions(['--room', 'a', '--name', 'Van 3', 'clip.mp4'], { LIVE_SECRET: 's' })).toEqual({
      room: 'a',
      name: 'Van 3',
      server: 'http://127.0.0.1:8080/',
      token: null,
      secret: 's',
      transcode: false,
      input: 'clip.mp4',
    });
    expect(readPublishOptions(['--help'], {})).toBe('help');
  });

  test('a token of the environment comes before an argument, which everybody on the machine is shown', () => {
    const args = ['--room', 'a', '--name', 'n', '--token', 'shown', 'f'];
    expect(readPublishOptions(args, { CARRIAGEWAY_TOKEN: 'kept' })).toMatchObject({ token: 'kept' });
    expect(readPublishOptions(args, {})).toMatchObject({ token: 'shown' });
  });

  test.each([
    [['--name', 'n', 'f'], /--room/],
    [['--room', 'a b', '--name', 'n', 'f'], /--room/],
    [['--room', 'a', 'f'], /--name/],
    [['--room', 'a', '--name', 'n'], /one file/],
    [['--room', 'a', '--name', 'n', '--server', 'ftp://x', 'f'], /--server/],
    [['--rom', 'a'], /rom/],
  ])('%j is refused with the name of what is wrong', (argv, message) => {
    const read = readPublishOptions(argv, {});
    expect(read).toHaveProperty('problem', expect.stringMatching(message));
  });
});
