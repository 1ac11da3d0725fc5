/** What leaves the page shows no people and vehicles where that is wanted: a still of the drive, and a video made of it. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { screenshot, TestBrowser, type WatchedPage } from '../harness/browser';
import { ensureFfmpeg } from '../harness/install';
import { at, drop, PATIENCE, waitForMasks } from '../harness/journey';
import { servePage, type TestServer } from '../harness/serve';

const FFMPEG = ensureFfmpeg();
if (!FFMPEG) console.warn('Skipped: there is no ffmpeg to make a recording with.');

let server: TestServer;
let browser: TestBrowser;
let watched: WatchedPage;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'carriageway-privacy-'));
  server = await servePage();
  browser = await TestBrowser.launch({ webgpu: false });
  watched = await browser.open();
  await watched.page.addInitScript(() => Reflect.deleteProperty(globalThis, 'showSaveFilePicker'));
});

afterAll(async () => {
  await watched?.[Symbol.asyncDispose]();
  await browser?.[Symbol.asyncDispose]();
  await server?.[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

/** Saves what a click downloads. @returns its path and the name it was offered under */
async function saved(id: string, as: string): Promise<{ path: string; name: string }> {
  const { page } = watched;
  const coming = page.waitForEvent('download', { timeout: PATIENCE });
  await at(page, id).click();
  const download = await coming;
  const path = join(folder, as);
  await download.saveAs(path);
  return { path, name: download.suggestedFilename() };
}

/** Share of the pixels of two pictures that differ by more than a codec does, and how sharp each is where they do. */
async function compared(
  one: string,
  other: string,
): Promise<{ differ: number; sharpness: readonly number[] }> {
  const pictures = [one, other].map((path) => readFileSync(path).toString('base64'));
  return watched.page.evaluate(async (all) => {
    const data = await Promise.all(
      all.map(async (base64) => {
        const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
        const bitmap = await createImageBitmap(new Blob([bytes]));
        const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')!;
        context.drawImage(bitmap, 0, 0);
        return context.getImageData(0, 0, bitmap.width, bitmap.height);
      }),
    );
    const [a, b] = data as [ImageData, ImageData];
    let differ = 0;
    const steps = [0, 0];
    for (let i = 0; i < a.data.length - 4; i += 4) {
      if (Math.abs(a.data[i]! - b.data[i]!) < 24) continue;
      differ++;
      for (const [n, image] of [a, b].entries()) steps[n]! += Math.abs(image.data[i]! - image.data[i + 4]!);
    }
    return { differ: (4 * differ) / a.data.length, sharpness: steps.map((sum) => sum / Math.max(1, differ)) };
  }, pictures);
}

test('people and vehicles are blurred in a still, and stay as they are without', async () => {
  const { page } = watched;
  await page.goto(`${server.url}?source=drive&seed=1`);
  await waitForMasks(page);
  // Somebody comes along before long.
  let { differ, sharpness }: Awaited<ReturnType<typeof compared>> = { differ: 0, sharpness: [] };
  const [sharp, blurred] = [join(folder, 'sharp.png'), join(folder, 'blurred.png')];
  for (let tries = 0; tries < 12 && differ < 0.004; tries++) {
    await page.locator('body').press(' ');
    // The picture that stands has its own mask.
    await page.waitForTimeout(3000);
    await saved('snapshot-raw', 'sharp.png');
    await at(page, 'snapshot-blur').click();
    expect(await at(page, 'snapshot-blur').getAttribute('aria-pressed')).toBe('true');
    await saved('snapshot-raw', 'blurred.png');
    ({ differ, sharpness } = await compared(sharp, blurred));
    if (differ >= 0.004) break;
    await at(page, 'snapshot-blur').click();
    await page.locator('body').press(' ');
    await page.waitForTimeout(1500);
  }
  await screenshot(page, 'privacy-bar');
  expect(differ).toBeGreaterThan(0.004);
  expect(differ).toBeLessThan(0.5);
  // Where they differ, the blurred one changes more slowly from pixel to pixel.
  expect(sharpness[1]!).toBeLessThan(0.5 * sharpness[0]!);
  for (const [from, name] of [
    [sharp, 'privacy-sharp.png'],
    [blurred, 'privacy-still.png'],
  ] as const)
    execFileSync('cp', [from, join(import.meta.dirname, '..', 'output', name)]);
});

test.skipIf(!FFMPEG)('a video is blurred as it was set, and its name is left out', async () => {
  const { page } = watched;
  const clip = join(folder, '20260301_101500_NF.mp4');
  execFileSync('ffmpeg', [
    ...[
      '-loglevel',
      'error',
      '-y',
      '-loop',
      '1',
      '-framerate',
      '5',
      '-i',
      join(folder, 'sharp.png'),
      '-t',
      '2',
    ],
    ...['-vf', 'scale=trunc(iw/2)*2:trunc(ih/2)*2', '-c:v', 'libx264', '-pix_fmt', 'yuv420p', clip],
  ]);
  await drop(page, '20260301_101500_NF.mp4', 'video/mp4', readFileSync(clip));
  await vi.waitFor(
    async () => expect(await at(page, 'source-title').first().textContent()).toMatch(/101500/),
    { timeout: PATIENCE },
  );
  await at(page, 'export').click();
  // As it was set for stills; the sentence stands beside it.
  expect(await at(page, 'export-blur').isChecked()).toBe(true);
  expect(await at(page, 'menu-export').textContent()).toMatch(/no guarantee/);
  await at(page, 'export-nameless').check();
  await screenshot(page, 'privacy-menu');
  const video = await saved('export-mp4', 'out.mp4');
  expect(video.name).toBe('recording-video.mp4');
  const frames = { before: join(folder, 'before.png'), after: join(folder, 'after.png') };
  const frameOf = (from: string, to: string) =>
    execFileSync('ffmpeg', ['-loglevel', 'error', '-y', '-ss', '1', '-i', from, '-frames:v', '1', to]);
  frameOf(clip, frames.before);
  frameOf(video.path, frames.after);
  execFileSync('cp', [frames.after, join(import.meta.dirname, '..', 'output', 'privacy-video.png')]);
  expect((await compared(frames.before, frames.after)).differ).toBeGreaterThan(0.002);
});
