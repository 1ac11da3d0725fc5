/** What cameras and data sets bring, through the built page: a TeslaCam event, a pair with holes, a Cityscapes folder. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { encodePng } from '../fixtures/png';
import { screenshot } from '../harness/browser';
import { ensureFfmpeg } from '../harness/install';
import { at, untilStill, waitForMasks } from '../harness/journey';
import { useOpenedPage } from '../harness/opened-page';
import { pageSays } from '../harness/recording-page';

const FFMPEG = ensureFfmpeg();
if (!FFMPEG) console.warn('Skipped where recordings are needed: there is no ffmpeg to make them with.');

/** Waits as long as any step may take with a tiny network, in milliseconds. A limit, never a measurement. */
const WAIT = 90_000;

const opened = useOpenedPage({ tiny: true });

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'carriageway-field-'));
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** A clip of one camera: a street of bars in a colour of its own. */
function clip(path: string, seconds: number, hue: number): void {
  mkdirSync(dirname(path), { recursive: true });
  const source = `testsrc2=size=320x180:rate=10:duration=${seconds},hue=h=${hue}`;
  const codec = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-g', '10'];
  execFileSync('ffmpeg', ['-loglevel', 'error', '-y', '-f', 'lavfi', '-i', source, ...codec, path]);
}

async function open(name: string): Promise<void> {
  await at(opened.watched.page, 'folder-input').setInputFiles(join(folder, name));
}

const untilSays = (id: string, text: string | RegExp): Promise<void> =>
  pageSays(opened.watched.page, id, text, WAIT);

/** Below the middle of a picture: clear of its camera's name, and of what an empty one says. */
const MIDDLE = { x: 0.3, y: 0.58, width: 0.4, height: 0.14 };

/** Where a camera is seen. @param camera from 1 */
const canvasOf = (camera: number) => at(opened.watched.page, camera === 1 ? 'canvas' : `canvas-${camera}`);

/** Mean brightness of the middle of a camera's picture on screen, 0 to 255. @param camera from 1 */
async function brightness(camera: number): Promise<number> {
  const { page } = opened.watched;
  const part = MIDDLE;
  const box = (await canvasOf(camera).boundingBox())!;
  const shot = await page.screenshot({
    clip: {
      x: box.x + part.x * box.width,
      y: box.y + part.y * box.height,
      width: part.width * box.width,
      height: part.height * box.height,
    },
  });
  return page.evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
    const bitmap = await createImageBitmap(new Blob([bytes]));
    const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')!;
    context.drawImage(bitmap, 0, 0);
    const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
    let sum = 0;
    for (let i = 0; i < data.length; i += 4) sum += data[i]! + data[i + 1]! + data[i + 2]!;
    return sum / (0.75 * data.length);
  }, shot.toString('base64'));
}

test.skipIf(!FFMPEG)(
  'a TeslaCam event: six cameras of one moment, each segmented by itself, and it begins where it happened',
  async () => {
    const { page } = opened.watched;
    const event = join('tesla', 'SavedClips', '2026-03-01_10-16-00');
    const cameras = ['front', 'back', 'left_repeater', 'right_repeater', 'left_pillar', 'right_pillar'];
    for (const [n, camera] of cameras.entries())
      clip(join(folder, event, `2026-03-01_10-15-30-${camera}.mp4`), 6, n * 60);
    writeFileSync(
      join(folder, event, 'event.json'),
      JSON.stringify({ timestamp: '2026-03-01T10:15:34', reason: 'user_interaction_honk', camera: '0' }),
    );
    const wide = page.viewportSize()!;
    await page.setViewportSize({ width: 1280, height: 800 });
    await open('tesla');
    await untilSays('source-title', /front.mp4 and 5 more/);
    await waitForMasks(page);
    // A step stands, even where a slow machine has come to the end meanwhile; the space bar would begin anew there.
    await page.locator('body').press('.');
    // The event's second, less what had been played until it was stopped.
    await vi.waitFor(async () => expect(await at(page, 'exact-time').textContent()).toMatch(/^0:0[4-6]/), {
      timeout: WAIT,
    });
    expect(await at(page, 'mark-own').count()).toBeGreaterThan(0);
    // Every camera shows something, once the picture that stands has its mask, and each has a name.
    const names = ['Front', 'Rear', 'Left', 'Right', 'Left pillar', 'Right pillar'];
    const shown = async (...cameras: number[]) => {
      for (const camera of cameras)
        await vi.waitFor(async () => expect(await brightness(camera)).toBeGreaterThan(45), { timeout: WAIT });
    };
    await shown(1, 2, 3, 4, 5, 6);
    const said = await Promise.all(names.map((_, n) => at(page, `camera-${n + 1}`).textContent()));
    for (const name of names) expect(said.some((text) => text?.includes(name))).toBe(true);
    // The front camera stands large, the others small; a number or a click looks at another one.
    const width = async (n: number) => (await canvasOf(n).boundingBox())!.width;
    expect(await width(1)).toBeGreaterThan(2 * (await width(2)));
    await screenshot(page, 'field-teslacam');
    await page.locator('body').press('3');
    await vi.waitFor(async () => expect(await width(3)).toBeGreaterThan(2 * (await width(1))), {
      timeout: WAIT,
    });
    await shown(1, 2, 3, 4, 5, 6);
    await at(page, 'camera-1').click();
    expect(await at(page, 'camera-1').getAttribute('aria-pressed')).toBe('true');
    await at(page, 'camera-layout-grid').check({ force: true });
    await vi.waitFor(async () => expect(await width(1)).toBe(await width(6)), { timeout: WAIT });
    await shown(1, 2, 3, 4, 5, 6);
    await screenshot(page, 'field-teslacam-grid');
    await at(page, 'camera-layout-pair').check({ force: true });
    await shown(1, 3);
    expect(await canvasOf(2).isVisible()).toBe(false);
    await screenshot(page, 'field-teslacam-pair');
    await at(page, 'camera-layout-large').check({ force: true });
    await page.setViewportSize({ width: 390, height: 844 });
    await shown(1, 2, 6);
    await screenshot(page, 'field-teslacam-phone');
    await at(page, 'camera-layout-grid').check({ force: true });
    await shown(1, 6);
    await screenshot(page, 'field-teslacam-phone-grid');
    await at(page, 'camera-layout-pair').check({ force: true });
    await shown(1, 3);
    await screenshot(page, 'field-teslacam-phone-pair');
    await page.setViewportSize(wide);
    // The choice of layouts keeps its arrows and Home while it has the focus.
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  },
);

