/** The command-line publisher, with real ffmpeg and a real media worker. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { observer, type types } from 'mediasoup';
import { describe, expect, test, vi } from 'vitest';
import { type Destination, ffmpegArguments, planFor, probe } from '../../../../src/server/publish/ffmpeg';
import { publish } from '../../../../src/server/publish/publish';
import { join as enter, NO_WORKER, SECRET, serveLive, WORKER } from '../../../harness/live';
import { RtspCamera } from '../../../harness/rtsp-camera';
import { SOON } from '../../../harness/soon';
import { UdpRelay } from '../../../harness/udp-relay';

const ENCODER =
  spawnSync('ffmpeg', ['-hide_banner', '-encoders'], { encoding: 'utf8' }).stdout?.includes('libx264') ??
  false;
const SKIPPED = !WORKER || !ENCODER;
if (SKIPPED) console.warn(`The publisher’s test is skipped: ${WORKER ? 'no ffmpeg with H.264' : NO_WORKER}`);

/** Producers of this process's rooms. */
const producers: types.Producer[] = [];
observer.on('newworker', (worker) =>
  worker.observer.on('newrouter', (router) =>
    router.observer.on('newtransport', (transport) =>
      transport.observer.on('newproducer', (producer) => producers.push(producer)),
    ),
  ),
);

async function packets(): Promise<number> {
  const [stats] = (await producers.at(-1)?.getStats()) ?? [];
  return stats?.packetCount ?? 0;
}

/** A test pattern with two key frames a second, as a dashcam writes it. */
function makeClip(folder: string, seconds: number): string {
  const clip = join(folder, 'clip.mp4');
  execFileSync('ffmpeg', [
    ...['-loglevel', 'error', '-f', 'lavfi', '-i', `testsrc2=size=160x90:rate=10:duration=${seconds}`],
    ...['-c:v', 'libx264', '-profile:v', 'baseline', '-pix_fmt', 'yuv420p', '-g', '5', clip],
  ]);
  return clip;
}

