import { describe, expect, test } from 'vitest';
import { ffmpegArguments, type Probe, planFor, readProbe } from '../../../../src/server/publish/ffmpeg';
import { readPublishOptions } from '../../../../src/server/publish/options';

const GOOD: Probe = {
  codec: 'h264',
  profile: 'Main',
  pixels: 'yuv420p',
  bFrames: false,
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
    keyInterval: 7,
    bitrate: 4000,
  });
  expect(readProbe({ streams: [stream] }).keyInterval).toBeNull();
  expect(() => readProbe({ streams: [] })).toThrow();
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
