/** Networks: what is not one is refused, a lost device is survived, an own one is taken. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tinyPspnet } from '../fixtures/networks/tiny-pspnet';
import { screenshot, TestBrowser } from '../harness/browser';
import {
  at,
  drop,
  figure,
  networkPart,
  openDetails,
  PATIENCE,
  waitForFigure,
  waitForMasks,
} from '../harness/journey';
import { servePage, type TestServer } from '../harness/serve';

let server: TestServer;

beforeAll(async () => {
  // Served by the server itself: intercepting requests would stop the page's own modules.
  server = await servePage([networkPart(tinyPspnet()), networkPart(tinyPspnet(), 'damaged', 'f'.repeat(64))]);
});
afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
});

describe('what is not a network', () => {
  let browser: TestBrowser;
  beforeAll(async () => {
    browser = await TestBrowser.launch({ webgpu: false });
  });
  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]();
  });

  test.each([
    ['/index.html', 'model-is-html'],
    ['/models/nowhere.json', 'model-not-found'],
  ])('%s: one sentence (%s), and the built-in network runs', async (address, code) => {
    await using watched = await browser.open();
    const { page } = watched;
    await page.goto(`${server.url}?model=${encodeURIComponent(address)}`);
    await at(page, `notice-${code}`).waitFor({ timeout: PATIENCE });
    await waitForMasks(page);
  });

  test('a network whose bytes are not the manifest’s', async () => {
    await using watched = await browser.open();
    const { page } = watched;
    await page.goto(`${server.url}?model=/models/damaged.json`);
    await at(page, 'notice-model-hash-mismatch').waitFor({ timeout: PATIENCE });
    await waitForMasks(page);
  });

  test('dropped files: HTML in place of a network leaves the running one alone; a real one asks and runs', async () => {
    await using watched = await browser.open();
    const { page } = watched;
    await page.goto(server.url);
    await waitForMasks(page);
    await drop(page, 'page.onnx', '', Buffer.from('<!doctype html><title>no</title>'));
    await at(page, 'notice-model-not-onnx').waitFor();
    const frames = await figure(page, 'hud-frames');
    await waitForFigure(page, 'hud-frames', (n) => n > frames);

    await drop(page, 'mine.onnx', '', Buffer.from(tinyPspnet().bytes));
    await at(page, 'own-model').waitFor();
    await screenshot(page, 'own-model');
    await at(page, 'own-load').click();
    await expect
      .poll(async () => (await at(page, 'card-model').textContent()) ?? '', { timeout: PATIENCE })
      .toContain('mine');
    await waitForMasks(page);
  });

  test('an own network beside the engine for processors: one after the other, and nothing is left of either', async () => {
    await using watched = await browser.open();
    const { page } = watched;
    await page.goto(`${server.url}?engine=cpu&model=pspnet-wasm`);
    await waitForMasks(page);
    await openDetails(page);
    const engine = (text: string) =>
      expect
        .poll(async () => (await at(page, 'card-engine').textContent()) ?? '', { timeout: PATIENCE })
        .toContain(text);
    // Counted when the picture has run for a while: scene and lines are made with the first masks.
    const held = async () => {
      const frames = await figure(page, 'hud-frames');
      await waitForFigure(page, 'hud-frames', (n) => n > frames + 30);
      const objects = /(\d+) buffers · (\d+) textures/.exec(
        (await at(page, 'hud-live-objects').textContent()) ?? '',
      );
      return Number(objects?.[1]) + Number(objects?.[2]);
    };
    await engine('Processor');
    const before = await held();
    const workers = page.workers().length;
    await drop(page, 'mine.onnx', '', Buffer.from(tinyPspnet().bytes));
    await at(page, 'own-load').click();
    await engine('WebAssembly');
    await waitForMasks(page);
    await at(page, 'models').click();
    await at(page, 'model-pspnet-wasm').click();
    await engine('Processor');
    // What the scene draws is one more or less; a stream left behind would hold five buffers and four textures.
    await expect.poll(held, { timeout: PATIENCE }).toBeLessThanOrEqual(before + 2);
    await expect.poll(() => page.workers().length, { timeout: PATIENCE }).toBe(workers);
    expect(watched.complaints).toEqual([]);
  });
});

test('offline the second time: the network comes from the cache', async () => {
  await using browser = await TestBrowser.launch({ webgpu: false });
  await using watched = await browser.open();
  const { page } = watched;
  await page.goto(server.url);
  await waitForMasks(page);
  // The page itself is served; its networks cannot be reached any more.
  await page.context().route('**/models/**', (route) => route.abort());
  await page.reload();
  await waitForMasks(page);
  expect(await at(page, 'card-model').textContent()).toContain('PSPNet');
});

test('WebGPU, as the real page uses it: segmented, and alive after the GPU process crashed', async () => {
  await using browser = await TestBrowser.launch();
  await using watched = await browser.open();
  const { page } = watched;
  await page.goto(`${server.url}?engine=webgpu&model=/models/${tinyPspnet().manifest.name}.json`);
  await waitForMasks(page);
  expect(await at(page, 'card-engine').textContent()).toContain('WebGPU');
  await screenshot(page, 'webgpu');
  await browser.crashGpu();
  await at(page, 'notice-webgpu-lost').waitFor({ timeout: PATIENCE });
  const frames = await figure(page, 'hud-frames');
  await waitForFigure(page, 'hud-frames', (n) => n > frames + 5);
  await waitForFigure(page, 'hud-inference-fps', (fps) => fps > 0);
});

test('WebGL2, where there is no GPU: the picture is drawn again after the graphics process crashed, and segmented', async () => {
  await using browser = await TestBrowser.launch({ webgpu: false });
  await using watched = await browser.open();
  const { page } = watched;
  await page.goto(`${server.url}?engine=wasm&model=/models/${tinyPspnet().manifest.name}.json`);
  await waitForMasks(page);
  await browser.crashGpu();
  await at(page, 'notice-drawing-lost').waitFor({ timeout: PATIENCE });
  const frames = await figure(page, 'hud-frames');
  await waitForFigure(page, 'hud-frames', (n) => n > frames + 5);
  await waitForFigure(page, 'hud-picture-fps', (fps) => fps > 0);
  await waitForFigure(page, 'hud-inference-fps', (fps) => fps > 0);
  await screenshot(page, 'drawing-back');
});