describe.skipIf(SKIPPED)('a dashcam', () => {
  test('a camera that speaks RTSP is sent as it is', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'carriageway-test-'));
    const stopped = new AbortController();
    let ended: Promise<number> | null = null;
    try {
      await using camera = await RtspCamera.show(makeClip(folder, 4));
      await using server = await serveLive();
      const args = ['--room', 'depot', '--name', 'Camera', '--server', server.url, camera.url];
      const said = vi.spyOn(console, 'log');
      ended = publish(args, { LIVE_SECRET: SECRET }, stopped.signal);
      await vi.waitFor(async () => expect(await packets()).toBeGreaterThan(20), {
        timeout: 50_000,
        interval: 200,
      });
      expect(said.mock.calls.flat().join()).toMatch(/Sending h264 .* as it is/);
      stopped.abort();
      expect(await ended).toBe(0);
    } finally {
      stopped.abort();
      await ended;
      rmSync(folder, { recursive: true });
      vi.restoreAllMocks();
    }
  });

  test.each([
    ['as it is', []],
    ['encoded anew', ['--transcode']],
  ])('sends a file %s, over and over, and leaves when told to', async (_, flags) => {
    const folder = mkdtempSync(join(tmpdir(), 'carriageway-test-'));
    const clip = makeClip(folder, 1);
    await using server = await serveLive();
    using viewer = await enter(server.url, 'depot', 'view');
    const stopped = new AbortController();
    const ended = publish(
      ['--room', 'depot', '--name', 'Dashcam', '--server', server.url, ...flags, clip],
      { LIVE_SECRET: SECRET },
      stopped.signal,
    );
    try {
      // One round has ten pictures of two packets or so each: this many are several rounds.
      await vi.waitFor(async () => expect(await packets()).toBeGreaterThan(60), {
        timeout: 50_000,
        interval: 200,
      });
      expect(viewer.heard).toContainEqual(
        expect.objectContaining({
          event: 'vehicle-came',
          vehicle: expect.objectContaining({ name: 'Dashcam' }),
        }),
      );
    } finally {
      stopped.abort();
      expect(await ended).toBe(0);
      rmSync(folder, { recursive: true });
    }
    await vi.waitFor(
      () => expect(viewer.heard.some((each) => each.event === 'vehicle-left')).toBe(true),
      SOON,
    );
  });

  test('that comes from another port joins again by itself, and is seen', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'carriageway-test-'));
    const clip = makeClip(folder, 1);
    await using server = await serveLive({ limits: { silentAfter: 500 } });
    using viewer = await enter(server.url, 'depot', 'view');
    const relays: UdpRelay[] = [];
    const stopped = new AbortController();
    const said = vi.spyOn(console, 'error');
    // Every way to the media goes through a relay, as behind a NAT.
    const relayed = async (to: Destination): Promise<Destination> => {
      const relay = await UdpRelay.open(to);
      relays.push(relay);
      return { ...to, port: relay.port };
    };
    const ended = publish(
      ['--room', 'depot', '--name', 'Dashcam', '--server', server.url, clip],
      { LIVE_SECRET: SECRET },
      stopped.signal,
      relayed,
    );
    const flows = (atLeast: number) =>
      vi.waitFor(async () => expect(await packets()).toBeGreaterThan(atLeast), {
        timeout: 50_000,
        interval: 200,
      });
    try {
      await flows(10);
      const [first] = relays;
      if (!first) throw new Error('Nothing came through the relay.');
      first.change();
      await vi.waitFor(
        () => expect(viewer.heard.filter((each) => each.event === 'vehicle-came')).toHaveLength(2),
        { timeout: 50_000, interval: 200 },
      );
      await flows(10);
      expect(viewer.heard).toContainEqual(expect.objectContaining({ event: 'vehicle-silent', silent: true }));
      expect(said.mock.calls.flat().join()).toContain('The server hears nothing of Dashcam.');
    } finally {
      stopped.abort();
      expect(await ended).toBe(0);
      for (const relay of relays) await relay[Symbol.asyncDispose]();
      vi.restoreAllMocks();
      rmSync(folder, { recursive: true });
    }
  });

  test.each([
    ['stored lying by a phone', ['-metadata:s:v:0', 'rotate=90'], 'stored turned', 90, 160],
    ['with wide pixels', ['-aspect', '32:9'], 'not square', 320, 90],
  ])('sends a film %s as a player shows it', async (_, flags, reason, width, height) => {
    const folder = mkdtempSync(join(tmpdir(), 'carriageway-test-'));
    const stored = join(folder, 'stored.mp4');
    const shown = join(folder, 'shown.mp4');
    try {
      execFileSync('ffmpeg', [
        ...['-loglevel', 'error', '-i', makeClip(folder, 1), '-c', 'copy', ...flags, stored],
      ]);
      const found = await probe(stored);
      const plan = planFor(found!, true, false);
      expect(plan).toMatchObject({ copy: false, reason: expect.stringContaining(reason) });
      // The same coding, into a file that can be looked at.
      const args = ffmpegArguments(stored, plan, {
        address: '127.0.0.1',
        port: 9,
        payloadType: 100,
        ssrc: 7,
      });
      const coding = args.slice(args.indexOf('-map'), args.indexOf('-ssrc'));
      execFileSync('ffmpeg', ['-loglevel', 'error', '-i', stored, ...coding, shown]);
      const size = execFileSync(
        'ffprobe',
        ['-v', 'error', '-show_entries', 'stream=width,height,sample_aspect_ratio', '-of', 'json', shown],
        { encoding: 'utf8' },
      );
      expect(JSON.parse(size).streams[0]).toEqual({ width, height, sample_aspect_ratio: '1:1' });
      expect((await probe(shown))?.rotation).toBe(0);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('does not copy a film whose key frames are recovery points', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'carriageway-test-'));
    const clip = join(folder, 'refresh.mp4');
    try {
      execFileSync('ffmpeg', [
        ...['-loglevel', 'error', '-f', 'lavfi', '-i', 'testsrc2=size=160x90:rate=10:duration=8'],
        ...['-c:v', 'libx264', '-profile:v', 'main', '-pix_fmt', 'yuv420p'],
        ...['-x264-params', 'intra-refresh=1:keyint=10:bframes=0', clip],
      ]);
      expect(planFor((await probe(clip))!, true, false)).toMatchObject({
        copy: false,
        reason: 'its key frames are too far apart',
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
