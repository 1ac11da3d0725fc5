/** A video file: opened, played, sought, dropped; and files that are none. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ROOT } from '../../src/server/prepare.mjs';
import { makeMedia } from '../fixtures/make-media.mjs';
import { screenshot, TestBrowser, type WatchedPage } from '../harness/browser';
import { at, drop, figure, untilStill, waitForFigure, waitForMasks } from '../harness/journey';
import { servePage, type TestServer } from '../harness/serve';

const MADE = join(ROOT, 'test', 'fixtures', 'generated');
const CLIP = join(ROOT, '..', 'shared', 'data', 'clips', 'highway_960x540_25fps.mp4');

const failures: Readonly<Record<string, string>> = await makeMedia();
const missing = Object.values(failures)[0];
if (missing !== undefined) console.warn(`Skipped where clips are needed: ${missing}`);

let server: TestServer;
let browser: TestBrowser;
let watched: WatchedPage;

beforeAll(async () => {
  server = await servePage();
  browser = await TestBrowser.launch({ webgpu: false });
  watched = await browser.open();
  await watched.page.goto(server.url);
  await waitForMasks(watched.page);
});

afterAll(async () => {
  await watched?.[Symbol.asyncDispose]();
  await browser?.[Symbol.asyncDispose]();
  await server?.[Symbol.asyncDispose]();
});

async function title(): Promise<string> {
  return (await at(watched.page, 'source-title').first().textContent()) ?? '';
}

describe.skipIf(missing !== undefined)('clips of our own', () => {
  test.each([
    ['text.mp4', 'source-not-a-video'],
    ['empty.mp4', 'source-empty'],
    ['audio-only.mp4', 'source-no-video-track'],
    ['mpeg4.mp4', 'source-codec-unsupported'],
    ['too-large.webm', 'source-too-large'],
  ])('%s: one sentence (%s), and the drive goes on', async (name, code) => {
    const { page } = watched;
    const before = await title();
    await drop(page, name, '', await readFile(join(MADE, name)));
    await at(page, `notice-${code}`).waitFor();
    expect(await title()).toBe(before);
    const frames = await figure(page, 'hud-frames');
    await waitForFigure(page, 'hud-frames', (n) => n > frames);
    await at(page, `notice-${code}`).getByTestId('dismiss').click();
    await at(page, `notice-${code}`).waitFor({ state: 'detached' });
  });

  test.each([
    'h264.mp4',
    'vp9.webm',
    'av1.mp4',
    'h264.mkv',
    'odd.webm',
    'rotated-90.mp4',
    'variable-rate.mp4',
    'still.png',
  ])('%s plays and is segmented', async (name) => {
    const { page } = watched;
    await drop(page, name, 'video/mp4', await readFile(join(MADE, name)));
    await expect.poll(title, { timeout: 30_000 }).toContain(name);
    await waitForMasks(page);
    if (name === 'rotated-90.mp4') await screenshot(page, 'file-rotated');
  });
});

describe.skipIf(!existsSync(CLIP))('a real motorway (the shared clip; skipped where it is not there)', () => {
  test('plays under its masks, and seeking goes there', async () => {
    const { page } = watched;
    await at(page, 'file-input').setInputFiles(CLIP);
    await expect.poll(title, { timeout: 30_000 }).toContain('highway');
    await waitForMasks(page);
    const share = await waitForFigure(page, 'hud-drivable-share', (value) => value > 10);
    expect(share).toBeLessThan(70);
    // The picture of the file before stays until the first of this one is drawn.
    await waitForFigure(page, 'hud-picture-fps', (rate) => rate > 0);
    await screenshot(page, 'file-highway');
    await page.locator('body').press('Space');
    await at(page, 'seek').fill('5');
    await expect.poll(async () => (await at(page, 'time').textContent()) ?? '').toMatch(/0?0:05/);
    await untilStill(at(page, 'canvas'));
    await screenshot(page, 'file-highway-seek');
  });
});
