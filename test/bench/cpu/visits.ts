/** Visits to the product's own page: how many masks a second it shows, what its first mask costs. */
import { join } from 'node:path';
import type { Page } from 'playwright';
import type { ServerPart } from '../../../src/server/app.ts';
import { ensureBuilt, ROOT } from '../../../src/server/prepare.mjs';
import { staticFiles } from '../../../src/server/static-files.ts';
import { TestBrowser } from '../../harness/browser.ts';
import { figure, waitForFigure, waitForMasks } from '../../harness/journey.ts';
import { servePage, serveParts } from '../../harness/serve.ts';
import { networkPart } from '../hot-path/network-part.ts';
import { medianOf } from '../metrics.ts';
import type { ModelFile } from '../model-file.ts';
import { TOOL_PAGES } from '../page-host.ts';
import type { EnginesPage } from '../pages/engines.page.ts';

declare const engines: EnginesPage;

/** Frames after which a machine that is too slow for its first network has changed it. */
const SETTLED = 30;

/** Readings of the rate in a round, and the milliseconds between two: the figure is of the last second. */
const READINGS = 6;
const READING_GAP = 1000;

/** Masks a second of the page as it opens here over the page as it was: ONNX Runtime with the smallest network. */
export async function masksOverBefore(rounds: number, say: (line: string) => void): Promise<number[]> {
  await using server = await servePage();
  await using browser = await TestBrowser.launch();
  const rate = async (query: string): Promise<number> => {
    await using opened = await browser.open();
    const { page } = opened;
    await page.goto(`${server.url}${query}`);
    await waitForMasks(page);
    await waitForFigure(page, 'hud-frames', (frames) => frames > SETTLED);
    await waitForMasks(page);
    const readings: number[] = [];
    for (let i = 0; i < READINGS; i++) {
      await page.waitForTimeout(READING_GAP);
      readings.push(await figure(page, 'hud-inference-fps'));
    }
    return medianOf(readings) ?? Number.NaN;
  };
  const ratios: number[] = [];
  // Each visit loads a page: a third of the rounds is enough.
  for (let round = 0; round < Math.max(1, Math.ceil(rounds / 3)); round++) {
    const now = await rate('');
    const before = await rate('?engine=wasm&model=pspnet-wasm');
    say(`  as it opens ${now.toFixed(1)} masks a second, as it was ${before.toFixed(1)}`);
    ratios.push(now / before);
  }
  return ratios;
}

/** Megabytes that the server sends from an empty cache to the first mask, headers and all. */
export async function firstMaskMegabytes(query: string): Promise<number> {
  const sockets = new Set<{ readonly bytesWritten: number }>();
  const counting: ServerPart = async (app) => {
    app.server.on('connection', (socket) => sockets.add(socket));
  };
  await using server = await servePage([counting]);
  await using browser = await TestBrowser.launch();
  await using opened = await browser.open();
  await opened.page.goto(`${server.url}${query}`);
  await waitForMasks(opened.page);
  let bytes = 0;
  for (const { bytesWritten } of sockets) bytes += bytesWritten;
  return bytes / 1e6;
}

/** Time to the first mask of a second visit over the time in which runtime and model alone are up. */
export async function firstMaskOverBareLoad(
  networks: Readonly<Record<string, ModelFile>>,
  rounds: number,
  say: (line: string) => void,
): Promise<number[]> {
  ensureBuilt(TOOL_PAGES);
  await using server = await servePage();
  await using bareServer = await serveParts([networkPart(networks), staticFiles(join(ROOT, TOOL_PAGES.out))]);
  await using browser = await TestBrowser.launch();
  await using opened = await browser.open();
  await using bareOpened = await browser.open();
  const ratios: number[] = [];
  for (let round = -1; round < Math.max(1, Math.ceil(rounds / 3)); round++) {
    const whole = await firstMask(opened.page, `${server.url}?engine=cpu`);
    const bare = await bareLoad(bareOpened.page, `${bareServer.url}engines.html`);
    // The first round fills the caches.
    if (round >= 0) ratios.push(whole / bare);
    say(`  first mask after ${whole.toFixed(0)} ms, runtime and model alone ${bare.toFixed(0)} ms`);
  }
  return ratios;
}

async function firstMask(page: Page, url: string): Promise<number> {
  const began = performance.now();
  await page.goto(url);
  await waitForMasks(page);
  return performance.now() - began;
}

async function bareLoad(page: Page, url: string): Promise<number> {
  const began = performance.now();
  await page.goto(url);
  const threads = await page.evaluate(() => Math.max(1, Math.min(8, navigator.hardwareConcurrency - 1)));
  await page.evaluate((t) => engines.open('bare', 'lite', t), threads);
  const took = performance.now() - began;
  await page.evaluate(() => engines.close('bare'));
  return took;
}
