/** A system that asks for light: the page is light, what lies over a picture stays dark. */
import { expect, test } from 'vitest';
import { screenshot, TestBrowser } from '../harness/browser';
import { at, waitForMasks } from '../harness/journey';
import { servePage } from '../harness/serve';

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
