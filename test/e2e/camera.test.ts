/** The webcam: Chromium's fake one, with a real street in it where the shared clips are at hand; and a denied one. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from '../../src/server/prepare.mjs';
import { screenshot, TestBrowser } from '../harness/browser';
import { fakeCameraFlags } from '../harness/chromium';
import { at, figure, waitForFigure, waitForMasks } from '../harness/journey';
import { servePage } from '../harness/serve';

const CLIP = join(ROOT, '..', 'shared', 'data', 'clips', 'camvid_0016E5_480x360_15fps.mp4');

/** The clip as the motion JPEG that Chromium's fake camera reads; null without clip or ffmpeg. */
function street(): string | null {
  if (!existsSync(CLIP)) return null;
  const out = join(ROOT, 'test', 'output', 'camera.mjpeg');
  try {
    mkdirSync(join(ROOT, 'test', 'output'), { recursive: true });
    execFileSync('ffmpeg', ['-v', 'error', '-y', '-i', CLIP, '-q:v', '3', out]);
    return out;
  } catch {
    return null;
  }
}

test('a camera is segmented like any source', async () => {
  const clip = street();
  if (clip === null) console.warn('No shared clip or no ffmpeg: the fake camera shows its test pattern.');
  await using server = await servePage();
  await using browser = await TestBrowser.launch({
    webgpu: false,
    flags: fakeCameraFlags(clip ?? undefined),
  });
  await using watched = await browser.open({ permissions: ['camera'] });
  const { page } = watched;
  await page.goto(`${server.url}?source=camera`);
  await waitForMasks(page);
  const frames = await figure(page, 'hud-frames');
  await waitForFigure(page, 'hud-frames', (n) => n > frames + 10);
  if (clip !== null) {
    const share = await waitForFigure(page, 'hud-drivable-share', (value) => value > 5);
    expect(share).toBeLessThan(80);
  }
  await screenshot(page, 'camera');
});

test('a denied camera is one sentence, and the simulated drive runs instead', async () => {
  await using server = await servePage();
  // No --use-fake-ui flag: without a person to allow it, headless Chromium denies.
  await using browser = await TestBrowser.launch({
    webgpu: false,
    flags: ['--use-fake-device-for-media-stream'],
  });
  await using watched = await browser.open();
  const { page } = watched;
  await page.goto(`${server.url}?source=camera`);
  await at(page, 'notice-camera-denied').waitFor();
  await waitForMasks(page);
});

test('no camera at all is one sentence too', async () => {
  await using server = await servePage();
  await using browser = await TestBrowser.launch({ webgpu: false });
  await using watched = await browser.open({ permissions: ['camera'] });
  const { page } = watched;
  await page.goto(`${server.url}?source=camera`);
  await at(page, 'notice-camera-absent').waitFor();
});