test.skipIf(!FFMPEG)(
  'a BlackVue pair with a lost file and a hole: an empty view that says so, and time goes on',
  async () => {
    const { page } = opened.watched;
    for (const time of ['101500', '101503', '101512'])
      clip(join(folder, 'blackvue', 'Record', `20260301_${time}_NF.mp4`), 3, 0);
    for (const time of ['101500', '101512'])
      clip(join(folder, 'blackvue', 'Record', `20260301_${time}_NR.mp4`), 3, 180);
    await open('blackvue');
    await untilSays('source-title', /20260301_101500_NF.mp4 and 4 more/);
    await waitForMasks(page);
    await page.locator('body').press('.');
    // What is still told of the step would be counted from.
    await untilStill(at(page, 'exact-time'));
    await page.locator('body').press('Home');
    await untilSays('exact-time', /^0:00\.000$/);
    await untilStill(at(page, 'exact-time'));
    await vi.waitFor(async () => expect(await brightness(2)).toBeGreaterThan(60), { timeout: WAIT });
    expect(await at(page, 'camera-2').textContent()).toMatch(/Rear(?!: nothing)/);
    // One after the other: a step of a second counts from where the picture stands.
    const onTo = async (from: number, to: number) => {
      for (let second = from; second < to; second++) {
        await page.locator('body').press('ArrowRight');
        await untilSays('exact-time', new RegExp(`^0:0${second + 1}\\.0`));
      }
    };
    await onTo(0, 4);
    // Where the rear camera's file is lost there is a dark picture with a sentence, and no mask.
    await vi.waitFor(async () => expect(await brightness(2)).toBeLessThan(40), { timeout: WAIT });
    expect(await at(page, 'camera-2').textContent()).toContain('Rear: nothing recorded here');
    expect(await brightness(1)).toBeGreaterThan(60);
    await screenshot(page, 'field-blackvue-gap');
    // Behind the hole both are there again.
    await onTo(4, 7);
    await vi.waitFor(async () => expect(await brightness(2)).toBeGreaterThan(60), { timeout: WAIT });
  },
);

test('a Cityscapes folder: its numbers are known by their names, and compared with', async () => {
  const { page } = opened.watched;
  const [width, height] = [64, 32];
  const rows = <T>(above: T, below: T): T[] =>
    Array.from({ length: width * height }, (_, i) => (i < (width * height) / 2 ? above : below));
  for (const frame of ['000000_000019', '000001_000019']) {
    const stem = join('val', 'lindau', `lindau_${frame}`);
    const files = [
      [`leftImg8bit/${stem}_leftImg8bit.png`, rows([90, 130, 220], [70, 70, 75]).flat(), 2],
      // 23 is sky and 7 is road by the data set's own ids.
      [`gtFine/${stem}_gtFine_labelIds.png`, rows(23, 7), 0],
      [`gtFine/${stem}_gtFine_color.png`, rows([70, 130, 180], [128, 64, 128]).flat(), 2],
    ] as const;
    for (const [name, values, colour] of files) {
      const path = join(folder, 'cityscapes', name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, encodePng(Uint8Array.from(values), { width, height, colour, filter: 0 }));
    }
  }
  await open('cityscapes');
  await untilSays('source-title', /^cityscapes$/);
  await untilSays('labels', /^2 labels/);
  await at(page, 'analyse').click();
  await untilSays('compare-summary', /Frames2/);
  expect(await page.locator('cw-compare').textContent()).toMatch(/Cityscapes/);
  expect(await at(page, 'worst').count()).toBe(2);
  await at(page, 'label-view-beside').check({ force: true });
  await page.waitForTimeout(1500);
  await screenshot(page, 'field-cityscapes');
  expect(opened.watched.complaints).toEqual([]);
});
