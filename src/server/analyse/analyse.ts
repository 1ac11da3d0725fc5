/** `npm run analyse`: finds recordings, works on them here or by a queue, and says how it went. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError } from '../config-error.ts';
import { BatchBrowser, type BatchTab } from './batch-browser.ts';
import { findFiles, type Heap } from './find-files.ts';
import { type RunOptions, readAnalyseOptions } from './options.ts';
import { fileTasks } from './queue.ts';
import { Report, type Terminal } from './report.ts';
import { type Task, taskOf } from './task.ts';
import { USAGE } from './usage.mjs';
import { type WorkResult, workOn } from './work.ts';
import { runWorker } from './worker.ts';

/** Where the program's own things lie among the results. */
const OWN_FOLDER = '.carriageway';

/** A port that is used as long as it is free: what the browser keeps belongs to an address. */
const PORT = 17_870;

const TERMINAL: Terminal = {
  live: process.stderr.isTTY === true,
  write: (text) => void process.stderr.write(text),
};

/**
 * Runs it.
 * @param build makes sure that the page is built; called once the arguments are known to be good
 * @param signal stops it
 * @returns exit code
 */
export async function analyse(
  argv: readonly string[],
  build: () => void,
  signal: AbortSignal,
  terminal: Terminal = TERMINAL,
): Promise<number> {
  try {
    const options = readAnalyseOptions(argv);
    if (options.kind === 'worker') {
      build();
      return await runWorker(options, signal, terminal);
    }
    const heaps = findFiles(options.inputs);
    build();
    return await run(options, heaps, signal, terminal);
  } catch (error) {
    if (signal.aborted) return 130;
    if (!(error instanceof ConfigError)) throw error;
    terminal.write(`${error.message}\n\n${USAGE}\n`);
    return 1;
  }
}

async function run(
  options: RunOptions,
  heaps: readonly Heap[],
  signal: AbortSignal,
  terminal: Terminal,
): Promise<number> {
  const { out, jobs, queue } = options;
  const own = join(out, OWN_FOLDER);
  try {
    mkdirSync(own, { recursive: true });
  } catch (error) {
    throw new ConfigError(
      `Results cannot be written to ${out} (${error instanceof Error ? error.message : error}). Choose another folder with --out.`,
    );
  }
  let report: Report;
  {
    await using browser = await BatchBrowser.start(join(own, 'profile'), portOf(own));
    const tasks = await planned(heaps, browser, options, terminal);
    report = new Report(tasks.length, terminal);
    if (queue === null) await workHere(tasks, jobs, browser, report, signal);
    else {
      // Others have browsers of their own.
      await browser[Symbol.asyncDispose]();
      await fileTasks(queue, tasks, report, signal);
    }
  }
  report.summary(out, signal.aborted);
  if (signal.aborted) return 130;
  return report.failed > 0 ? 2 : 0;
}

async function planned(
  heaps: readonly Heap[],
  browser: BatchBrowser,
  options: RunOptions,
  terminal: Terminal,
): Promise<readonly Task[]> {
  const tasks: Task[] = [];
  await using tab = await browser.open();
  for (const heap of heaps) tasks.push(...(await tasksOf(heap, tab, options, terminal)));
  if (tasks.length === 0) throw new ConfigError('There is no recording among these files.');
  return tasks;
}

/** The recordings in a heap of files. What belongs to none is said. */
async function tasksOf(
  heap: Heap,
  tab: BatchTab,
  options: RunOptions,
  terminal: Terminal,
): Promise<readonly Task[]> {
  if (/^https?:\/\//i.test(heap[0]!.at)) return [taskOf(heap[0]!.path, heap, options)];
  await tab.take(
    heap.map(({ at }) => at),
    [],
  );
  const { recordings, left } = await tab.plan(heap.map(({ path }) => path));
  for (const { path, why } of left) terminal.write(`${path} was left out: ${why}.\n`);
  return recordings.map(({ title, files }) =>
    taskOf(
      title,
      files.map((n) => heap[n]!),
      options,
    ),
  );
}

/** Works on recordings in this process, some at the same time. */
async function workHere(
  tasks: readonly Task[],
  jobs: number,
  browser: BatchBrowser,
  report: Report,
  signal: AbortSignal,
): Promise<void> {
  const waiting = [...tasks];
  const line = async (): Promise<void> => {
    for (let task = waiting.shift(); task && !signal.aborted; task = waiting.shift()) {
      const { title } = task;
      const result = await workApart(task, browser, report, signal);
      if (result) report.over(title, result);
    }
  };
  await Promise.all(Array.from({ length: Math.min(jobs, tasks.length) }, line));
}

/** Works in a page of its own, so that whatever becomes of it no other suffers. @returns null when it was interrupted */
async function workApart(
  task: Task,
  browser: BatchBrowser,
  report: Report,
  signal: AbortSignal,
): Promise<WorkResult | null> {
  let tab: BatchTab | null = null;
  const close = (): void => void tab?.[Symbol.asyncDispose]();
  signal.addEventListener('abort', close, { once: true });
  try {
    tab = await browser.open();
    return await workOn(task, tab, (share, rate) => report.progress(task.title, share, rate), signal);
  } catch (error) {
    if (signal.aborted) return null;
    return { kind: 'failed', why: error instanceof Error ? error.message : String(error) };
  } finally {
    signal.removeEventListener('abort', close);
    await tab?.[Symbol.asyncDispose]();
  }
}

/** The port of earlier runs with these results. */
function portOf(own: string): number {
  const path = join(own, 'port');
  try {
    const port = Number(readFileSync(path, 'utf8'));
    if (Number.isInteger(port) && port > 1023 && port < 65_000) return port;
  } catch {
    // The first run.
  }
  const port = PORT + Math.floor(Math.random() * 1000);
  writeFileSync(path, `${port}\n`);
  return port;
}
