/**
 * `npm run bench -- live`: what nine tiles cost against one, what the server costs against a bare mediasoup, and how
 * much later a tile shows a picture than a plain video does. Real media worker, real ffmpeg, real browser.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { ensureBuilt, ensurePageBuilt, ROOT } from '../../../src/server/prepare.mjs';
import { ensureWorker } from '../../../src/server/sfu/worker-binary.mjs';
import { staticFiles } from '../../../src/server/static-files.ts';
import { TestBrowser } from '../../harness/browser.ts';
import { ensureChromium } from '../../harness/install.ts';
import { serveParts } from '../../harness/serve.ts';
import { type FigureSpec, FigureTable, machineOf, writeJson } from '../figures.ts';
import { TOOL_PAGES } from '../page-host.ts';
import { ToolError } from '../tool-error.ts';
import { measureDelay } from './delay.ts';
import { type Sfu, sfuCost } from './sfu-cost.ts';
import { measureTiles, type TilesCost } from './tiles.ts';
import { CLIP, makeClip } from './vehicles.ts';

const USAGE = `npm run bench -- live [options]

  --engine ENGINE  wasm (unless told otherwise) or webgpu
  --model NAME     a network of models/; pspnet-wasm unless told otherwise
  --rounds N       how often each is measured (3)
  --seconds N      how long each time (15)
  --quick          one round of five seconds: enough to see that it works, not to quote
  --json FILE      writes the figures there, too`;

const schema = z.object({
  engine: z.enum(['wasm', 'webgpu']),
  model: z.string().regex(/^[a-z0-9-]+$/),
  rounds: z.coerce.number().int().min(1).max(20),
  seconds: z.coerce.number().min(2).max(600),
  json: z.string().min(1).optional(),
});

const SPECS = {
  tiles9_rate_over_tiles1: {
    title: 'masks a second of nine tiles together, against one tile',
    unit: '×',
    goal: 0.9,
    bound: 'at least',
  },
  tiles9_main_thread_ms_per_frame: {
    title: 'main thread for each picture, nine tiles',
    unit: 'ms',
    goal: 0.5,
    bound: 'at most',
  },
  sfu_cpu_over_bare: {
    title: 'processor time for each Mbit forwarded, against a bare mediasoup',
    unit: '×',
    goal: 1.1,
    bound: 'at most',
  },
  added_delay_frames: {
    // One inference and one frame, where the network keeps up with the frames.
    title: 'a tile behind a plain video of the same track',
    unit: 'frames',
    goal: 2,
    bound: 'at most',
  },
} as const satisfies Record<string, FigureSpec>;

const LIVE = new FigureTable<keyof typeof SPECS>(SPECS);

/** Tiles of the dashboards that are measured, in each round. */
const TILES = [1, 3, 9] as const;

/** Vehicles whose pictures the servers forward. */
const FORWARDED = 6;

/** Chromium leaves the loopback out of its candidates otherwise. */
const FLAGS = ['--allow-loopback-in-peer-connection'];

type Options = z.infer<typeof schema>;

/**
 * Runs it.
 * @returns exit code
 * @throws ToolError when the arguments will not do, or worker, ffmpeg or Linux is missing
 */
export async function live(argv: readonly string[]): Promise<number> {
  const options = readOptions(argv);
  if (options === 'help') {
    console.log(USAGE);
    return 0;
  }
  ensureChromium();
  if (ensureWorker({ build: true }) === null) throw new ToolError('This benchmark needs a media worker.');
  makeClip();
  ensurePageBuilt();
  const { machine, ...dashboards } = await measureDashboards(options);
  const costs = await measureServers(options);
  const of = (tiles: (typeof TILES)[number], value: keyof TilesCost) =>
    dashboards.costs.map((round) => round[tiles][value]);
  const figures = {
    tiles9_rate_over_tiles1: LIVE.figure(
      'tiles9_rate_over_tiles1',
      of(9, 'rate').map((rate, i) => rate / of(1, 'rate')[i]!),
    ),
    tiles9_main_thread_ms_per_frame: LIVE.figure('tiles9_main_thread_ms_per_frame', of(9, 'mainThread')),
    sfu_cpu_over_bare: LIVE.figure(
      'sfu_cpu_over_bare',
      costs.map(({ product, bare }) => product / bare),
    ),
    added_delay_frames: LIVE.figure('added_delay_frames', dashboards.delays),
  };
  const what = `${options.engine}, ${options.model}, ${CLIP.width}×${CLIP.height} at ${CLIP.rate}/s`;
  console.log(`\n${machine}; ${what}\n\n${LIVE.text(figures)}`);
  if (options.json) writeJson(options.json, { machine, figures });
  return 0;
}

