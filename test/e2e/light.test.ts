/** A system that asks for light: the page is light, what lies over a picture stays dark. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from '../../src/server/prepare.mjs';
import { makeMedia } from '../fixtures/make-media.mjs';
import { tinyPspnet } from '../fixtures/networks/tiny-pspnet';
import { screenshot, TestBrowser } from '../harness/browser';
import { at, drop, networkPart, waitForMasks } from '../harness/journey';
import { pageSays } from '../harness/recording-page';
import { servePage } from '../harness/serve';

/** A limit, never a measurement, in milliseconds. */
const WAIT = 60_000;

const failures: Readonly<Record<string, string>> = await makeMedia();
const missing = failures.ffmpeg ?? failures['long.mp4'];

test('the page follows the system, the picture’s own surfaces do not', async () => {
  await using server = await servePage();
  await using browser = await TestBrowser.launch({ webgpu: false });
  await using watched = await browser.open({ colorScheme: 'light' });
  const { page } = watched;
  await page.goto(`${server.url}?engine=cpu&model=pspnet-wasm`);
  const colours = (selector: string) =>
    page.locator(selector).evaluate((element) => {
      const { backgroundColor, color } = getComputedStyle(element);
      return [backgroundColor, color];
    });
  await at(page, 'stage').waitFor();
  expect(await colours('.panel')).toEqual(['rgb(248, 250, 250)', 'rgb(18, 25, 27)']);
  expect(await colours('cw-viewer')).toEqual(['rgb(11, 13, 16)', 'rgb(233, 238, 239)']);
  await waitForMasks(page);
  await at(page, 'browser').locator('summary').click();
  await screenshot(page, 'light');
  await page.emulateMedia({ colorScheme: 'dark' });
  expect(await colours('.panel')).toEqual(['rgb(17, 21, 22)', 'rgb(233, 238, 239)']);
});

test.skipIf(missing !== undefined)('curves of a recording follow the theme, and its change', async () => {
  await using server = await servePage([networkPart(tinyPspnet())]);
  await using browser = await TestBrowser.launch({ webgpu: false });
  await using watched = await browser.open({ colorScheme: 'light' });
  const { page } = watched;
  await page.goto(`${server.url}?model=/models/tiny.json`);
  await waitForMasks(page);
  await drop(page, 'long.mp4', 'video/mp4', await readFile(join(ROOT, 'test/fixtures/generated/long.mp4')));
  await at(page, 'analyse').click();
  await pageSays(page, 'analysis-state', /frames$/, WAIT);
  /** The colours of the page that curves are drawn in, of which there are pixels on their canvas. */
  const drawn = (names: readonly string[]) =>
    page.locator('.curves canvas').evaluate((canvas: HTMLCanvasElement, names) => {
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
      const style = getComputedStyle(canvas);
      return names.filter((name) => {
        const hex = style.getPropertyValue(name).trim();
        const [r, g, b] = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
        for (let i = 0; i < data.length; i += 4)
          if (
            data[i + 3]! > 200 &&
            Math.abs(data[i]! - r!) + Math.abs(data[i + 1]! - g!) + Math.abs(data[i + 2]! - b!) < 24
          )
            return true;
        return false;
      });
    }, names);
  const curves = ['--accent', '--text-3'];
  await expect.poll(() => drawn(curves)).toEqual(curves);
  await screenshot(page, 'light-curves');
  await page.emulateMedia({ colorScheme: 'dark' });
  await expect.poll(() => drawn(curves)).toEqual(curves);
  await screenshot(page, 'dark-curves');
  await page.emulateMedia({ colorScheme: 'light' });
  await expect.poll(() => drawn(curves)).toEqual(curves);
});
