/** Firefox: the simulated drive on the processor, and the shaders on a WebGPU that is not Dawn. */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ensureBuilt, ROOT } from '../../src/server/prepare.mjs';
import { staticFiles } from '../../src/server/static-files';
import { TOOL_PAGES } from '../bench/page-host';
import type { TwinsReport } from '../bench/pages/twins.page';
import {
  firefoxMissing,
  firefoxScreenshot,
  hasSoftwareVulkan,
  numberIn,
  TestFirefox,
  textAt,
  waitForText,
} from '../harness/firefox';
import { servePage, serveParts, type TestServer } from '../harness/serve';

/** The slowest first compilation on two cores, and more. A limit, never a measurement. */
const PATIENCE = 200_000;

const missing = firefoxMissing();
if (missing) console.warn(missing);

describe.skipIf(missing !== null)('Firefox', () => {
  let server: TestServer;
  let firefox: TestFirefox;

  beforeAll(async () => {
    server = await servePage();
    firefox = await TestFirefox.launch();
  });

  afterAll(async () => {
    await firefox?.[Symbol.asyncDispose]();
    await server?.[Symbol.asyncDispose]();
  });

  test('segments the drive on the processor', async () => {
    const page = await firefox.open();
    await page.goto(`${server.url}?engine=cpu`);
    const iou = await waitForText(page, 'hud-drivable-iou', (text) => numberIn(text) > 50, PATIENCE);
    expect(numberIn(iou)).toBeLessThanOrEqual(100);
    expect(await textAt(page, 'card-engine')).toContain('Processor');
    await firefoxScreenshot(page, 'firefox-cpu');
    await page.close();
  });

  test('by itself: the processor, with the reason on the page', async () => {
    const page = await firefox.open();
    await page.goto(server.url);
    await waitForText(page, 'hud-drivable-iou', (text) => numberIn(text) > 50, PATIENCE);
    expect(await textAt(page, 'card-engine')).toContain('Processor');
    expect(await textAt(page, 'card-fallback')).toMatch(/WebGPU/);
    await firefoxScreenshot(page, 'firefox-auto');
    await page.close();
  });

  test.skipIf(!hasSoftwareVulkan())('runs the shaders as their twins say, frames copied in', async () => {
    ensureBuilt(TOOL_PAGES);
    await using pages = await serveParts([staticFiles(join(ROOT, TOOL_PAGES.out))]);
    const page = await firefox.open();
    await page.goto(`${pages.url}twins.html`);
    await page.waitForFunction(() => 'twins' in globalThis);
    const report = await page.evaluate(() =>
      (globalThis as unknown as { twins: () => Promise<TwinsReport> }).twins(),
    );
    expect(report.f16).toBe(true);
    expect(report.entry).toBe('copied');
    for (const difference of report.preprocess) expect(difference).toBeLessThan(1.5);
    for (const share of [...report.masks, ...report.maps]) expect(share).toBeGreaterThanOrEqual(0.995);
    await page.close();
  });
});
