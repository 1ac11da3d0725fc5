/**
 * Exports frames of the simulated drive with their labels, for training and evaluation:
 *
 *   npx tsx test/harness/export-drive.ts --out DIR --seeds 1000-1059 --frames 6 --size 480x288
 *
 * [--mood NAME,…|all] [--car NAME,…|all] [--lens NAME,…|all]: streets take them in turn; without them each has its own
 * weather, nothing of the own car, and its own lens.
 *
 * writes DIR/images/*.jpg and DIR/labels/*.png (8-bit grey, ids of the taxonomy). The folder appears when it is
 * complete. Seeds below 1000 are kept for tests and demonstrations.
 */
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright';
import { createServer } from 'vite';
import { DRIVE_CARS, DRIVE_LENSES, DRIVE_MOODS } from '../../src/drive/options';
import { chromiumPath } from '../../src/server/analyse/chromium';
import { WEBGPU_FLAGS } from './chromium';
import type { Moment } from './export-drive.page';
import { greyPng } from './png';

/** Seconds between two frames of a street: some 80 m, so that they share little. */
const STRIDE = 9;

const { values } = parseArgs({
  options: {
    out: { type: 'string' },
    seeds: { type: 'string', default: '1000-1059' },
    frames: { type: 'string', default: '6' },
    size: { type: 'string', default: '480x288' },
    mood: { type: 'string' },
    car: { type: 'string' },
    lens: { type: 'string' },
  },
});

function numbers(text: string, pattern: RegExp, name: string): [number, number] {
  const match = pattern.exec(text);
  if (!match) throw new Error(`--${name} ${text} is not of the form ${pattern.source}`);
  return [Number(match[1]), Number(match[2])];
}

/** The names that an option lists; all of them for `all`, none where it is left out. */
function named<T extends string>(text: string | undefined, all: readonly T[], name: string): readonly T[] {
  if (text === undefined) return [];
  if (text === 'all') return all;
  return text.split(',').map((word) => {
    const found = all.find((one) => one === word);
    if (!found) throw new Error(`--${name} ${word} is none of ${all.join(', ')}`);
    return found;
  });
}

/** One of them, in turn. */
function turn<T>(list: readonly T[], index: number): T | undefined {
  return list[index % Math.max(1, list.length)];
}

/** Address of the browser's half. */
const PAGE = '/test/harness/export-drive.page.ts';

async function main(): Promise<void> {
  if (!values.out) throw new Error('--out DIR is missing');
  const [first, last] = numbers(values.seeds, /^(\d+)-(\d+)$/, 'seeds');
  const [width, height] = numbers(values.size, /^(\d+)x(\d+)$/, 'size');
  const frames = Number(values.frames);
  const moods = named(values.mood, DRIVE_MOODS, 'mood');
  const cars = named(values.car, DRIVE_CARS, 'car');
  const lenses = named(values.lens, DRIVE_LENSES, 'lens');
  const work = `${values.out}.part`;
  await mkdir(join(work, 'images'), { recursive: true });
  await mkdir(join(work, 'labels'), { recursive: true });
  const server = await createServer({
    // An empty page of this origin, and never the app: nothing else shall run beside the drive.
    appType: 'custom',
    plugins: [
      {
        name: 'blank',
        configureServer: ({ middlewares }) => {
          middlewares.use('/blank', (_request, response) => {
            response.setHeader('Content-Type', 'text/html');
            response.end('<!doctype html>');
          });
        },
      },
    ],
    logLevel: 'error',
    server: { port: 0, hmr: false, watch: null },
  });
  await server.listen();
  const executablePath = chromiumPath();
  const browser = await chromium.launch({
    args: WEBGPU_FLAGS,
    ...(executablePath ? { executablePath } : {}),
  });
  try {
    const page = await browser.newPage();
    await page.goto(new URL('/blank', server.resolvedUrls?.local[0]).href);
    for (let seed = first; seed <= last; seed++) {
      const n = seed - first;
      const mood = turn(moods, n);
      // Each list goes on when the one before it begins again, so that all pairs come.
      const car = turn(cars, n + Math.floor(n / Math.max(1, moods.length)));
      const lens = turn(lenses, n + Math.floor(n / Math.max(1, moods.length * cars.length)));
      for (let i = 0; i < frames; i++) {
        const seconds = 1 + i * STRIDE + (seed % 7) * 0.8;
        const moment: Moment = {
          seed,
          seconds,
          width,
          height,
          ...(mood && { mood }),
          ...(car && { car }),
          ...(lens && { lens }),
        };
        const [jpeg, ids] = await page.evaluate(
          ([path, asked]) => import(path).then((half) => half.drawMoment(asked) as Promise<[string, string]>),
          [PAGE, moment] as const,
        );
        const name = `drive${String(seed).padStart(5, '0')}_${i}`;
        await writeFile(join(work, 'images', `${name}.jpg`), Buffer.from(jpeg, 'base64'));
        await writeFile(
          join(work, 'labels', `${name}.png`),
          greyPng(Buffer.from(ids, 'base64'), width, height),
        );
      }
      console.log(`seed ${seed}`);
    }
  } finally {
    await browser.close();
    await server.close();
  }
  await rename(work, values.out);
}

await main();
