/** The page in German: by the browser's wish, by the page's own choice; nothing stays English, nothing runs over. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { expect, test } from 'vitest';
import { ROOT } from '../../src/server/prepare.mjs';
import { ENGLISH } from '../../src/words/english';
import { GERMAN } from '../../src/words/german';
import { makeMedia } from '../fixtures/make-media.mjs';
import { screenshot } from '../harness/browser';
import { at, drop, waitForMasks } from '../harness/journey';
import { useTinyPage } from '../harness/tiny-page';

const MADE = join(ROOT, 'test', 'fixtures', 'generated');
const failures: Readonly<Record<string, string>> = await makeMedia();
const missing = failures.ffmpeg ?? failures['long.mp4'];

const tiny = useTinyPage();

/** English messages that the page shows, by their keys; those that are the same in German say nothing. */
async function englishLeft(page: Page): Promise<readonly string[]> {
  const sentences = Object.entries(ENGLISH).flatMap(([key, message]) =>
    typeof message === 'string' &&
    message !== GERMAN.words[key as keyof typeof ENGLISH] &&
    /\w+ \w+/.test(message) &&
    !message.includes('{')
      ? [{ key, message }]
      : [],
  );
  return page.evaluate((messages) => {
    const spoken = [...document.querySelectorAll('*')].flatMap((element) =>
      ['aria-label', 'title', 'placeholder'].map((name) => element.getAttribute(name) ?? ''),
    );
    const text = [document.body.textContent, ...spoken].join('\n');
    return messages.filter(({ message }) => text.includes(message)).map(({ key }) => key);
  }, sentences);
}

/** Controls whose words do not fit into them, and a page that is wider than its window. */
function runsOver(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const wide = document.documentElement.scrollWidth > innerWidth ? ['the page'] : [];
    const cut = [...document.querySelectorAll<HTMLElement>('button, label, summary, dt, dd, h2, h3, p')]
      .filter((element) => element.checkVisibility() && !element.closest('.sr-only'))
      .filter((element) => element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0)
      .filter((element) => getComputedStyle(element).display !== 'inline')
      .map((element) => element.outerHTML.slice(0, 120));
    const out = [
      ...document.querySelectorAll<HTMLElement>('.panel *, cw-bar *, header *, [popover]:popover-open *'),
    ]
      .filter((element) => element.checkVisibility() && !element.closest('.sr-only, svg'))
      .filter((element) => element.getBoundingClientRect().right > innerWidth + 1)
      .map((element) => `right of the window: ${element.outerHTML.slice(0, 120)}`);
    return [...wide, ...cut, ...out];
  });
}

test('who reads English loads no German; who chooses German has it from then on', async () => {
  await using watched = await tiny.browser.open();
  const { page } = watched;
  const loaded: string[] = [];
  page.on('request', (request) => loaded.push(request.url()));
  await page.goto(`${tiny.server.url}?model=/models/tiny.json`);
  await waitForMasks(page);
  expect(await page.locator('html').getAttribute('lang')).toBe('en');
  expect(loaded.filter((url) => /german/.test(url))).toEqual([]);
  await at(page, 'language').selectOption('de');
  await expect.poll(() => page.locator('html').getAttribute('lang')).toBe('de');
  expect(loaded.filter((url) => /german/.test(url))).toHaveLength(1);
  await page.reload();
  await waitForMasks(page);
  expect(await at(page, 'statement').textContent()).toContain('Jedes Bild bleibt auf diesem Gerät.');
  // The address is stronger than what was chosen, and changes nothing of it.
  await page.goto(`${tiny.server.url}?model=/models/tiny.json&lang=en`);
  expect(await at(page, 'statement').textContent()).toContain('Every frame');
  expect(watched.complaints).toEqual([]);
});

test.each([
  ['390', { width: 390, height: 844 }],
  ['844', { width: 844, height: 390 }],
  ['1280', { width: 1280, height: 720 }],
])('at %s pixels all of the page is German and fits', async (name, viewport) => {
  await using watched = await tiny.browser.open({ locale: 'de-AT', viewport });
  const { page } = watched;
  await page.goto(`${tiny.server.url}?model=/models/tiny.json`);
  await waitForMasks(page);
  expect(await page.locator('html').getAttribute('lang')).toBe('de');
  await screenshot(page, `german-${name}`);
  expect(await runsOver(page)).toEqual([]);

  for (const [menu, sheet] of [
    ['sources', 'menu-sources'],
    ['models', 'menu-models'],
    ['keys', 'keys-sheet'],
  ] as const) {
    await at(page, menu).click();
    await at(page, sheet).waitFor();
    await screenshot(page, `german-${name}-${menu}`);
    expect(await runsOver(page)).toEqual([]);
    await page.keyboard.press('Escape');
  }
  for (const fold of await page.locator('.panel details > summary:visible').all()) await fold.click();
  await screenshot(page, `german-${name}-folds`);
  expect(await runsOver(page)).toEqual([]);
  expect(await englishLeft(page)).toEqual([]);
  expect(watched.complaints).toEqual([]);
});

test.skipIf(missing !== undefined)('a recording and its exports are German, too', async () => {
  await using watched = await tiny.browser.open({ locale: 'de', viewport: { width: 390, height: 844 } });
  const { page } = watched;
  await page.goto(`${tiny.server.url}?model=/models/tiny.json`);
  await waitForMasks(page);
  await drop(page, 'long.mp4', 'video/mp4', await readFile(join(MADE, 'long.mp4')));
  await at(page, 'export').waitFor();
  await screenshot(page, 'german-390-recording');
  expect(await runsOver(page)).toEqual([]);
  await at(page, 'export').click();
  await at(page, 'menu-export').waitFor();
  await screenshot(page, 'german-390-export');
  expect(await runsOver(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await at(page, 'compare').locator('summary').click();
  await screenshot(page, 'german-390-compare');
  expect(await englishLeft(page)).toEqual([]);
});
