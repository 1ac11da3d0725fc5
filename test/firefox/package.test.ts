/** Firefox: the library from its tarball, as a page without a bundler has it. */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ROOT } from '../../src/server/prepare.mjs';
import { firefoxMissing, firefoxScreenshot, TestFirefox } from '../harness/firefox';
import { type Installed, installPacked, servePlainly } from '../harness/packed';

/** The slowest first mask on two busy cores, and more. A limit, never a measurement. */
const PATIENCE = 300_000;

const missing = firefoxMissing();
if (missing) console.warn(missing);

describe.skipIf(missing !== null)('Firefox', () => {
  let installed: Installed;
  let firefox: TestFirefox;

  beforeAll(async () => {
    installed = await installPacked();
    firefox = await TestFirefox.launch();
  }, 600_000);

  afterAll(async () => {
    await firefox?.[Symbol.asyncDispose]();
    await installed?.[Symbol.asyncDispose]();
  });

  test('five lines of HTML show a segmented drive', async () => {
    await installed.run('npx', 'carriageway', 'copy', 'public/carriageway');
    await installed.run('cp', join(ROOT, 'docs/examples/html/index.html'), 'public/index.html');
    await using server = await servePlainly(join(installed.folder, 'public'));
    const page = await firefox.open();
    await page.goto(server.url);
    const share = await page.evaluate(
      (limit) =>
        new Promise<number>((resolve, reject) => {
          const view = document.querySelector('carriageway-view');
          setTimeout(() => reject(new Error(view?.shadowRoot?.textContent ?? 'no element')), limit);
          view?.addEventListener('report', (event) => {
            const { drivableShare } = (event as CustomEvent<{ drivableShare: number | null }>).detail;
            if (drivableShare !== null && drivableShare > 0) resolve(drivableShare);
          });
        }),
      PATIENCE,
    );
    expect(share).toBeGreaterThan(0.05);
    await firefoxScreenshot(page, 'firefox-package');
    await page.close();
  });
});
