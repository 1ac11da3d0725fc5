/** The command-line publisher, with real ffmpeg and a real media worker. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { observer, type types } from 'mediasoup';
import { describe, expect, test, vi } from 'vitest';
import { publish } from '../../../../src/server/publish/publish';
import { join as enter, NO_WORKER, serveLive, WORKER } from '../../../harness/live';
import { RtspCamera } from '../../../harness/rtsp-camera';

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
      ended = publish(args, {}, stopped.signal);
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
      {},
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
    await vi.waitFor(() => expect(viewer.heard.some((each) => each.event === 'vehicle-left')).toBe(true));
  });
});
