/**
 * `npm run bench -- live`: what nine tiles cost against one, what the server costs against a bare mediasoup and what
 * recording adds to that, how much later a tile shows a picture than a plain video does, and how soon all is well after
 * a fault. Real media worker, real ffmpeg, real browser.
 */
import { cpus } from 'node:os';
import { join } from 'node:path';
import { ensureBuilt, ensurePageBuilt, ROOT } from '../../../src/server/prepare.mjs';
import { ensureWorker } from '../../../src/server/sfu/worker-binary.mjs';
import { staticFiles } from '../../../src/server/static-files.ts';
import { TestBrowser } from '../../harness/browser.ts';
import { ensureChromium } from '../../harness/install.ts';
import { serveParts } from '../../harness/serve.ts';
import { type Figures, machineOf, writeJson } from '../figures.ts';
import { TOOL_PAGES } from '../page-host.ts';
import { ToolError } from '../tool-error.ts';
import { measureDelay } from './delay.ts';
import { LIVE, type LiveFigureId } from './figures.ts';
import { ingestCost } from './ingest-cost.ts';
import { type LiveBenchOptions, readLiveOptions, USAGE } from './options.ts';
import { type Sfu, sfuCost } from './sfu-cost.ts';
import { measureTiles, type TilesCost } from './tiles.ts';
import { CLIP, makeClip } from './vehicles.ts';

/** Tiles of the dashboards that are measured, in each round. */
const TILES = [1, 3, 9] as const;

/** Vehicles whose pictures the servers forward, and take in. */
const FORWARDED = 6;

/** Chromium leaves the loopback out of its candidates otherwise. */
const FLAGS = ['--allow-loopback-in-peer-connection'];

type Measured = Partial<Record<LiveFigureId, readonly number[]>>;

/**
 * Runs it.
 * @returns exit code
 * @throws ToolError when the arguments will not do, or worker, ffmpeg, Redis or Linux is missing
 */
export async function live(argv: readonly string[]): Promise<number> {
  const options = readLiveOptions(argv);
  if (options === 'help') {
    console.log(USAGE);
    return 0;
  }
  if (ensureWorker({ build: true }) === null) throw new ToolError('This benchmark needs a media worker.');
  makeClip();
  const wanted = (...ids: LiveFigureId[]) => ids.some((id) => options.only.includes(id));
  let machine = `${cpus()[0]?.model.trim() ?? 'unknown processor'} × ${cpus().length}`;
  const measured: Measured = {};
  if (wanted('tiles9_rate_over_tiles1', 'tiles9_main_thread_ms_per_frame', 'added_delay_frames')) {
    const dashboards = await measureDashboards(options);
    machine = dashboards.machine;
    Object.assign(measured, dashboards.measured);
  }
  if (wanted('sfu_cpu_over_bare', 'record_cpu_over_forward'))
    Object.assign(measured, await measureServers(options));
  if (wanted('ingest_srtp_cpu_over_rtp'))
    measured.ingest_srtp_cpu_over_rtp = await inRounds(options, async (round) => {
      const costs: Record<'srtp' | 'rtp', number> = { srtp: 0, rtp: 0 };
      for (const way of round % 2 ? (['rtp', 'srtp'] as const) : (['srtp', 'rtp'] as const)) {
        costs[way] = await ingestCost(way === 'srtp', FORWARDED, options.seconds);
        console.error(`${way}: ${(costs[way] * 1000).toFixed(2)} ms of processor time for each Mbit`);
      }
      return costs.srtp / costs.rtp;
    });
  if (wanted('redis_gap_recovered_s_over_ttl', 'worker_hang_recovered_s_over_probe')) {
    // Loaded now: it looks for the media worker, which may just have been made.
    const { redisGap, workerHang } = await import('./recoveries.ts');
    if (wanted('redis_gap_recovered_s_over_ttl'))
      measured.redis_gap_recovered_s_over_ttl = await inRounds(options, redisGap);
    if (wanted('worker_hang_recovered_s_over_probe'))
      measured.worker_hang_recovered_s_over_probe = await inRounds(options, workerHang);
  }
  const figures: Figures<LiveFigureId> = {};
  for (const id of options.only) figures[id] = LIVE.figure(id, measured[id] ?? []);
  const what = `${options.engine}, ${options.model}, ${CLIP.width}×${CLIP.height} at ${CLIP.rate}/s`;
  console.log(`\n${machine}; ${what}\n\n${LIVE.text(figures)}`);
  if (options.json) writeJson(options.json, { machine, figures });
  return 0;
}

async function inRounds(
  { rounds }: LiveBenchOptions,
  measure: (round: number) => Promise<number>,
): Promise<readonly number[]> {
  const values: number[] = [];
  for (let round = 0; round < rounds; round++) {
    values.push(await measure(round));
    console.error(`round ${round + 1}: ${values.at(-1)!.toFixed(3)}`);
  }
  return values;
}

async function measureDashboards({ engine, model, rounds, seconds }: LiveBenchOptions) {
  ensureChromium();
  ensurePageBuilt();
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
  const measured: Measured = {
    tiles9_rate_over_tiles1: costs.map((round) => round[9].rate / round[1].rate),
    tiles9_main_thread_ms_per_frame: costs.map((round) => round[9].mainThread),
    added_delay_frames: delays,
  };
  return { measured, machine };
}

/** What each server that is asked for costs, each round in another order. */
async function measureServers({ only, rounds, seconds }: LiveBenchOptions): Promise<Measured> {
  ensureChromium();
  ensureBuilt(TOOL_PAGES);
  const [bare, recording] = (['sfu_cpu_over_bare', 'record_cpu_over_forward'] as const).map((id) =>
    only.includes(id),
  );
  const servers: readonly Sfu[] = [
    'product',
    ...(bare ? (['bare'] as const) : []),
    ...(recording ? (['recording'] as const) : []),
  ];
  await using pages = await serveParts([staticFiles(join(ROOT, TOOL_PAGES.out))]);
  await using browser = await TestBrowser.launch({ flags: FLAGS });
  const costs: Record<Sfu, number>[] = [];
  for (let round = 0; round < rounds; round++) {
    const cost: Record<Sfu, number> = { product: 0, bare: 0, recording: 0 };
    for (const sfu of round % 2 ? servers.toReversed() : servers) {
      await using opened = await browser.open();
      await opened.page.goto(`${pages.url}receive.html`);
      cost[sfu] = await sfuCost(sfu, opened.page, FORWARDED, seconds);
      console.error(`${sfu}: ${(cost[sfu] * 1000).toFixed(1)} ms of processor time for each Mbit`);
    }
    costs.push(cost);
  }
  return {
    ...(bare ? { sfu_cpu_over_bare: costs.map((each) => each.product / each.bare) } : {}),
    ...(recording ? { record_cpu_over_forward: costs.map((each) => each.recording / each.product) } : {}),
  };
}
