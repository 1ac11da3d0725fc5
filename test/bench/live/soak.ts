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
import { machineOf } from '../figures.ts';
import { readPlainOptions } from '../plain-options.ts';
import { openHandles } from '../soak/handles.ts';
import { heapWithin } from '../soak/heap.ts';
import { scheduledOf, starvationOf } from '../soak/starvation.ts';
import { enough, parseObjects } from '../soak/summary.ts';
import { ToolError } from '../tool-error.ts';
import { LiveSoakReport } from './soak-report.ts';
import { openDashboard, tileCounts } from './tiles.ts';
import { makeClip, Vehicles } from './vehicles.ts';

const USAGE = `npm run bench -- live-soak [options]

  --minutes N   how long, 3 to 600 (10 unless told otherwise)
  --json FILE   writes figures and samples there after each sample, so that a run which is cut off still tells`;

const schema = z.object({
  minutes: z.coerce.number().min(3).max(600),
  json: z.string().min(1).optional(),
});

/** Vehicles, and tiles. */
const NINE = 9;

/** Time between two samples: each collects garbage, which should not be most of what runs. */
const SAMPLE_MS = 15_000;

const MINUTE = 60_000;

/** Milliseconds in which the worker has to give a sign of life. */
const PROBE = 30_000;

/** Milliseconds in which the browser has to say what its heap holds. */
const HEAP_LIMIT = 60_000;

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

/**
 * Runs it.
 * @returns exit code: 1 where it could not be looked at until the end
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
  const report = new LiveSoakReport(await machineOf(page), options);
  const collect = collector();
  const worker = server.pool.pids[0]!;
  const processes = async () => [process.pid, worker, ...(await browser.processes())];
  let scheduled = scheduledOf(await processes());
  const began = performance.now();
  // On a machine so busy that looking takes longer than waiting, a few samples more than the minutes hold.
  const goesOn = () => performance.now() - began < options.minutes * MINUTE || !enough(report.samples);
  try {
    while (goesOn()) {
      await page.waitForTimeout(SAMPLE_MS);
      const counts = await tileCounts(page);
      const objects = (await page.getByTestId('dashboard').getAttribute('data-objects')) ?? '';
      if (server.pool.health.died > 0)
        throw new ToolError('The media worker died; what it held is not known.');
      const before = scheduled;
      scheduled = scheduledOf(await processes());
      collect();
      const { heapUsed, external } = process.memoryUsage();
      report.add({
        minutes: (performance.now() - began) / MINUTE,
        objects: parseObjects(objects),
        heap: await heapWithin(page, HEAP_LIMIT),
        sfu: residentBytes(worker),
        server: heapUsed + external,
        handles: openHandles(process.pid) + openHandles(worker),
        ...counts,
        starvation: starvationOf(before, scheduled),
      });
    }
    report.end(null);
  } catch (error) {
    report.end(error);
  }
  for (const complaint of watched.complaints) console.error(`page: ${complaint}`);
  console.log(`\n${report.text}`);
  return report.ended === 'complete' ? 0 : 1;
}
