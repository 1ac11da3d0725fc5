/**
 * `npm run bench -- page`: what a first visit asks of the main thread, how far things jump while it loads, and how many
 * bytes it takes.
 */
import type { Page } from 'playwright';
import { z } from 'zod';
import { TestBrowser } from '../../harness/browser.ts';
import { ensureChromium } from '../../harness/install.ts';
import { at, waitForMasks } from '../../harness/journey.ts';
import { servePage } from '../../harness/serve.ts';
import { firstMaskMegabytes } from '../cpu/visits.ts';
import { type FigureSpec, FigureTable, machineOf, writeJson } from '../figures.ts';
import { readPlainOptions } from '../plain-options.ts';
import { ToolError } from '../tool-error.ts';
import { longTasksAfter, TRACED } from './long-tasks.ts';

const USAGE = `npm run bench -- page [options]

  --rounds N    visits, 1 to 20 (3 unless told otherwise)
  --json FILE   writes the figures there, too`;

const schema = z.object({
  rounds: z.coerce.number().int().min(1).max(20),
  json: z.string().min(1).optional(),
});

const SPECS = {
  page_script_ms: {
    title: 'script on the main thread until the page can be used',
    unit: 'ms',
    goal: 1000,
    bound: 'at most',
  },
  page_long_tasks: {
    title: 'tasks over 50 ms of the thread’s own time, from then to ten seconds after the first mask',
    unit: '',
    goal: 0,
    bound: 'at most',
  },
  page_layout_shift: { title: 'layout shift of all that time', unit: '', goal: 0.02, bound: 'at most' },
  page_megabytes: { title: 'bytes to the first mask', unit: 'MB', goal: 10, bound: 'at most' },
} as const satisfies Record<string, FigureSpec>;

const PAGE = new FigureTable<keyof typeof SPECS>(SPECS);

/** How long the page is watched after its first mask: by then fonts, figures and a smaller network have come. */
const WATCHED_MS = 10_000;

/** Name of the mark that a page leaves when it can be used. */
const USABLE = 'carriageway-usable';

/** Name of the mark before a task that is long on purpose: a trace that does not show it shows no others either. */
const CONTROL = 'carriageway-control';

/** What a page has counted of itself. */
interface Counted {
  shift: number;
}

/** Runs on the page before its own scripts: counts shifts from the first moment on. */
function count(): void {
  const counted: Counted = { shift: 0 };
  Object.assign(globalThis, { counted });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      const { value, hadRecentInput } = entry as PerformanceEntry & {
        value: number;
        hadRecentInput: boolean;
      };
      if (!hadRecentInput) counted.shift += value;
    }
  }).observe({ type: 'layout-shift', buffered: true });
}

/** Runs on the page: leaves a mark, and then keeps the thread busy for long by its own time, whatever else is running. */
function workLong(mark: string): Promise<number> {
  performance.mark(mark);
  return new Promise((resolve) =>
    setTimeout(() => {
      let sum = 0;
      for (let i = 0; i < 3e8; i++) sum += Math.sqrt(i);
      resolve(sum);
    }),
  );
}

/** One visit. */
async function visit(page: Page, url: string) {
  const browser = page.context().browser();
  if (!browser) throw new Error('A page without a browser cannot be traced.');
  await page.addInitScript(count);
  const session = await page.context().newCDPSession(page);
  // The thread's own time: what others do on a busy machine is none of the page's cost.
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  await browser.startTracing(page, { categories: TRACED });
  await page.goto(url);
  await at(page, 'play').and(page.locator(':enabled')).waitFor();
  const { metrics } = await session.send('Performance.getMetrics');
  await page.evaluate((mark) => performance.mark(mark), USABLE);
  await waitForMasks(page);
  await page.waitForTimeout(WATCHED_MS);
  await page.evaluate(workLong, CONTROL);
  const trace = (await browser.stopTracing()).toString('utf8');
  const { shift } = await page.evaluate(() => (globalThis as unknown as { counted: Counted }).counted);
  await session.detach();
  const known = longTasksAfter(trace, CONTROL).length;
  if (known === 0) throw new ToolError('The trace does not show a task that is known to be long.');
  const longTasks = longTasksAfter(trace, USABLE);
  return {
    script: (metrics.find(({ name }) => name === 'ScriptDuration')?.value ?? Number.NaN) * 1000,
    longTasks: longTasks.slice(0, longTasks.length - known),
    shift,
  };
}

/**
 * Runs it.
 * @returns exit code
 * @throws ToolError when the arguments will not do
 */
export async function page(argv: readonly string[]): Promise<number> {
  const options = readPlainOptions(argv, schema, { rounds: 3 }, USAGE);
  if (options === 'help') {
    console.log(USAGE);
    return 0;
  }
  ensureChromium();
  const visits: Awaited<ReturnType<typeof visit>>[] = [];
  let machine = '';
  {
    await using server = await servePage();
    await using browser = await TestBrowser.launch();
    for (let round = 0; round < options.rounds; round++) {
      await using opened = await browser.open();
      const seen = await visit(opened.page, server.url);
      machine = await machineOf(opened.page);
      console.error(
        `  ${seen.script.toFixed(0)} ms of script, ${seen.longTasks.length} long tasks, shift ${seen.shift.toFixed(4)}`,
      );
      for (const { after, worked, what } of seen.longTasks)
        console.error(`    ${worked.toFixed(0)} ms, ${(after / 1000).toFixed(1)} s later: ${what}`);
      visits.push(seen);
    }
  }
  const megabytes = await firstMaskMegabytes('');
  const figures = {
    page_script_ms: PAGE.figure(
      'page_script_ms',
      visits.map(({ script }) => script),
    ),
    page_long_tasks: PAGE.figure(
      'page_long_tasks',
      visits.map(({ longTasks }) => longTasks.length),
    ),
    page_layout_shift: PAGE.figure(
      'page_layout_shift',
      visits.map(({ shift }) => shift),
    ),
    page_megabytes: PAGE.figure('page_megabytes', [megabytes]),
  };
  console.log(`\n${machine}; ${options.rounds} visits\n\n${PAGE.text(figures)}`);
  if (options.json) writeJson(options.json, { machine, figures });
  return 0;
}
