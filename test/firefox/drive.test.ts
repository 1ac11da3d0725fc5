/** Firefox: the simulated drive on the processor, and the shaders on a WebGPU that is not Dawn. */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ensureBuilt, ensurePageBuilt, ROOT } from '../../src/server/prepare.mjs';
import { staticFiles } from '../../src/server/static-files';
import { TOOL_PAGES } from '../bench/page-host';
import type { HalfReport, TwinsReport } from '../bench/pages/twins.page';
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
import { spoiltShader } from '../harness/spoilt-shader';

/** The slowest first compilation on two cores, and more. A limit, never a measurement. */
const PATIENCE = 200_000;

const missing = firefoxMissing();
if (missing) console.warn(missing);
else if (!hasSoftwareVulkan())
  console.warn(
    'There is no Vulkan (Debian: apt-get install mesa-vulkan-drivers); WebGPU in Firefox is not tested.',
  );

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

  test.skipIf(!hasSoftwareVulkan())(
    'asked for by name and unable to compile: the processor, with the reason, and the drive goes on',
    async () => {
      ensurePageBuilt();
      let taken = 0;
      await using spoilt = await servePage([spoiltShader(() => taken++)]);
      const page = await firefox.open();
      await page.goto(`${spoilt.url}?engine=webgpu`);
      const iou = await waitForText(page, 'hud-drivable-iou', (text) => numberIn(text) > 50, PATIENCE);
      expect(numberIn(iou)).toBeLessThanOrEqual(100);
      expect(await textAt(page, 'card-engine')).toContain('Processor');
      expect(await textAt(page, 'card-fallback')).toMatch(/could not be started on this browser’s WebGPU/);
      expect(taken).toBeGreaterThan(0);
      await firefoxScreenshot(page, 'firefox-spoilt');
      await page.close();
    },
  );

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

  test.skipIf(!hasSoftwareVulkan())(
    'runs a network in half precision, also after its device went',
    async () => {
      ensureBuilt(TOOL_PAGES);
      await using pages = await serveParts([staticFiles(join(ROOT, TOOL_PAGES.out))]);
      const page = await firefox.open();
      await page.goto(`${pages.url}twins.html`);
      await page.waitForFunction(() => 'half' in globalThis);
      // Begun here and asked for later: one answer may not take as long as compiling does on a busy machine.
      await page.evaluate(() => {
        const scope = globalThis as unknown as { half: () => Promise<HalfReport>; found?: unknown };
        scope.half().then(
          (report) => {
            scope.found = report;
          },
          (error) => {
            scope.found = String(error);
          },
        );
      });
      await page.waitForFunction(() => 'found' in globalThis, { timeout: 2 * PATIENCE, polling: 1000 });
      const report = await page.evaluate(() => (globalThis as unknown as { found: HalfReport }).found);
      expect(report).toMatchObject({
        precision: 'fp16',
        lost: 'destroyed',
        maps: [expect.any(Number), expect.any(Number)],
      });
      // A drawn scene of a few pixels is nothing that the network is sure of, and what is close half precision turns.
      for (const share of report.maps) expect(share).toBeGreaterThanOrEqual(0.97);
      expect(Math.abs(report.maps[0]! - report.maps[1]!)).toBeLessThan(0.002);
      await page.close();
    },
  );
});