async function measureDashboards({ engine, model, rounds, seconds }: Options) {
  // Loaded now: it looks for the media worker, which may just have been made.
  const { serveLive } = await import('../../harness/live.ts');
  await using server = await serveLive({ parts: [staticFiles(join(ROOT, 'dist'))] });
  await using browser = await TestBrowser.launch({ flags: FLAGS });
  const look = `engine=${engine}&model=${model}`;
  const costs: Record<(typeof TILES)[number], TilesCost>[] = [];
  const delays: number[] = [];
  let machine = '';
  for (let round = 0; round < rounds; round++) {
    const cost: Partial<Record<(typeof TILES)[number], TilesCost>> = {};
    // Every other round the other way round: what drifts with time falls on all alike.
    for (const tiles of round % 2 ? TILES.toReversed() : TILES) {
      await using opened = await browser.open();
      const measured = await measureTiles(opened.page, server.url, tiles, look, seconds);
      cost[tiles] = measured;
      const { rate, mainThread } = measured;
      console.error(`${tiles} tiles: ${rate.toFixed(2)} masks/s, main thread ${mainThread.toFixed(2)} ms`);
    }
    costs.push(cost as Record<(typeof TILES)[number], TilesCost>);
    await using opened = await browser.open();
    const delay = await measureDelay(opened.page, server.url, look, seconds);
    console.error(`a tile is ${delay.toFixed(2)} frames behind a plain video`);
    delays.push(delay);
    machine ||= await machineOf(opened.page);
  }
  return { costs, delays, machine };
}

async function measureServers({ rounds, seconds }: Options): Promise<Record<Sfu, number>[]> {
  ensureBuilt(TOOL_PAGES);
  await using pages = await serveParts([staticFiles(join(ROOT, TOOL_PAGES.out))]);
  await using browser = await TestBrowser.launch({ flags: FLAGS });
  const costs: Record<Sfu, number>[] = [];
  for (let round = 0; round < rounds; round++) {
    const cost: Record<Sfu, number> = { product: 0, bare: 0 };
    for (const sfu of round % 2 ? (['bare', 'product'] as const) : (['product', 'bare'] as const)) {
      await using opened = await browser.open();
      await opened.page.goto(`${pages.url}receive.html`);
      cost[sfu] = await sfuCost(sfu, opened.page, FORWARDED, seconds);
      console.error(`${sfu}: ${(cost[sfu] * 1000).toFixed(1)} ms of processor time for each Mbit`);
    }
    costs.push(cost);
  }
  return costs;
}

function readOptions(argv: readonly string[]): Options | 'help' {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        engine: text,
        model: text,
        rounds: text,
        seconds: text,
        json: text,
        quick: flag,
        help: flag,
      },
    });
    const { help, quick, ...rest } = values;
    if (help) return 'help';
    const usual = quick ? { rounds: 1, seconds: 5 } : { rounds: 3, seconds: 15 };
    return schema.parse({ engine: 'wasm', model: 'pspnet-wasm', ...usual, ...rest });
  } catch (error) {
    const why = error instanceof z.ZodError ? 'An option will not do.' : String(error);
    throw new ToolError(`${why}\n\n${USAGE}`);
  }
}
