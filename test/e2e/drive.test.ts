/** The first thing anyone sees: the simulated drive, segmented without a click. */
import { expect, test, vi } from 'vitest';
import { screenshot } from '../harness/browser';
import { at, figure, openDetails, untilStill, waitForFigure, waitForMasks } from '../harness/journey';
import { useOpenedPage } from '../harness/opened-page';

const opened = useOpenedPage();

test('masks keep coming and the network sees the road that is really there', async () => {
  const { page } = opened.watched;
  // Far above what a network without understanding could reach, far below what a good one does.
  const iou = await waitForFigure(page, 'hud-drivable-iou', (value) => value > 50);
  expect(iou).toBeLessThanOrEqual(100);
  await waitForFigure(page, 'hud-inference-fps', (fps) => fps > 0);
  await screenshot(page, 'drive');
  expect(opened.watched.complaints).toEqual([]);
});

test('says which engine runs and why it is not WebGPU on this machine', async () => {
  const { page } = opened.watched;
  expect(await at(page, 'card-engine').textContent()).toContain('Processor');
  expect(await at(page, 'card-fallback').textContent()).toContain('emulated in software');
});

test('the legend shows true IoU class by class', async () => {
  const road = await waitForFigure(opened.watched.page, 'iou-0', (value) => !Number.isNaN(value));
  expect(road).toBeGreaterThan(30);
});

test('every mode and the split view can be reached by keyboard, and look different', async () => {
  const { page } = opened.watched;
  // A slow machine steps down to the smaller network after its first inferences: let that be over.
  await waitForFigure(page, 'hud-frames', (n) => n > 14);
  await waitForMasks(page);
  // A paused drive: pictures differ by the overlay alone.
  await page.keyboard.press('Space');
  await untilStill(at(page, 'canvas'));
  const look = async () => (await at(page, 'canvas').screenshot()).toString('base64');
  const seen = new Set([await look()]);
  // It stands in `classes`: the other two, each of which must change what is seen.
  for (const mode of ['drivable', 'confidence']) {
    await at(page, `mode-${mode}`).click();
    await vi.waitFor(async () => expect(seen).not.toContain(await look()), {
      timeout: 30_000,
      interval: 500,
    });
    seen.add(await look());
    await screenshot(page, `drive-${mode}`);
  }
  await at(page, 'mode-classes').click();
  await page.locator('body').press('v');
  await expect.poll(() => at(page, 'divider').isVisible()).toBe(true);
  const before = await at(page, 'divider').getAttribute('aria-valuenow');
  await at(page, 'divider').press('ArrowLeft');
  expect(await at(page, 'divider').getAttribute('aria-valuenow')).not.toBe(before);
  await screenshot(page, 'drive-split');
  await page.locator('body').press('v');
  await page.locator('body').press('Space');
});

test('a snapshot is a PNG of the picture’s own size', async () => {
  const { page } = opened.watched;
  const [download] = await Promise.all([page.waitForEvent('download'), at(page, 'snapshot').click()]);
  const chunks: Buffer[] = [];
  for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
  const png = Buffer.concat(chunks);
  expect(download.suggestedFilename()).toMatch(/\.png$/);
  expect(png.subarray(1, 4).toString('latin1')).toBe('PNG');
  // IHDR: width and height, big-endian, at bytes 16 and 20.
  expect(png.readUInt32BE(16)).toBeGreaterThanOrEqual(320);
  expect(png.readUInt32BE(16)).toBeGreaterThan(png.readUInt32BE(20));
});

test('frames, buffers and textures stay flat while it runs', async () => {
  const { page } = opened.watched;
  await openDetails(page);
  const counts = async () => (await at(page, 'hud-live-objects').textContent()) ?? '';
  const frames = () => figure(page, 'hud-frames');
  const start = await frames();
  const seen = new Set<string>();
  await waitForFigure(page, 'hud-frames', (n) => n > start + 10);
  for (const target of [14, 18, 22]) {
    await waitForFigure(page, 'hud-frames', (n) => n > start + target);
    seen.add((await counts()).replace(/\d+ frames?/, ''));
  }
  // Frames in flight come and go by one; what is allocated does not.
  expect(seen.size).toBe(1);
});
