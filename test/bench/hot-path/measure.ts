/**
 * The order of the benchmark: contenders take turns (A B A B …), so that a machine that slows down slows both, and each
 * round gives one ratio.
 */
import type { CDPSession, Page } from 'playwright';
import type { EngineKind } from '../../../src/perception/engine.ts';
import type { Figures } from '../figures.ts';
import { medianOf } from '../metrics.ts';
import type { BenchPage } from '../pages/bench.page.ts';
import { type FigureId, HOT_PATH } from './figures.ts';
import type { Effort, MeasuredKind } from './options.ts';

/** The page's object, as page evaluations see it. */
declare const bench: BenchPage;

/** Frames a second the source gives: as many as screens show, so that the source is not what is measured. */
const SOURCE_RATE = 60;

/** Says what is going on; measuring takes minutes. */
export type Say = (line: string) => void;

/** Median of something of which there is at least one. */
function typical(values: readonly number[]): number {
  return medianOf(values) ?? Number.NaN;
}

/** One frame end to end against the bare network; what comes back from the GPU; what is left alive. */
export async function measureFrame(
  page: Page,
  kind: EngineKind,
  effort: Effort,
  say: Say,
): Promise<FrameResult> {
  const description = await page.evaluate((k) => bench.openRig(k, 'full'), kind);
  say(`${description}: ${effort.rounds} rounds of ${effort.frames} frames and ${effort.frames} bare runs`);
  // Counted from the end of the first round on: until then masks and buffers are still being handed out.
  let objects = 0;
  const ratios: number[] = [];
  const outside: number[] = [];
  const readBack: number[] = [];
  for (let round = 0; round < effort.rounds; round++) {
    const before = await page.evaluate(() => bench.bytesReadBack());
    const frames = await page.evaluate((n) => bench.endToEnd(n), effort.frames);
    const after = await page.evaluate(() => bench.bytesReadBack());
    const bare = await page.evaluate((n) => bench.bare(n), effort.frames);
    ratios.push(typical(frames.map(({ total }) => total)) / typical(bare));
    outside.push(typical(frames.map(({ total, model }) => total - model)));
    readBack.push((after - before) / effort.frames);
    if (round === 0) objects = await page.evaluate(() => bench.rigObjects());
    say(
      `  frame ${typical(frames.map(({ total }) => total)).toFixed(1)} ms, bare ${typical(bare).toFixed(1)} ms`,
    );
  }
  const growth = (await page.evaluate(() => bench.rigObjects())) - objects;
  await page.evaluate(() => bench.closeRig());
  const figures: Figures<FigureId> =
    kind === 'wasm'
      ? { e2e_over_bare_wasm: HOT_PATH.figure('e2e_over_bare_wasm', ratios) }
      : {
          e2e_over_bare_webgpu: HOT_PATH.figure('e2e_over_bare_webgpu', ratios),
          pixels_read_back_bytes_per_frame: HOT_PATH.figure('pixels_read_back_bytes_per_frame', readBack),
        };
  return { figures, outside, growth };
}

/** What `measureFrame` found. */
export interface FrameResult {
  readonly figures: Figures<FigureId>;
  /** Milliseconds outside the network, by round. */
  readonly outside: readonly number[];
  readonly growth: number;
}

/** What `measurePipelines` found, by round. */
export interface PipelineResult {
  /** Our frames a second over the usual pipeline's. */
  readonly fps: readonly number[];
  /** Milliseconds of a frame outside the network in the usual pipeline. */
  readonly usualOutside: readonly number[];
  /** Main thread's milliseconds for a frame. */
  readonly mainThread: readonly number[];
  readonly usualMainThread: readonly number[];
  readonly longTasks: number;
  readonly growth: number;
}

/** The product's whole pipeline against the usual one. */
export async function measurePipelines(
  page: Page,
  kind: MeasuredKind,
  network: 'full' | 'tiny',
  effort: Effort,
  say: Say,
): Promise<PipelineResult> {
  say(`Pipelines on ${kind}, ${network} network: ${effort.rounds} rounds of ${effort.frames} frames of each`);
  await page.evaluate(([k, n, rate]) => bench.openPipelines(k, n, rate), [
    kind,
    network,
    SOURCE_RATE,
  ] as const);
  const client = await page.context().newCDPSession(page);
  // Time on the processor, not on the clock: other programs' work is not ours.
  await client.send('Performance.enable', { timeDomain: 'threadTicks' });
  const result = {
    fps: [] as number[],
    usualOutside: [] as number[],
    mainThread: [] as number[],
    usualMainThread: [] as number[],
  };
  // One stretch before counting: caches, and the governor's first look.
  await page.evaluate((n) => bench.ours(n), effort.frames);
  const longTasks = await page.evaluate(() => bench.longTasks());
  let objects = 0;
  for (let round = 0; round < effort.rounds; round++) {
    const start = await taskMilliseconds(client);
    const ours = await page.evaluate((n) => bench.ours(n), effort.frames);
    const middle = await taskMilliseconds(client);
    const usual = await page.evaluate((n) => bench.usual(n), effort.frames);
    const end = await taskMilliseconds(client);
    if (round === 0) objects = await page.evaluate(() => bench.stageObjects());
    const usualFps = 1000 / typical(usual.map(({ total }) => total));
    result.fps.push(ours.fps / usualFps);
    result.usualOutside.push(typical(usual.map(({ total, model }) => total - model)));
    const [mine, theirs] = [(middle - start) / ours.frames, (end - middle) / usual.length];
    result.mainThread.push(mine);
    result.usualMainThread.push(theirs);
    say(
      `  ours ${ours.fps.toFixed(2)} frames a second, usual ${usualFps.toFixed(2)}; main thread ${mine.toFixed(2)} and ${theirs.toFixed(1)} ms`,
    );
  }
  const growth = (await page.evaluate(() => bench.stageObjects())) - objects;
  const tasks = (await page.evaluate(() => bench.longTasks())) - longTasks;
  await page.evaluate(() => bench.closePipelines());
  return { ...result, longTasks: tasks, growth };
}

/** What the page's main thread has worked since it began, in milliseconds, as the browser counts it. */
async function taskMilliseconds(client: CDPSession): Promise<number> {
  const { metrics } = await client.send('Performance.getMetrics');
  return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN) * 1000;
}
