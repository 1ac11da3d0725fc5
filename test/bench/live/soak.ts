/**
 * `npm run bench -- live-soak`: nine vehicles on one dashboard, left alone for minutes; what page, server and media
 * worker hold at the end against what they held after the first minute.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { z } from 'zod';
import { openLog } from '../../../src/server/log.ts';
import { ensurePageBuilt, ROOT } from '../../../src/server/prepare.mjs';
import { ensureWorker } from '../../../src/server/sfu/worker-binary.mjs';
import { staticFiles } from '../../../src/server/static-files.ts';
import { TestBrowser } from '../../harness/browser.ts';
import { ensureChromium } from '../../harness/install.ts';
import { type FigureSpec, FigureTable, machineOf, writeJson } from '../figures.ts';
import { readPlainOptions } from '../plain-options.ts';
import { openHandles } from '../soak/handles.ts';
import { heapBytes } from '../soak/heap.ts';
import { countGrowthPercent, parseObjects, type Sample, summaryOf } from '../soak/summary.ts';
import { ToolError } from '../tool-error.ts';
import { openDashboard, tileCounts } from './tiles.ts';
import { makeClip, Vehicles } from './vehicles.ts';

const USAGE = `npm run bench -- live-soak [options]

  --minutes N   how long, 3 to 600 (10 unless told otherwise)
  --json FILE   writes the figures there, too`;

const schema = z.object({
  minutes: z.coerce.number().min(3).max(600),
  json: z.string().min(1).optional(),
});

const SPECS = {
  live_soak_objects_growth: {
    title: 'frames, buffers and textures of nine tiles more at the end than after a minute',
    unit: '',
    goal: 0,
    bound: 'at most',
  },
  live_soak_heap_growth_percent: {
    title: 'heap of page and workers, more at the end than after a minute',
    unit: '%',
    goal: 5,
    bound: 'at most',
  },
  live_soak_sfu_growth_percent: {
    title: 'memory of the media worker, more at the end than after a minute',
    unit: '%',
    goal: 5,
    bound: 'at most',
  },
  live_soak_server_growth_percent: {
    title: 'heap of the server’s process, more at the end than after a minute',
    unit: '%',
    goal: 5,
    bound: 'at most',
  },
  live_soak_handles_growth_percent: {
    title: 'files and sockets of server and media worker, more at the end than after a minute',
    unit: '%',
    goal: 5,
    bound: 'at most',
  },
  live_soak_fewest_masks: { title: 'masks of the poorest tile', unit: '', goal: 1, bound: 'at least' },
  live_soak_fewest_in_interval: {
    title: 'masks of all tiles in the poorest interval of 15 seconds',
    unit: '',
    goal: 1,
    bound: 'at least',
  },
} as const satisfies Record<string, FigureSpec>;

const SOAK = new FigureTable<keyof typeof SPECS>(SPECS);

/** Vehicles, and tiles. */
const NINE = 9;

/** Time between two samples: each collects garbage, which should not be most of what runs. */
const SAMPLE_MS = 15_000;

const MINUTE = 60_000;

/** Milliseconds in which the worker has to give a sign of life. */
const PROBE = 30_000;

/** Bytes of a process in memory, read from Linux's `/proc`. */
function residentBytes(pid: number): number {
  const kilobytes = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1];
  return Number(kilobytes) * 1024;
}

/** Makes the collection that this process can be told to do: what only waits for one is not held. */
function collector(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
}

/** One look at all that takes part. */
interface Look extends Sample {
  /** Bytes of the media worker in memory. */
  readonly sfu: number;
  /** Bytes of the heap and of buffers beside it: the server's, and what steers the browser. */
  readonly server: number;
  readonly handles: number;
  /** Masks of the poorest tile. */
  readonly fewest: number;
}

/** How much more of something there was at the end, in per cent. */
function growthOf(samples: readonly Look[], of: (sample: Look) => number): number {
  return summaryOf(samples.map((sample) => ({ ...sample, heap: of(sample) }))).heapGrowth;
}

