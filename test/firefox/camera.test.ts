/** Firefox: a camera, read through a video element; a denied one, and none. */
import type { Page } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tinyPspnet } from '../fixtures/networks/tiny-pspnet';
import {
  firefoxMissing,
  firefoxScreenshot,
  noticesOn,
  numberIn,
  TestFirefox,
  textAt,
  waitForText,
} from '../harness/firefox';
import { networkPart } from '../harness/journey';
import { servePage, type TestServer } from '../harness/serve';

/** As long as any step may take on two busy cores, in milliseconds. A limit, never a measurement. */
const PATIENCE = 120_000;

/** Firefox's own fake devices, without a question. */
const FAKE = { 'media.navigator.streams.fake': true, 'media.navigator.permission.disabled': true };

/** Its answer for a person who has said no for good (2 is deny). */
const DENIED = { 'media.navigator.streams.fake': true, 'permissions.default.camera': 2 };

/** No question, and no device: machines of tests have no camera. */
const NONE = { 'media.navigator.streams.fake': false, 'media.navigator.permission.disabled': true };

const missing = firefoxMissing();
if (missing) console.warn(missing);

/** Keeps the tracks that the page is given, so that a test can ask what became of them. */
function keepTracks(): void {
  const tracks: MediaStreamTrack[] = [];
  Object.assign(globalThis, { tracks });
  const { mediaDevices } = navigator;
  const asked = mediaDevices.getUserMedia.bind(mediaDevices);
  mediaDevices.getUserMedia = async (constraints) => {
    const stream = await asked(constraints);
    tracks.push(...stream.getTracks());
    return stream;
  };
}

function trackStates(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    (globalThis as unknown as { tracks: MediaStreamTrack[] }).tracks.map(({ readyState }) => readyState),
  );
}

describe.skipIf(missing !== null)('Firefox', () => {
  let server: TestServer;

  beforeAll(async () => {
    server = await servePage([networkPart(tinyPspnet())]);
  });

  afterAll(async () => {
    await server?.[Symbol.asyncDispose]();
  });

  const address = (): string => `${server.url}?source=camera&model=/models/tiny.json`;

  const isSegmented = (page: Page): Promise<string> =>
    waitForText(page, 'hud-drivable-share', (text) => !Number.isNaN(numberIn(text)), PATIENCE);

  test('a camera is segmented like any source, and let go of when another is chosen', async () => {
    await using firefox = await TestFirefox.launch({ preferences: FAKE });
    const page = await firefox.open();
    await page.evaluateOnNewDocument(keepTracks);
    await page.goto(address());
    await isSegmented(page);
    const before = numberIn(await textAt(page, 'hud-frames'));
    await waitForText(page, 'hud-frames', (text) => numberIn(text) > before + 10, PATIENCE);
    // In another way than in Chromium, as the page itself says.
    expect(await page.evaluate(() => 'MediaStreamTrackProcessor' in globalThis)).toBe(false);
    expect(await textAt(page, 'lacks-track-frames')).toContain('video element');
    expect(await textAt(page, 'card-fallback')).toMatch(/WebGPU/);
    expect(await noticesOn(page)).toEqual([]);
    expect(await trackStates(page)).toEqual(['live']);
    const title = await textAt(page, 'source-title');
    await firefoxScreenshot(page, 'firefox-camera');

    await page.click('[data-testid=sources]');
    await page.click('[data-testid=open-drive]');
    await waitForText(page, 'source-title', (text) => text !== title, PATIENCE);
    await expect.poll(() => trackStates(page), { timeout: PATIENCE }).toEqual(['ended']);
    await isSegmented(page);
    await page.close();
  });

  test('a denied camera is one sentence, and the simulated drive runs instead', async () => {
    await using firefox = await TestFirefox.launch({ preferences: DENIED });
    const page = await firefox.open();
    await page.goto(address());
    await waitForText(page, 'notice-camera-denied', (text) => text !== '', PATIENCE);
    await isSegmented(page);
    await firefoxScreenshot(page, 'firefox-camera-denied');
    await page.close();
  });

  test('no camera at all is one sentence too', async () => {
    await using firefox = await TestFirefox.launch({ preferences: NONE });
    const page = await firefox.open();
    await page.goto(address());
    await waitForText(page, 'notice-camera-absent', (text) => text !== '', PATIENCE);
    await page.close();
  });
});
