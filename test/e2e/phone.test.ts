/** The page on a phone, upright and on its side: the panel as a sheet, the back key, the camera by its facing. */
import type { Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { tinyPspnet } from '../fixtures/networks/tiny-pspnet';
import { ELSEWHERE, screenshot, TestBrowser, type WatchedPage } from '../harness/browser';
import { at, networkPart, waitForMasks } from '../harness/journey';
import { servePage, type TestServer } from '../harness/serve';

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 };

let server: TestServer;
let browser: TestBrowser;
let watched: WatchedPage;
let page: Page;

beforeAll(async () => {
  server = await servePage([networkPart(tinyPspnet())]);
  browser = await TestBrowser.launch({
    webgpu: false,
    flags: ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'],
  });
  watched = await browser.open(PHONE);
  ({ page } = watched);
  // A page before this one, which the back key leads to when nothing is open.
  await page.goto(ELSEWHERE);
  await page.goto(`${server.url}?model=/models/tiny.json`);
  await waitForMasks(page);
});

afterAll(async () => {
  await watched?.[Symbol.asyncDispose]();
  await browser?.[Symbol.asyncDispose]();
  await server?.[Symbol.asyncDispose]();
});

const heightOf = async (selector: string) => (await page.locator(selector).boundingBox())?.height ?? 0;
const panel = () => page.locator('.app').getAttribute('data-panel');

/** Pulls the handle by so many pixels, as a finger does. */
async function pull(by: number): Promise<void> {
  const box = (await at(page, 'panel-handle').boundingBox())!;
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x, y + by / 2);
  await page.mouse.move(x, y + by);
  await page.mouse.up();
}

test('the panel is a sheet: pulled up it covers the picture, pulled down the picture has the room', async () => {
  await screenshot(page, 'phone-half');
  const [picture, sheet] = [await heightOf('cw-viewer'), await heightOf('.panel')];
  await pull(-200);
  await expect.poll(panel).toBe('full');
  await screenshot(page, 'phone-full');
  expect(await heightOf('.panel')).toBeGreaterThan(sheet);
  await pull(80);
  await expect.poll(panel).toBe('half');
  await pull(80);
  await expect.poll(panel).toBe('low');
  await screenshot(page, 'phone-low');
  expect(await heightOf('cw-viewer')).toBeGreaterThan(picture);
  expect(await at(page, 'statement').isVisible()).toBe(true);
  await at(page, 'panel-handle').press('ArrowUp');
  await expect.poll(panel).toBe('half');
  expect(await heightOf('cw-viewer')).toBe(picture);
});

test('the back key closes what lies open, one after the other, before it leaves the page', async () => {
  const url = page.url();
  await pull(-200);
  await at(page, 'keys').tap();
  await at(page, 'keys-sheet').waitFor();
  await page.goBack();
  await at(page, 'keys-sheet').waitFor({ state: 'hidden' });
  await expect.poll(panel).toBe('full');
  await page.goBack();
  await expect.poll(panel).toBe('half');
  // Closed by hand, a sheet leaves no step behind that would have to be gone back through.
  await at(page, 'sources').tap();
  await at(page, 'menu-sources').waitFor();
  await page.keyboard.press('Escape');
  await at(page, 'menu-sources').waitFor({ state: 'hidden' });
  await expect.poll(() => page.evaluate(() => history.state?.open ?? false)).toBe(false);
  expect(page.url()).toBe(url);
  await page.goBack();
  expect(page.url()).toBe(ELSEWHERE);
  await page.goForward();
  await waitForMasks(page);
});

test('the camera is chosen by where it looks', async () => {
  await page.evaluate(() => {
    const devices = navigator.mediaDevices;
    const real = devices.getUserMedia.bind(devices);
    devices.getUserMedia = (constraints) => {
      Object.assign(globalThis, { asked: constraints?.video });
      return real(constraints);
    };
  });
  const asked = () => page.evaluate(() => (globalThis as unknown as { asked: MediaTrackConstraints }).asked);
  await at(page, 'sources').tap();
  await at(page, 'camera-device').selectOption('facing:user');
  await screenshot(page, 'phone-sources');
  await at(page, 'open-camera').tap();
  await expect.poll(async () => (await asked())?.facingMode).toEqual({ ideal: 'user' });
  await expect.poll(() => at(page, 'source-title').textContent()).toMatch(/fake/i);
});

test('on its side nothing is out of sight', async () => {
  await using turned = await browser.open({ ...PHONE, viewport: { width: 844, height: 390 } });
  await turned.page.goto(`${server.url}?model=/models/tiny.json`);
  await waitForMasks(turned.page);
  await screenshot(turned.page, 'phone-side');
  expect(await at(turned.page, 'panel-handle').isVisible()).toBe(false);
  expect(await turned.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
  for (const id of ['play', 'full-screen', 'mode', 'statement', 'picture']) {
    const box = (await at(turned.page, id).boundingBox())!;
    expect(box.y + box.height, id).toBeLessThanOrEqual(390);
    expect(box.x + box.width, id).toBeLessThanOrEqual(844);
  }
});

test('nothing was complained of', () => {
  expect(watched.complaints).toEqual([]);
});
