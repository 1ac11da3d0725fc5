/** A whole journey with the keyboard alone; the focus is always to be seen, and never lost. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ROOT } from '../../src/server/prepare.mjs';
import { makeMedia } from '../fixtures/make-media.mjs';
import { tinyPspnet } from '../fixtures/networks/tiny-pspnet';
import { focused, spokenTree, tabTo } from '../harness/accessibility';
import { screenshot, TestBrowser, type WatchedPage } from '../harness/browser';
import { at, networkPart, waitForMasks } from '../harness/journey';
import { pageSays } from '../harness/recording-page';
import { servePage, type TestServer } from '../harness/serve';

const MADE = join(ROOT, 'test', 'fixtures', 'generated');
/** Milliseconds; a limit, never a measurement. */
const WAIT = 60_000;
const failures: Readonly<Record<string, string>> = await makeMedia();
const missing = failures.ffmpeg ?? failures['long.mp4'];

let server: TestServer;
let browser: TestBrowser;
let watched: WatchedPage;
let page: Page;

beforeAll(async () => {
  server = await servePage([networkPart(tinyPspnet())]);
  browser = await TestBrowser.launch({ webgpu: false });
  watched = await browser.open({ reducedMotion: 'reduce' });
  ({ page } = watched);
  // Choosers are caught from the beginning: under load a key overtakes the wish to catch the one that it opens.
  page.on('filechooser', () => {});
  await page.addInitScript(() => Reflect.deleteProperty(globalThis, 'showSaveFilePicker'));
  await page.goto(`${server.url}?model=/models/tiny.json`);
  await waitForMasks(page);
});

afterAll(async () => {
  await watched?.[Symbol.asyncDispose]();
  await browser?.[Symbol.asyncDispose]();
  await server?.[Symbol.asyncDispose]();
});

const focusIs = (id: string) => expect.poll(async () => (await focused(page)).at, { timeout: WAIT }).toBe(id);

test('Tab goes through the whole page, in the order of the eye, and the focus is seen at every stop', async () => {
  const stops: { at: string; seen: boolean }[] = [];
  for (;;) {
    await page.keyboard.press('Tab');
    const stop = await focused(page);
    // Behind the last control the focus leaves for the browser's own.
    if (stop.at === 'body' || stops.length > 150) break;
    stops.push(stop);
  }
  const ids = stops.map(({ at }) => at);
  expect(stops.filter(({ seen }) => !seen)).toEqual([]);
  const order = ['sources', 'models', 'keys', 'play', 'opacity', 'snapshot', 'language'].map((id) =>
    ids.indexOf(id),
  );
  expect(order).toEqual([...order].sort((a, b) => a - b));
  expect(order[0]).toBeGreaterThanOrEqual(0);
});

test('the tour is taken by keys, step by step, and leaves the page as it was', async () => {
  const mode = () => page.locator('input[name=mode]:checked').getAttribute('value');
  const before = await mode();
  await tabTo(page, 'tour-start');
  await page.keyboard.press('Enter');
  await focusIs('tour-next');
  await screenshot(page, 'tour-mask');
  await page.keyboard.press('Enter');
  await pageSays(page, 'tour-at', /^2 of 6$/, WAIT);
  expect(await mode()).toBe('confidence');
  await screenshot(page, 'tour-confidence');
  for (const name of ['sync', 'scene', 'pyramid', 'own']) {
    await page.keyboard.press('Enter');
    await focusIs('tour-next');
    await screenshot(page, `tour-${name}`);
  }
  await page.keyboard.press('Escape');
  expect(await at(page, 'tour').isVisible()).toBe(false);
  expect((await focused(page)).at).not.toBe('body');
  expect(await mode()).toBe(before);
  expect(await at(page, 'tour-offer').count()).toBe(0);
  await page.reload();
  await waitForMasks(page);
  expect(await at(page, 'tour-offer').count()).toBe(0);
});

test.skipIf(missing !== undefined)('a file is opened, stepped, analysed and exported', async () => {
  await page.keyboard.press('u');
  await at(page, 'menu-sources').waitFor();
  await focusIs('open-drive');
  await tabTo(page, 'open-file');
  const choosing = page.waitForEvent('filechooser');
  await page.keyboard.press('Enter');
  await (await choosing).setFiles({
    name: 'long.mp4',
    mimeType: 'video/mp4',
    buffer: await readFile(join(MADE, 'long.mp4')),
  });
  await pageSays(page, 'source-title', /long/, WAIT);
  await waitForMasks(page);
  expect((await focused(page)).at).not.toBe('body');

  await page.keyboard.press('.');
  await page.keyboard.press('Home');
  await pageSays(page, 'frame-number', /^frame 0$/, WAIT);
  await page.keyboard.press('.');
  await pageSays(page, 'frame-number', /^frame 1$/, WAIT);

  await tabTo(page, 'analyse');
  await page.keyboard.press('Enter');
  await pageSays(page, 'analysis-state', /^45 frames$/, WAIT);
  expect(await focused(page)).toEqual({ at: 'analyse', seen: true });

  await tabTo(page, 'export');
  await page.keyboard.press('Enter');
  await at(page, 'menu-export').waitFor();
  await tabTo(page, 'export-csv');
  await screenshot(page, 'keyboard-export');
  const coming = page.waitForEvent('download', { timeout: WAIT });
  await page.keyboard.press('Enter');
  expect((await coming).suggestedFilename()).toBe('long-table.csv');
  await focusIs('export');

  await page.keyboard.press('Enter');
  await at(page, 'menu-export').waitFor();
  await page.keyboard.press('Escape');
  await focusIs('export');
});

test('the sheet of keys is opened, and closed, and the focus is where it was', async () => {
  await tabTo(page, 'play');
  await page.keyboard.press('?');
  await at(page, 'keys-sheet').waitFor();
  expect((await focused(page)).seen).toBe(true);
  await page.keyboard.press('Escape');
  await focusIs('play');
  // The button of the header does the same.
  await tabTo(page, 'keys', 'Shift+Tab');
  await page.keyboard.press('Enter');
  await at(page, 'keys-sheet').waitFor();
  await page.keyboard.press('Escape');
  await focusIs('keys');
});

test('figures explain themselves to whoever reaches them, and Escape takes that away', async () => {
  await tabTo(page, 'explain-latency');
  await at(page, 'hint').waitFor();
  expect(await at(page, 'hint').textContent()).toMatch(/milliseconds.*\.$/);
  await screenshot(page, 'keyboard-hint');
  await page.keyboard.press('Escape');
  expect(await at(page, 'hint').isVisible()).toBe(false);
  expect((await focused(page)).at).toBe('explain-latency');
  const tree = await spokenTree(page);
  expect(tree.find(({ role, name }) => role === 'button' && name === 'Latency')?.description).toMatch(
    /milliseconds/,
  );
});

test('nothing was complained of', () => {
  expect(watched.complaints).toEqual([]);
});
