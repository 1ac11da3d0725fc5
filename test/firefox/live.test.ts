/** Firefox in a live room: a vehicle that sends the drive, and a dashboard with two tiles. */
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ensurePageBuilt, ROOT } from '../../src/server/prepare.mjs';
import { staticFiles } from '../../src/server/static-files';
import { FFMPEG, sendPattern } from '../harness/dashcam';
import {
  firefoxMissing,
  firefoxScreenshot,
  numberIn,
  TestFirefox,
  textAt,
  waitForText,
} from '../harness/firefox';
import { join as enter, type LiveServer, NO_WORKER, serveLive, tokenFor, WORKER } from '../harness/live';

/** The slowest first compilation on two cores, and more. A limit, never a measurement. */
const PATIENCE = 300_000;

const missing = firefoxMissing() ?? (WORKER ? null : `Rooms in Firefox are skipped: ${NO_WORKER}`);
if (missing) console.warn(missing);
else if (!FFMPEG) console.warn('The dashcam of the room in Firefox is skipped: no ffmpeg');

/** Firefox sends nothing by WebRTC over the loopback, whatever its preferences: another address of this machine. */
const OWN_ADDRESS =
  Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .find(({ internal, family }) => !internal && family === 'IPv4')?.address ?? '127.0.0.1';

/** Waits until a tile counts so many more. */
async function grows(page: Page, name: string, of: 'frames' | 'masks', by: number): Promise<void> {
  const count = (): Promise<number> =>
    page.evaluate(
      (name, of) => {
        const tiles = [...document.querySelectorAll<HTMLElement>('[data-testid="tile"]')];
        const tile = tiles.find((each) => each.querySelector('.tile-name')?.textContent === name);
        return Number(tile?.dataset[of] ?? 0);
      },
      name,
      of,
    );
  const before = await count();
  const end = performance.now() + PATIENCE;
  while ((await count()) < before + by) {
    if (performance.now() > end) throw new Error(`${name}: ${of} stand at ${await count()}`);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

describe.skipIf(missing !== null)('Firefox in a room', () => {
  let server: LiveServer;
  let firefox: TestFirefox;
  const open: Disposable[] = [];

  beforeAll(async () => {
    ensurePageBuilt();
    server = await serveLive({ parts: [staticFiles(join(ROOT, 'dist'))], media: OWN_ADDRESS });
    firefox = await TestFirefox.launch();
  });

  afterAll(async () => {
    for (const each of open.reverse()) each[Symbol.dispose]();
    await firefox?.[Symbol.asyncDispose]();
    await server?.[Symbol.asyncDispose]();
  });

  const openPage = async (role: 'view' | 'publish', query: string): Promise<Page> => {
    const page = await firefox.open();
    const token = await tokenFor(server.url, { room: 'fox', role });
    await page.goto(`${server.url}?room=fox${query}#token=${token}`);
    return page;
  };

  test('sends the drive, and shows it and another vehicle, segmented', async () => {
    const vehicle = await openPage('publish', '&publish=drive&name=Bus&size=small&fps=3&seed=1');
    await waitForText(vehicle, 'session', (text) => text === 'Joined', PATIENCE);
    await waitForText(vehicle, 'sending', (text) => numberIn(text.replace(/^\S+ /, '')) > 0, PATIENCE);
    await firefoxScreenshot(vehicle, 'firefox-vehicle');
    const names = ['Bus'];
    if (FFMPEG) {
      const dashcam = await enter(server.url, 'fox', 'publish', 'Dashcam');
      open.push(dashcam, sendPattern(await dashcam.signalling.request('ingest', { codec: 'vp8' })));
      names.push('Dashcam');
    }
    const page = await openPage('view', '&engine=cpu&model=pspnet-wasm&mode=classes');
    for (const name of names) await grows(page, name, 'frames', 5);
    for (const name of names) await grows(page, name, 'masks', 2);
    await firefoxScreenshot(page, 'firefox-dashboard');
    expect(await textAt(page, 'session')).toBe('Live');
    expect(await textAt(page, 'notice')).toBe('');
  });
});
