/** Browsers that lack something: one that cannot run the page at all is told so, others what they lack. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { screenshot, TestBrowser } from '../harness/browser';
import { at } from '../harness/journey';
import { servePage, type TestServer } from '../harness/serve';

let server: TestServer;
let browser: TestBrowser;

beforeAll(async () => {
  server = await servePage();
  browser = await TestBrowser.launch({ webgpu: false });
});

afterAll(async () => {
  await browser?.[Symbol.asyncDispose]();
  await server?.[Symbol.asyncDispose]();
});

test('a browser without video frames gets a page that says what is needed', async () => {
  await using watched = await browser.open({ locale: 'de-DE' });
  const { page } = watched;
  await page.addInitScript('delete globalThis.VideoFrame');
  await page.goto(server.url);
  expect(await at(page, 'needs').textContent()).toMatch(/Nötig ist ein Browser von 2024 .*VideoFrame$/);
  await screenshot(page, 'needs');
  expect(await at(page, 'stage').count()).toBe(0);
  expect(watched.complaints).toEqual([]);
});

test('a browser that cannot read the page’s script gets the same', async () => {
  await using watched = await browser.open();
  const { page } = watched;
  await page.route(/assets\/index-.*\.js$/, (route) =>
    route.fulfill({
      contentType: 'text/javascript',
      headers: { 'cross-origin-resource-policy': 'same-origin' },
      body: 'class { not yet }',
    }),
  );
  await page.goto(server.url);
  expect(await at(page, 'needs').textContent()).toMatch(/could not be started.*from version 121 on/s);
});

test('what a browser lacks without being stopped by it is said at once, with what would help', async () => {
  await using watched = await browser.open();
  const { page } = watched;
  await page.addInitScript('delete globalThis.VideoEncoder; delete globalThis.showSaveFilePicker');
  await page.goto(server.url);
  await at(page, 'notice-browser-lacks').waitFor();
  expect(await at(page, 'notice-browser-lacks').locator('code').textContent()).toContain(
    'No video can be exported',
  );
  await at(page, 'browser').locator('summary').click();
  expect(await at(page, 'lacks-encoder').isVisible()).toBe(true);
  expect(await at(page, 'lacks-save-dialog').textContent()).toContain('downloaded');
  expect(await at(page, 'lacks-decoder').count()).toBe(0);
});
