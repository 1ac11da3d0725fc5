/** Firefox: a recording of one's own, opened, played, segmented and stepped; and one at an address, at its moment. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ServerPart } from '../../src/server/app';
import { ROOT } from '../../src/server/prepare.mjs';
import { makeMedia } from '../fixtures/make-media.mjs';
import { tinyPspnet } from '../fixtures/networks/tiny-pspnet';
import {
  chooseFile,
  firefoxMissing,
  firefoxScreenshot,
  numberIn,
  TestFirefox,
  textAt,
  waitForText,
} from '../harness/firefox';
import { networkPart } from '../harness/journey';
import { servePage, type TestServer } from '../harness/serve';

/** As long as any step may take on two busy cores, in milliseconds. A limit, never a measurement. */
const PATIENCE = 120_000;

const MADE = join(ROOT, 'test', 'fixtures', 'generated');
const CLIP = 'clusters.webm';

const failures: Readonly<Record<string, string>> = await makeMedia();
const missing = firefoxMissing() ?? failures.ffmpeg ?? failures[CLIP] ?? null;
if (missing) console.warn(missing);

const clips: ServerPart = async (app) => {
  app.get('/clips/:name', async (_request, reply) =>
    reply.type('video/webm').send(await readFile(join(MADE, CLIP))),
  );
};

describe.skipIf(missing !== null)('Firefox', () => {
  let server: TestServer;
  let firefox: TestFirefox;

  beforeAll(async () => {
    server = await servePage([networkPart(tinyPspnet()), clips]);
    firefox = await TestFirefox.launch();
  });

  afterAll(async () => {
    await firefox?.[Symbol.asyncDispose]();
    await server?.[Symbol.asyncDispose]();
  });

  const says = (page: Page, id: string, text: RegExp): Promise<string> =>
    waitForText(page, id, (said) => text.test(said), PATIENCE);

  test('plays a file, masks its pictures and goes from frame to frame', async () => {
    const page = await firefox.open();
    await page.goto(`${server.url}?model=/models/tiny.json`);
    await waitForText(page, 'hud-drivable-share', (text) => !Number.isNaN(numberIn(text)), PATIENCE);
    await chooseFile(page, 'file-input', join(MADE, CLIP));
    await says(page, 'source-title', /clusters/);
    // It plays.
    await waitForText(
      page,
      'exact-time',
      (text) => /0:0[0-2]\.\d/.test(text) && text !== '0:00.000',
      PATIENCE,
    );

    await page.keyboard.press('.');
    await page.keyboard.press('Home');
    await says(page, 'frame-number', /^frame 0$/);
    for (const key of ['.', '.', '.', ','] as const) await page.keyboard.press(key);
    await says(page, 'frame-number', /^frame 2$/);
    expect(await textAt(page, 'exact-time')).toBe('0:00.133');
    // The picture that stands has a mask of its own.
    await waitForText(page, 'hud-drivable-share', (text) => !Number.isNaN(numberIn(text)), PATIENCE);
    // The engine was chosen by itself, and the page says why.
    expect(await textAt(page, 'card-engine')).toContain('WebAssembly');
    expect(await textAt(page, 'card-fallback')).toMatch(/WebGPU/);
    await firefoxScreenshot(page, 'firefox-file');
    await page.close();
  });

  test('opens a recording at its address, where the link says', async () => {
    const page = await firefox.open();
    const link = new URLSearchParams({ source: 'file', address: '/clips/drive.webm', t: '1.4' });
    await page.goto(`${server.url}?engine=wasm&model=/models/tiny.json&${link}`);
    await says(page, 'source-title', /drive\.webm/);
    await waitForText(page, 'exact-time', (text) => /0:0[12]\.\d/.test(text), PATIENCE);
    await page.close();
  });
});
