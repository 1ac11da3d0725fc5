/** A worker of the queue: does one recording after the other, on as many machines as join. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Job, UnrecoverableError, WaitingError, Worker } from 'bullmq';
import { BatchBrowser } from './batch-browser.ts';
import type { WorkerOptions } from './options.ts';
import { connect, QUEUE, type TaskProgress } from './queue.ts';
import type { Terminal } from './report.ts';
import { taskSchema } from './task.ts';
import { type WorkResult, workOn } from './work.ts';

/** How often a recording may lose its worker before it is called failed: something about it kills them. */
const LOSSES_MAX = 5;

/** Milliseconds between two reports of progress. */
const TELL_EVERY = 1000;

/**
 * Works until it is told to stop. What it has begun by then goes back into the queue.
 * @returns exit code
 */
export async function runWorker(
  { queue, jobs, lease }: WorkerOptions,
  signal: AbortSignal,
  terminal: Terminal,
): Promise<number> {
  const redis = await connect(queue);
  const profile = mkdtempSync(join(tmpdir(), 'carriageway-worker-'));
  try {
    await using browser = await BatchBrowser.start(profile, 0);
    const worker = new Worker<unknown, WorkResult>(
      QUEUE,
      (job, token) => process(job, token, browser, signal, terminal),
      {
        connection: redis,
        concurrency: jobs,
        lockDuration: lease * 1000,
        stalledInterval: lease * 1000,
        maxStalledCount: LOSSES_MAX,
      },
    );
    worker.on('error', (error) => terminal.write(`The queue: ${error.message}\n`));
    terminal.write('Waiting for recordings. Ctrl-C stops this worker.\n');
    if (!signal.aborted)
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    // Lets what runs give its recordings back.
    await worker.close();
    return 0;
  } finally {
    redis.disconnect();
    rmSync(profile, { recursive: true, force: true });
  }
}

async function process(
  job: Job<unknown, WorkResult>,
  token: string | undefined,
  browser: BatchBrowser,
  signal: AbortSignal,
  terminal: Terminal,
): Promise<WorkResult> {
  const task = taskSchema.safeParse(job.data);
  if (!task.success) throw new UnrecoverableError(`This is no task: ${task.error.issues[0]?.message}`);
  const { title } = task.data;
  terminal.write(`${title}: begun${job.attemptsMade > 0 ? `, try ${job.attemptsMade + 1}` : ''}\n`);
  let told = Number.NEGATIVE_INFINITY;
  const tell = (share: number, rate: number): void => {
    if (performance.now() - told < TELL_EVERY) return;
    told = performance.now();
    const progress: TaskProgress = { share, rate };
    // Nobody is lost who does not hear of this; a lost connection shows elsewhere.
    job.updateProgress(progress).catch(() => {});
  };
  const tab = await browser.open();
  const close = (): void => void tab[Symbol.asyncDispose]();
  signal.addEventListener('abort', close, { once: true });
  try {
    if (signal.aborted) throw new Error('stopped');
    const result = await workOn(task.data, tab, tell, signal);
    // The recording itself is at fault: it would fail again.
    if (result.kind === 'failed') throw new UnrecoverableError(result.why);
    terminal.write(`${title}: ${result.kind === 'there' ? 'there already' : `${result.frames} frames`}\n`);
    return result;
  } catch (error) {
    if (signal.aborted && token !== undefined) {
      await job.moveToWait(token);
      terminal.write(`${title}: given back\n`);
      throw new WaitingError();
    }
    terminal.write(`${title}: ${error instanceof Error ? error.message : error}\n`);
    throw error;
  } finally {
    signal.removeEventListener('abort', close);
    await tab[Symbol.asyncDispose]();
  }
}
