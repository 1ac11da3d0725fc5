/** Firefox: a browser that an engine took with it does not start that engine again. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { firefoxMissing, firefoxScreenshot, TestFirefox, textAt, waitForText } from '../harness/firefox';
import { servePage, type TestServer } from '../harness/serve';

/** The slowest start on two cores, and more. A limit, never a measurement. */
const PATIENCE = 200_000;

const missing = firefoxMissing();
if (missing) console.warn(missing);

describe.skipIf(missing !== null)('Firefox', () => {
  let server: TestServer;
  let profile: string;

  beforeAll(async () => {
    server = await servePage();
    profile = mkdtempSync(join(tmpdir(), 'carriageway-firefox-'));
  });

  afterAll(async () => {
    await server?.[Symbol.asyncDispose]();
    rmSync(profile, { recursive: true, force: true });
  });

  test('ended while its WebGPU ran: the next visit runs on the processor, says why, and offers another try', async () => {
    const first = await TestFirefox.launch({ profile });
    try {
      const page = await first.open();
      await page.goto(`${server.url}?engine=webgpu`);
      // It may go down by itself before long; what counts is that the mark was there first.
      await expect.poll(() => isMarked(page), { timeout: PATIENCE, interval: 200 }).toBe(true);
    } finally {
      await first.crash();
    }
    await using second = await TestFirefox.launch({ profile });
    const page = await second.open();
    await page.goto(`${server.url}?engine=webgpu`);
    await waitForText(page, 'notice-webgpu-ended-page', (text) => text !== '', PATIENCE);
    await waitForText(page, 'card-engine', (text) => text.includes('Processor'), PATIENCE);
    expect(await textAt(page, 'card-fallback')).toContain('ended the page the last time');
    expect(await textAt(page, 'notice-action')).toBe('Try it again');
    await firefoxScreenshot(page, 'firefox-ended');
    await page.close();
  });
});

/** Whether the mark is written; a page that is gone had written it before. */
async function isMarked(page: Page): Promise<boolean> {
  try {
    return await page.evaluate(async () => {
      // Opened before the page has made it, it would be made without what is in it.
      if (!(await indexedDB.databases()).some(({ name }) => name === 'carriageway.start')) return false;
      return new Promise<boolean>((resolve) => {
        const request = indexedDB.open('carriageway.start');
        request.onsuccess = () => {
          const marks = request.result.transaction('marks').objectStore('marks').get('webgpu');
          marks.onsuccess = () => resolve(marks.result !== undefined);
          request.result.close();
        };
      });
    });
  } catch {
    return true;
  }
}
