/** The page that measures this machine, where there is no GPU: every case, what is chosen by it, what is copied. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { screenshot, TestBrowser, type WatchedPage } from '../harness/browser';
import { at, openDetails, PATIENCE, waitForMasks } from '../harness/journey';
import { servePage, type TestServer } from '../harness/serve';

let server: TestServer;
let browser: TestBrowser;
let watched: WatchedPage;

beforeAll(async () => {
  server = await servePage();
  browser = await TestBrowser.launch({ webgpu: false });
  watched = await browser.open({ permissions: ['clipboard-read', 'clipboard-write'] });
});

afterAll(async () => {
  await watched?.[Symbol.asyncDispose]();
  await browser?.[Symbol.asyncDispose]();
  await server?.[Symbol.asyncDispose]();
});

test('measures what runs here, says why the rest does not, and gives it away as text', async () => {
  const { page } = watched;
  await page.goto(`${server.url}?measure`);
  await at(page, 'measure-start').click();
  await at(page, 'measure-stop').waitFor();
  await at(page, 'measure-cpu-pspnet-lite').waitFor({ timeout: 2 * PATIENCE });
  await screenshot(page, 'measure-running');
  await at(page, 'measure-copy-json').waitFor({ timeout: 4 * PATIENCE });
  await screenshot(page, 'measure');
  const cells = (name: string) => at(page, `measure-${name}`).locator('td.figure').allTextContents();
  for (const ran of ['cpu-pspnet-lite', 'cpu-pspnet-wasm', 'wasm-pspnet-lite', 'wasm-pspnet-wasm']) {
    const [inference, endToEnd] = (await cells(ran)).map(Number);
    expect(inference, ran).toBeGreaterThan(0);
    expect(endToEnd, ran).toBeGreaterThan(inference!);
  }
  expect(await at(page, 'measure-webgpu-pspnet-lite').textContent()).toContain('no WebGPU');
  expect(await at(page, 'measure-said').textContent()).toMatch(
    /opens with pspnet-(lite|wasm) on the processor/,
  );
  await at(page, 'measure-copy-json').click();
  await expect.poll(() => at(page, 'measure-said').textContent()).toContain('can be pasted');
  const copied = JSON.parse(await page.evaluate(() => navigator.clipboard.readText()));
  expect(copied).toMatchObject({ schema: 1, graphics: 'none', isolated: true });
  expect(copied.cases).toHaveLength(6);
  expect(watched.complaints).toEqual([]);
}, 1_200_000);

test('the page opens with what was found, and says so; it links to the measuring', async () => {
  const { page } = watched;
  await page.goto(server.url);
  await waitForMasks(page);
  expect(await at(page, 'card-choice').textContent()).toContain('as it was measured');
  await openDetails(page);
  await at(page, 'measure').click();
  await at(page, 'measure-start').waitFor();
});

test('stopped half way, it says so and can begin again', async () => {
  const { page } = watched;
  await page.goto(`${server.url}?measure`);
  await at(page, 'measure-start').focus();
  await page.keyboard.press('Enter');
  await at(page, 'measure-now').getByText('Processor').waitFor({ timeout: PATIENCE });
  await at(page, 'measure-stop').click();
  await expect.poll(() => at(page, 'measure-said').textContent()).toContain('Stopped');
  await at(page, 'measure-start').waitFor();
});
