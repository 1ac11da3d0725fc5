/** Firefox: a browser that an engine took with it does not start that engine again. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { firefoxMissing, firefoxScreenshot, TestFirefox, textAt, waitForText } from '../harness/firefox';
import { servePage, type TestServer } from '../harness/serve';

/** The slowest start on two cores, and more. A limit, never a measurement. */
const PATIENCE = 200_000;

const MARK = 'carriageway.1.start.webgpu';

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
    const first = await TestFirefox.launch(profile);
    try {
      const page = await first.open();
      await page.goto(`${server.url}?engine=webgpu`);
      // Firefox writes its pages' storage to the disk some seconds later.
      await expect.poll(() => isOnDisk(profile), { timeout: PATIENCE, interval: 500 }).toBe(true);
    } finally {
      await first.crash();
    }
    await using second = await TestFirefox.launch(profile);
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

/** Whether the mark has reached the disk. */
function isOnDisk(folder: string): boolean {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return names
    .filter((name) => /[\\/]ls[\\/]data\.sqlite/.test(name))
    .some((name) => readFileSync(join(folder, name)).includes(MARK));
}
