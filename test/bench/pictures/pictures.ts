/**
 * `npm run pictures`: takes the pictures of `docs/guide.md` from the simulated drive, so that they stay true. The drive is
 * the same each time; what the machine's speed decides (rates, delays) differs.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { z } from 'zod';
import { ROOT } from '../../../src/server/prepare.mjs';
import { TestBrowser } from '../../harness/browser.ts';
import { ensureChromium } from '../../harness/install.ts';
import { at, waitForFigure, waitForMasks } from '../../harness/journey.ts';
import { servePage } from '../../harness/serve.ts';
import { readPlainOptions } from '../plain-options.ts';

const USAGE = `npm run pictures [-- options]

  --only NAME   takes one picture alone
  --out DIR     where to (docs/guide unless told otherwise)`;

const schema = z.object({ only: z.string(), out: z.string().min(1) });

/** Quality of the WebP files, 0 to 1: letters stay sharp, and a page of ten pictures stays below a megabyte. */
const QUALITY = 0.78;

/** One picture: its window, where it begins, and what is done before it is taken. */
interface Picture {
  readonly name: string;
  readonly size: { readonly width: number; readonly height: number };
  readonly query: string;
  readonly prepare: (page: Page) => Promise<void>;
}

const SCREEN = { width: 1280, height: 720 };
const STREET = 'seed=1&t=12';

/** Waits until so many more masks are on screen: what was asked for is drawn by then. */
async function moreMasks(page: Page, more = 3): Promise<void> {
  // The figure is kept in its fold, too: what would open and close it, would be seen in the picture now and then.
  const before = await waitForFigure(page, 'hud-masks', (count) => count > 0);
  await waitForFigure(page, 'hud-masks', (count) => count >= before + more);
}

/** What alone takes a mask off the picture when it becomes another: the network, its engine, the canvas. */
async function whatRuns(page: Page): Promise<string> {
  const texts = ['card-model', 'card-engine'].map((id) => at(page, id).first().textContent());
  const canvas = page.locator('cw-viewer canvas').first();
  const size = await canvas.evaluate(({ clientWidth, clientHeight }) => `${clientWidth}×${clientHeight}`);
  return [...(await Promise.all(texts)), size].join(', ');
}

/**
 * The page as it looks with a mask on its picture. Masks are counted as they are made; a network that gives way to
 * another, or a canvas that becomes larger, takes the last one off, and for a moment the picture is bare. So the same
 * must have run from three masks before the picture until it was taken.
 * @param running whether masks go on; else what is held is taken
 */
async function takePicture(page: Page, running: boolean): Promise<Buffer> {
  for (;;) {
    const before = await whatRuns(page);
    if (running) await moreMasks(page);
    const png = await page.screenshot();
    if ((await whatRuns(page)) === before) return png;
  }
}

const PICTURES: readonly Picture[] = [
  { name: 'first', size: SCREEN, query: STREET, prepare: async () => {} },
  {
    name: 'confidence',
    size: SCREEN,
    query: `${STREET}&mode=confidence&mood=rain`,
    prepare: async () => {},
  },
  {
    name: 'split',
    size: SCREEN,
    query: STREET,
    prepare: async (page) => {
      await at(page, 'split').click();
    },
  },
  {
    name: 'road',
    size: SCREEN,
    query: `${STREET}&mode=drivable`,
    prepare: async (page) => {
      await page.keyboard.press('g');
      await page.keyboard.press('g');
    },
  },
  {
    name: 'pyramid',
    size: SCREEN,
    // A network that was chosen stays: one that gives way to a smaller one lets go of what is held.
    query: `${STREET}&model=pspnet-wasm`,
    prepare: async (page) => {
      await at(page, 'pyramid').locator('summary').click();
      await waitForFigure(page, 'pyramid-flipped', (share) => !Number.isNaN(share));
      await at(page, 'pyramid-level-1').uncheck();
      await waitForFigure(page, 'pyramid-alone-1', (share) => !Number.isNaN(share));
    },
  },
  {
    name: 'sources',
    size: SCREEN,
    query: STREET,
    prepare: async (page) => {
      await at(page, 'sources').click();
    },
  },
  {
    name: 'night',
    size: SCREEN,
    query: 'seed=4&t=8&mood=rain-night',
    prepare: async () => {},
  },
  {
    name: 'keys',
    size: SCREEN,
    query: STREET,
    prepare: async (page) => {
      await page.keyboard.press('?');
    },
  },
  { name: 'phone', size: { width: 390, height: 844 }, query: STREET, prepare: async () => {} },
];

/** A PNG as WebP, made by the browser. */
async function webp(page: Page, png: Buffer): Promise<Buffer> {
  const base64 = await page.evaluate(
    async ({ png, quality }) => {
      const bytes = Uint8Array.from(atob(png), (c) => c.charCodeAt(0));
      const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
      const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
      canvas.getContext('2d')?.drawImage(bitmap, 0, 0);
      const blob = await canvas.convertToBlob({ type: 'image/webp', quality });
      const made = new Uint8Array(await blob.arrayBuffer());
      let text = '';
      for (const byte of made) text += String.fromCharCode(byte);
      return btoa(text);
    },
    { png: png.toString('base64'), quality: QUALITY },
  );
  return Buffer.from(base64, 'base64');
}

/**
 * Runs it.
 * @returns exit code
 * @throws ToolError when the arguments will not do
 */
export async function pictures(argv: readonly string[]): Promise<number> {
  const options = readPlainOptions(argv, schema, { only: '', out: join(ROOT, 'docs', 'guide') }, USAGE);
  if (options === 'help') {
    console.log(USAGE);
    return 0;
  }
  const wanted = PICTURES.filter(({ name }) => options.only === '' || name === options.only);
  if (wanted.length === 0) {
    console.error(
      `There is no picture "${options.only}"; there are ${PICTURES.map(({ name }) => name).join(', ')}.`,
    );
    return 1;
  }
  ensureChromium();
  mkdirSync(options.out, { recursive: true });
  await using server = await servePage();
  await using browser = await TestBrowser.launch({ webgpu: false });
  for (const { name, size, query, prepare } of wanted) {
    await using watched = await browser.open({ viewport: size });
    const { page } = watched;
    // No first visit's line in the pictures.
    await page.addInitScript(() => localStorage.setItem('carriageway.1.tour', 'true'));
    await page.goto(`${server.url}?${query}`);
    await waitForMasks(page);
    await moreMasks(page);
    await prepare(page);
    for (const dismiss of await at(page, 'dismiss').all()) await dismiss.click();
    const png = await takePicture(page, !/pyramid|sources|keys/.test(name));
    const file = join(options.out, `${name}.webp`);
    writeFileSync(file, await webp(page, png));
    console.log(file);
  }
  return 0;
}
