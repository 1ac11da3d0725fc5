/** Every page and open state in a language whose words bear marks: what shows without one is English in any language. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { describe, expect, test } from 'vitest';
import { ROOT } from '../../src/server/prepare.mjs';
import { makeMedia } from '../fixtures/make-media.mjs';
import { tinyPspnet } from '../fixtures/networks/tiny-pspnet';
import { at, drop, waitForMasks } from '../harness/journey';
import { markWords, unmarked } from '../harness/marked-words';
import { useTinyPage } from '../harness/tiny-page';

const MADE = join(ROOT, 'test', 'fixtures', 'generated');
const failures: Readonly<Record<string, string>> = await makeMedia();
const missing = failures.ffmpeg ?? failures['long.mp4'];

const { manifest } = tinyPspnet();
/** Names that are data: of the network that is shown, and who has the rights in it. */
const NETWORK = [manifest.title, manifest.licence, manifest.name];

const tiny = useTinyPage();

/** Opens a page in the marked language. */
async function open(query: string) {
  const watched = await tiny.browser.open({ viewport: { width: 1280, height: 720 } });
  await markWords(watched.page);
  await watched.page.goto(`${tiny.server.url}?lang=de${query}`);
  return watched;
}

const openFolds = (page: Page) =>
  page.locator('details').evaluateAll((folds) => folds.map((fold) => fold.toggleAttribute('open', true)));

describe('nothing is said that is not in the catalogue', () => {
  test('by the page that segments, its menus, its folds and its tour', async () => {
    await using watched = await open('&model=/models/tiny.json&mode=wrong');
    const { page } = watched;
    await waitForMasks(page);
    await openFolds(page);
    expect(await unmarked(page, ...NETWORK, 'mode')).toEqual([]);
    for (const menu of ['sources', 'models', 'keys']) {
      await at(page, menu).click();
      await page.locator(':popover-open, dialog[open]').first().waitFor();
      expect(await unmarked(page, ...NETWORK, 'mode')).toEqual([]);
      await page.keyboard.press('Escape');
    }
    await at(page, 'picture').click({ button: 'right' });
    expect(await unmarked(page, ...NETWORK, 'mode')).toEqual([]);
    await page.keyboard.press('Escape');
    await at(page, 'region').click();
    expect(await unmarked(page, ...NETWORK, 'mode')).toEqual([]);
    await at(page, 'region').click();
    await at(page, 'tour-start').click();
    expect(await unmarked(page, ...NETWORK, 'mode')).toEqual([]);
  });

  test('by a network that the page chose itself, and why', async () => {
    await using watched = await open('');
    const { page } = watched;
    await waitForMasks(page);
    await at(page, 'models').click();
    await at(page, 'engine-reason').waitFor();
    expect(await unmarked(page)).toEqual([]);
  });

  test.skipIf(missing !== undefined)('by a recording, its exports and its comparison', async () => {
    await using watched = await open('&model=/models/tiny.json');
    const { page } = watched;
    await waitForMasks(page);
    await drop(page, 'long.mp4', 'video/mp4', await readFile(join(MADE, 'long.mp4')));
    await at(page, 'export').waitFor();
    await openFolds(page);
    const own = [...NETWORK, 'long.mp4'];
    expect(await unmarked(page, ...own)).toEqual([]);
    await at(page, 'export').click();
    await at(page, 'menu-export').waitFor();
    expect(await unmarked(page, ...own)).toEqual([]);
  });

  test('where nothing plays', async () => {
    await using watched = await open('&source=file&model=/models/tiny.json');
    const { page } = watched;
    await at(page, 'sources').waitFor();
    expect(await unmarked(page, ...NETWORK)).toEqual([]);
  });

  test.each([
    ['the page that measures', '&measure', []],
    ['the door to live rooms', '&live', []],
    ['a dashboard without its server', '&room=yard', ['yard']],
    ['a vehicle that asks for its file', '&room=yard&publish=file&name=Van', ['yard', 'Van']],
  ] as const)('by %s', async (_, query, own) => {
    await using watched = await open(query);
    const { page } = watched;
    await page.locator('h1, h2').first().waitFor();
    await page.getByText('⟦').first().waitFor();
    expect(await unmarked(page, ...own)).toEqual([]);
  });
});