/**
 * Runs it.
 * @returns exit code
 * @throws ToolError when the arguments will not do, or worker, ffmpeg or Linux is missing
 */
export async function liveSoak(argv: readonly string[]): Promise<number> {
  const options = readPlainOptions(argv, schema, { minutes: 10 }, USAGE);
  if (options === 'help') {
    console.log(USAGE);
    return 0;
  }
  if (process.platform !== 'linux') throw new ToolError('This benchmark reads /proc, which only Linux has.');
  ensureChromium();
  if (ensureWorker({ build: true }) === null) throw new ToolError('This benchmark needs a media worker.');
  makeClip();
  ensurePageBuilt();
  // Loaded now: it looks for the media worker, which may just have been made.
  const { serveLive } = await import('../../harness/live.ts');
  // A busy machine is no fault of the worker's: it is given time to answer.
  await using server = await serveLive({
    log: openLog('warn'),
    probe: PROBE,
    parts: [staticFiles(join(ROOT, 'dist'))],
  });
  await using browser = await TestBrowser.launch({ flags: ['--allow-loopback-in-peer-connection'] });
  await using watched = await browser.open();
  using _vehicles = await Vehicles.enter(server.url, 'soak', NINE);
  const { page } = watched;
  await openDashboard(page, server.url, 'soak', 'engine=wasm&model=pspnet-wasm', NINE);
  const machine = await machineOf(page);
  const began = performance.now();
  const samples: Look[] = [];
  const collect = collector();
  const worker = server.pool.pids[0]!;
  while (performance.now() - began < options.minutes * MINUTE) {
    await page.waitForTimeout(SAMPLE_MS);
    const { masks, fewest } = await tileCounts(page);
    const objects = (await page.getByTestId('dashboard').getAttribute('data-objects')) ?? '';
    if (server.pool.health.died > 0) throw new ToolError('The media worker died; what it held is not known.');
    collect();
    const { heapUsed, external } = process.memoryUsage();
    const sample: Look = {
      minutes: (performance.now() - began) / MINUTE,
      objects: parseObjects(objects),
      heap: await page.evaluate(heapBytes),
      sfu: residentBytes(worker),
      server: heapUsed + external,
      handles: openHandles(process.pid) + openHandles(worker),
      masks,
      fewest,
    };
    samples.push(sample);
    const [heap, sfu, own] = [sample.heap, sample.sfu, sample.server].map((each) =>
      (each / 2 ** 20).toFixed(1),
    );
    console.error(
      `${sample.minutes.toFixed(1)} min: ${sample.objects.join(' + ')} objects, page ${heap} MiB, server ${own} MiB, media worker ${sfu} MiB, ${sample.handles} handles, ${masks} masks, ${fewest} of the poorest tile`,
    );
  }
  const { objectsGrowth, heapGrowth, fewestMasks } = summaryOf(samples);
  const figures = {
    live_soak_objects_growth: SOAK.figure('live_soak_objects_growth', [objectsGrowth]),
    live_soak_heap_growth_percent: SOAK.figure('live_soak_heap_growth_percent', [heapGrowth]),
    live_soak_sfu_growth_percent: SOAK.figure('live_soak_sfu_growth_percent', [
      growthOf(samples, ({ sfu }) => sfu),
    ]),
    live_soak_server_growth_percent: SOAK.figure('live_soak_server_growth_percent', [
      growthOf(samples, (each) => each.server),
    ]),
    live_soak_handles_growth_percent: SOAK.figure('live_soak_handles_growth_percent', [
      countGrowthPercent(samples, ({ handles }) => handles),
    ]),
    live_soak_fewest_masks: SOAK.figure('live_soak_fewest_masks', [samples.at(-1)!.fewest]),
    live_soak_fewest_in_interval: SOAK.figure('live_soak_fewest_in_interval', [fewestMasks]),
  };
  for (const complaint of watched.complaints) console.error(`page: ${complaint}`);
  console.log(`\n${machine}; ${options.minutes} minutes, ${NINE} vehicles\n\n${SOAK.text(figures)}`);
  if (options.json) writeJson(options.json, { machine, figures });
  return 0;
}
