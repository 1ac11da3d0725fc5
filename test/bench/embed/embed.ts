/**
 * `npm run bench -- embed`: what the library costs, as a stranger gets it: from its tarball, in a page of its own, served
 * compressed. Against the project's own page within one run, turn by turn.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright';
import type { ServerPart } from '../../../src/server/app.ts';
import { compressFolder } from '../../../src/server/compress.ts';
import { ROOT } from '../../../src/server/prepare.mjs';
import { staticFiles } from '../../../src/server/static-files.ts';
import { TestBrowser } from '../../harness/browser.ts';
import { ensureChromium } from '../../harness/install.ts';
import { figure, PATIENCE, waitForFigure, waitForMasks } from '../../harness/journey.ts';
import { installPacked } from '../../harness/packed.ts';
import { servePage, serveParts } from '../../harness/serve.ts';
import { type Figures, machineOf, writeJson } from '../figures.ts';
import { medianOf } from '../metrics.ts';
import { EMBED, type EmbedFigureId } from './figures.ts';
import { type EmbedOptions, readEmbedOptions, USAGE } from './options.ts';

/** The same in both pages: what is compared is the page around, not the choice of a model. */
const MODEL = 'pspnet-lite';

/** Masks after which a page runs steadily. */
const SETTLED = { whole: 30, quick: 5 } as const;

/** Readings of the rate in a visit, and the milliseconds between two: the figure is of the last second. */
const READINGS = { whole: 8, quick: 2 } as const;
const READING_GAP = 1000;

/** Both pictures are as large as this, in pixels. */
const SIZE = { width: 960, height: 540 } as const;

/** An embedder's page, as strict as ours: no script in it. */
const HTML = `<!doctype html><title>Embedded</title>
<style>body { margin: 0 } carriageway-view { width: ${SIZE.width}px; height: ${SIZE.height}px }</style>
<script type="module" src="./main.js"></script>
<carriageway-view src="drive" engine="cpu" model="${MODEL}" base="./carriageway/"></carriageway-view>`;

const SCRIPT = `import './carriageway/element.js';
globalThis.rate = null;
globalThis.masks = 0;
document.querySelector('carriageway-view').addEventListener('report', ({ detail }) => {
  globalThis.rate = detail.inferenceFps;
  globalThis.masks = detail.drivableShare === null ? 0 : detail.allMasks;
});`;

/** What the script leaves in the page. */
interface Watched {
  readonly rate: number;
  readonly masks: number;
}

const say = (line: string) => console.error(line);

/**
 * Runs the benchmark.
 * @returns exit code; figures that miss their goal are figures, not failures
 * @throws ToolError when the input will not do
 */
export async function embed(argv: readonly string[]): Promise<number> {
  const options = readEmbedOptions(argv);
  if (options === 'help') {
    console.log(USAGE);
    return 0;
  }
  ensureChromium();
  await using installed = await installPacked();
  const folder = join(installed.folder, 'public');
  await mkdir(folder);
  await installed.run('npx', 'carriageway', 'copy', 'public/carriageway');
  await writeFile(join(folder, 'index.html'), HTML);
  await writeFile(join(folder, 'main.js'), SCRIPT);
  await compressFolder(folder, join(ROOT, 'node_modules', '.cache', 'carriageway-compressed'));
  await using browser = await TestBrowser.launch({ webgpu: false });
  const figures: Figures<EmbedFigureId> = {
    package_megabytes: EMBED.figure('package_megabytes', [installed.bytes / 1e6]),
    first_mask_megabytes_embed: EMBED.figure('first_mask_megabytes_embed', [
      await firstMaskMegabytes(browser, folder),
    ]),
    element_e2e_over_page: EMBED.figure('element_e2e_over_page', await overPage(browser, folder, options)),
  };
  await using opened = await browser.open();
  const machine = await machineOf(opened.page);
  console.log(`\n${machine}\n\n${EMBED.text(figures)}`);
  if (options.json) writeJson(options.json, { machine, figures });
  return 0;
}

/** Megabytes that a server sends from an empty cache to the first mask, headers and all. */
async function firstMaskMegabytes(browser: TestBrowser, folder: string): Promise<number> {
  const sockets = new Set<{ readonly bytesWritten: number }>();
  const counting: ServerPart = async (app) => {
    app.server.on('connection', (socket) => sockets.add(socket));
  };
  await using server = await serveParts([counting, staticFiles(folder)]);
  await using opened = await browser.open();
  await opened.page.goto(server.url);
  await untilMasks(opened.page, 1);
  let bytes = 0;
  for (const { bytesWritten } of sockets) bytes += bytesWritten;
  return bytes / 1e6;
}

/** Time between masks in the element over that in the page, visit by visit. */
async function overPage(
  browser: TestBrowser,
  folder: string,
  { rounds, quick }: EmbedOptions,
): Promise<number[]> {
  await using own = await servePage();
  await using theirs = await serveParts([staticFiles(folder)]);
  const extent = quick ? 'quick' : 'whole';
  const ratios: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const page = await visit(browser, `${own.url}?embed&engine=cpu&model=${MODEL}`, extent, {
      settle: async (at, masks) => {
        await waitForMasks(at);
        await waitForFigure(at, 'hud-frames', (frames) => frames > masks);
      },
      read: (at) => figure(at, 'hud-inference-fps'),
    });
    const element = await visit(browser, theirs.url, extent, {
      settle: untilMasks,
      read: (at) => at.evaluate(() => (globalThis as unknown as Watched).rate),
    });
    say(`  page ${page.toFixed(2)} masks a second, element ${element.toFixed(2)}`);
    ratios.push(page / element);
  }
  return ratios;
}

/** How a page is waited for and read. */
interface Reading {
  settle(page: Page, masks: number): Promise<unknown>;
  /** Masks a second. */
  read(page: Page): Promise<number>;
}

/** Masks a second of a page, once it runs steadily: the median of the readings. */
async function visit(
  browser: TestBrowser,
  url: string,
  extent: 'whole' | 'quick',
  { settle, read }: Reading,
): Promise<number> {
  await using opened = await browser.open({ viewport: SIZE });
  const { page } = opened;
  await page.goto(url);
  await settle(page, SETTLED[extent]);
  const readings: number[] = [];
  for (let i = 0; i < READINGS[extent]; i++) {
    await page.waitForTimeout(READING_GAP);
    readings.push(await read(page));
  }
  return medianOf(readings) ?? Number.NaN;
}

/** Waits until the element has shown some masks. */
async function untilMasks(page: Page, masks: number): Promise<void> {
  await page.waitForFunction((least) => (globalThis as unknown as Watched).masks >= least, masks, {
    timeout: PATIENCE,
  });
}
