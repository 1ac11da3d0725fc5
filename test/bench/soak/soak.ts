/**
 * `npm run bench -- soak`: the built page, left alone for minutes; what it holds at the end against what it held after
 * its first minute.
 */
import type { Page } from 'playwright';
import { z } from 'zod';
import { TestBrowser } from '../../harness/browser.ts';
import { ensureChromium } from '../../harness/install.ts';
import { at, openDetails, PATIENCE, waitForFigure, waitForMasks } from '../../harness/journey.ts';
import { servePage } from '../../harness/serve.ts';
import { machineOf } from '../figures.ts';
import { readPlainOptions } from '../plain-options.ts';
import { openHandlesOf } from './handles.ts';
import { heapWithin } from './heap.ts';
import { LoopedRecording } from './looped-recording.ts';
import { SoakReport, type SoakSample } from './soak-report.ts';
import { enough, parseObjects } from './summary.ts';

const USAGE = `npm run bench -- soak [options]

  --minutes N   how long, 3 to 600 (10 unless told otherwise)
  --engine E    auto, webgpu, cpu or wasm (auto unless told otherwise)
  --query TEXT  what else stands behind the ? of the address, such as mood=night
  --recording FILE  plays a recording in place of the drive, again and again, and analyses it meanwhile
  --json FILE   writes figures and samples there after each sample, so that a run which is cut off still tells`;

const schema = z.object({
  minutes: z.coerce.number().min(3).max(600),
  engine: z.enum(['auto', 'webgpu', 'cpu', 'wasm']),
  query: z.string(),
  recording: z.string(),
  json: z.string().min(1).optional(),
});

/** Time between two samples: each collects garbage, which should not be most of what runs. */
const SAMPLE_MS = 20_000;

const MINUTE = 60_000;

/**
 * Runs it.
 * @returns exit code: 1 where the page could not be looked at until the end
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
  page.setDefaultTimeout(PATIENCE);
  await page.goto(`${server.url}?${new URLSearchParams(`engine=${options.engine}&${options.query}`)}`);
  await waitForMasks(page);
  const looped = options.recording ? await LoopedRecording.open(page, options.recording) : null;
  await openDetails(page);
  const report = new SoakReport(await machineOf(page), options);
  const began = performance.now();
  // On a machine so busy that collecting takes longer than waiting, a few samples more than the minutes hold.
  const goesOn = () => performance.now() - began < options.minutes * MINUTE || !enough(report.samples);
  try {
    while (goesOn()) {
      await page.waitForTimeout(SAMPLE_MS);
      // What hinders an analysis is told, and tried again behind the next sample: the page is watched all the same.
      await looped?.goOn().catch((error: unknown) => report.trouble(error));
      const look = await lookAt(page, browser);
      const minutes = (performance.now() - began) / MINUTE;
      report.add({ minutes, ...look, analyses: looped?.completed ?? null });
    }
    report.end(null);
  } catch (error) {
    report.end(error);
  }
  for (const complaint of watched.complaints) console.error(`page: ${complaint}`);
  console.log(`\n${report.text}`);
  return report.ended === 'complete' ? 0 : 1;
}

/** What the page shows and holds. @throws where it cannot be looked at: it crashed, or says nothing for minutes */
async function lookAt(page: Page, browser: TestBrowser): Promise<Omit<SoakSample, 'minutes' | 'analyses'>> {
  // Between two sources, and while a worker is replaced, there are no figures for a moment.
  const masks = await waitForFigure(page, 'hud-masks', (count) => !Number.isNaN(count));
  const objects = parseObjects((await at(page, 'hud-live-objects').textContent()) ?? '');
  return {
    masks,
    objects,
    heap: await heapWithin(page, PATIENCE),
    handles: openHandlesOf(await browser.processes()),
  };
}
