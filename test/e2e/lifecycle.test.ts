/** What a browser does to a tab: freezes it, keeps it for the way back; and a clock that is set meanwhile. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ELSEWHERE, TestBrowser, type WatchedPage } from '../harness/browser';
import { at, figure, waitForFigure, waitForMasks } from '../harness/journey';
import { servePage, type TestServer } from '../harness/serve';

/** Longer than the page waits before it asks a silent worker for a sign of life. */
const FROZEN_MS = 12_000;

let server: TestServer;
let browser: TestBrowser;
let watched: WatchedPage;

beforeAll(async () => {
  server = await servePage();
  browser = await TestBrowser.launch({ webgpu: false });
  watched = await browser.open();
  await watched.page.goto(`${server.url}?engine=cpu&model=pspnet-wasm`);
  await waitForMasks(watched.page);
});

afterAll(async () => {
  await watched?.[Symbol.asyncDispose]();
  await browser?.[Symbol.asyncDispose]();
  await server?.[Symbol.asyncDispose]();
});

/** Waits for some more masks than there are. */
async function moreMasks(): Promise<void> {
  const { page } = watched;
  const masks = await figure(page, 'hud-masks');
  await waitForFigure(page, 'hud-masks', (n) => n > masks + 3);
}

test('a tab that was frozen goes on, with the worker that it had', async () => {
  const { page } = watched;
  const before = await figure(page, 'hud-masks');
  const session = await page.context().newCDPSession(page);
  await session.send('Page.setWebLifecycleState', { state: 'frozen' });
  await new Promise((resolve) => setTimeout(resolve, FROZEN_MS));
  await session.send('Page.setWebLifecycleState', { state: 'active' });
  await session.detach();
  await moreMasks();
  // Another worker would count from nought.
  expect(await figure(page, 'hud-masks')).toBeGreaterThan(before);
  expect(await at(page, 'notice-worker-silent').count()).toBe(0);
});

test('a clock that is set back by a year is not noticed', async () => {
  const { page } = watched;
  await page.evaluate(() => {
    const now = Date.now.bind(Date);
    Date.now = () => now() - 365 * 86_400_000;
  });
  await moreMasks();
  expect(await figure(page, 'hud-latency')).toBeGreaterThan(0);
});

test('a page that was left and come back to is segmented again', async () => {
  const { page } = watched;
  await page.goto(ELSEWHERE);
  await page.goBack();
  await waitForMasks(page);
  await moreMasks();
  expect(watched.complaints).toEqual([]);
});
