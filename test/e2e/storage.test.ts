/** A browser in which a page may keep nothing, as with all cookies blocked: settings, networks, analyses. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from '../../src/server/prepare.mjs';
import { makeMedia } from '../fixtures/make-media.mjs';
import { screenshot } from '../harness/browser';
import { at, drop, waitForMasks } from '../harness/journey';
import { pageSays } from '../harness/recording-page';
import { useTinyPage } from '../harness/tiny-page';

/** A limit, never a measurement, in milliseconds. */
const WAIT = 60_000;

const failures: Readonly<Record<string, string>> = await makeMedia();
const missing = failures.ffmpeg ?? failures['long.mp4'];

const tiny = useTinyPage();

/** Runs on page and workers, before anything of theirs: every store refuses, as a browser's does by its settings. */
function forbid(): void {
  const refused = () => new DOMException('Access is denied for this document.', 'SecurityError');
  const refuse = (): never => {
    throw refused();
  };
  const reject = () => Promise.reject(refused());
  for (const name of ['localStorage', 'sessionStorage'])
    if (name in globalThis) Object.defineProperty(globalThis, name, { get: refuse });
  IDBFactory.prototype.open = refuse;
  CacheStorage.prototype.open = reject;
  CacheStorage.prototype.match = reject;
  CacheStorage.prototype.has = reject;
  StorageManager.prototype.getDirectory = reject;
  StorageManager.prototype.persist = reject;
  StorageManager.prototype.estimate = reject;
}

test.skipIf(missing !== undefined)(
  'where nothing may be kept the page works, and says what it cannot keep',
  async () => {
    await using watched = await tiny.browser.open();
    const { page } = watched;
    await page.addInitScript(forbid);
    // Without a save dialog exports are made in the page's own store.
    await page.addInitScript(() => Reflect.deleteProperty(globalThis, 'showSaveFilePicker'));
    await page.route(/worker[^/]*\.js$/, async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, body: `(${forbid})();\n${await response.text()}` });
    });
    await page.goto(`${tiny.server.url}?model=/models/tiny.json`);
    await waitForMasks(page);
    // What is chosen holds as long as the page.
    await at(page, 'language').selectOption('de');
    await expect.poll(() => page.locator('html').getAttribute('lang')).toBe('de');
    await at(page, 'language').selectOption('en');
    await drop(page, 'long.mp4', 'video/mp4', await readFile(join(ROOT, 'test/fixtures/generated/long.mp4')));
    await pageSays(page, 'source-title', /long/, WAIT);
    await waitForMasks(page);
    await at(page, 'analyse').click();
    const notice = at(page, 'notice-storage-refused');
    await notice.waitFor();
    await screenshot(page, 'storage-forbidden');
    await notice.getByTestId('dismiss').click();
    await at(page, 'export').click();
    await at(page, 'export-csv').click();
    await notice.waitFor();
    // The recording plays on under its masks.
    await waitForMasks(page);
    expect(watched.complaints).toEqual([]);
  },
);
