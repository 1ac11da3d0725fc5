/**
 * `npm run bench -- soak`: the built page, left alone for minutes; what it holds at the end against what it held after
 * its first minute.
 */
import { z } from 'zod';
import { TestBrowser } from '../../harness/browser.ts';
import { ensureChromium } from '../../harness/install.ts';
import { at, figure, openDetails, waitForMasks } from '../../harness/journey.ts';
import { servePage } from '../../harness/serve.ts';
import { type FigureSpec, FigureTable, machineOf, writeJson } from '../figures.ts';
import { readPlainOptions } from '../plain-options.ts';
import { heapBytes } from './heap.ts';
import { LoopedRecording } from './looped-recording.ts';
import { enough, parseObjects, type Sample, summaryOf } from './summary.ts';

const USAGE = `npm run bench -- soak [options]

  --minutes N   how long, 3 to 600 (10 unless told otherwise)
  --engine E    auto, webgpu, cpu or wasm (auto unless told otherwise)
  --query TEXT  what else stands behind the ? of the address, such as mood=night
  --recording FILE  plays a recording in place of the drive, again and again, and analyses it meanwhile
  --json FILE   writes the figures there, too`;

const schema = z.object({
  minutes: z.coerce.number().min(3).max(600),
  engine: z.enum(['auto', 'webgpu', 'cpu', 'wasm']),
  query: z.string(),
  recording: z.string(),
  json: z.string().min(1).optional(),
});

const SPECS = {
  soak_objects_growth: {
    title: 'frames, buffers and textures more at the end than after a minute',
    unit: '',
    goal: 0,
    bound: 'at most',
  },
  soak_heap_growth_percent: {
    title: 'heap of page and workers, more at the end than after a minute',
    unit: '%',
    goal: 5,
    bound: 'at most',
  },
  soak_masks: { title: 'masks in that time', unit: '', goal: 1, bound: 'at least' },
  soak_fewest_masks: {
    title: 'masks of the poorest interval of 20 seconds or more',
    unit: '',
    goal: 1,
    bound: 'at least',
  },
} as const satisfies Record<string, FigureSpec>;

const SOAK = new FigureTable<keyof typeof SPECS>(SPECS);

/** Time between two samples: each collects garbage, which should not be most of what runs. */
const SAMPLE_MS = 20_000;

const MINUTE = 60_000;

/**
 * Runs it.
 * @returns exit code
 * @throws ToolError when the arguments will not do
 */
export async function soak(argv: readonly string[]): Promise<number> {
  const options = readPlainOptions(
    argv,
    schema,
    { minutes: 10, engine: 'auto', query: '', recording: '' },
    USAGE,
  );
  if (options === 'help') {
    console.log(USAGE);
    return 0;
  }
  ensureChromium();
  await using server = await servePage();
  await using browser = await TestBrowser.launch();
  await using watched = await browser.open();
  const { page } = watched;
  await page.goto(`${server.url}?${new URLSearchParams(`engine=${options.engine}&${options.query}`)}`);
  await waitForMasks(page);
  const looped = options.recording ? await LoopedRecording.open(page, options.recording) : null;
  await openDetails(page);
  const machine = await machineOf(page);
  const began = performance.now();
  const samples: Sample[] = [];
  // On a machine so busy that collecting takes longer than waiting, a few samples more than the minutes hold.
  while (performance.now() - began < options.minutes * MINUTE || !enough(samples)) {
    await page.waitForTimeout(SAMPLE_MS);
    await looped?.goOn();
    const objects = parseObjects((await at(page, 'hud-live-objects').textContent()) ?? '');
    const sample: Sample = {
      minutes: (performance.now() - began) / MINUTE,
      objects,
      heap: await page.evaluate(heapBytes),
      masks: await figure(page, 'hud-masks'),
    };
    samples.push(sample);
    console.error(
      `${sample.minutes.toFixed(1)} min: ${objects.join(' + ')} objects, ${(sample.heap / 2 ** 20).toFixed(1)} MiB, ${sample.masks} masks`,
    );
  }
  const { objectsGrowth, heapGrowth, masks, fewestMasks } = summaryOf(samples);
  const figures = {
    soak_objects_growth: SOAK.figure('soak_objects_growth', [objectsGrowth]),
    soak_heap_growth_percent: SOAK.figure('soak_heap_growth_percent', [heapGrowth]),
    soak_masks: SOAK.figure('soak_masks', [masks]),
    soak_fewest_masks: SOAK.figure('soak_fewest_masks', [fewestMasks]),
  };
  for (const complaint of watched.complaints) console.error(`page: ${complaint}`);
  const what = looped ? `, ${options.recording} analysed ${looped.analyses} times` : '';
  console.log(`\n${machine}; ${options.minutes} minutes${what}\n\n${SOAK.text(figures)}`);
  if (options.json) writeJson(options.json, { machine, figures });
  return 0;
}
