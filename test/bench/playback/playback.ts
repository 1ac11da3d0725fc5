/**
 * `npm run bench -- playback`: what analysing and seeking a recording cost above the bare work, whether a long one fills
 * the memory, whether six cameras get the masks that one gets, how long a card takes to open, and what the command and
 * its workers cost.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Page } from 'playwright';
import { z } from 'zod';
import type { ServerPart } from '../../../src/server/app.ts';
import { ensurePageBuilt, ROOT } from '../../../src/server/prepare.mjs';
import { colourReader } from '../../fixtures/networks/colour-reader.ts';
import { type Figure, type FigureSpec, FigureTable, machineOf, writeJson } from '../figures.ts';
import { findModel, type ModelFile } from '../model-file.ts';
import { withPage } from '../page-host.ts';
import { ToolError } from '../tool-error.ts';
import { commandSeconds, queueMissing, queueSeconds, Workplace } from './command.ts';

const CLIP = join(ROOT, '..', 'shared', 'data', 'clips', 'highway_960x540_25fps.mp4');

const USAGE = `npm run bench -- playback [options]

  --clip FILE    a recording; the motorway of the shared clips unless told otherwise
  --model MODEL  a name in models/, or an ONNX file with its manifest; pspnet-wasm unless told otherwise
  --only ID      this figure alone; may be given several times
  --quick        fewer rounds: enough to see that it works, not to quote
  --json FILE    writes the figures there, too`;

const schema = z.object({
  clip: z.string().min(1),
  model: z.string().min(1),
  only: z.array(z.string()),
  quick: z.boolean(),
  json: z.string().min(1).optional(),
});

type Options = z.infer<typeof schema>;

const SPECS = {
  analysis_over_bare: {
    title: 'a frame of an analysis, against a bare inference',
    unit: '×',
    goal: 1.05,
    bound: 'at most',
  },
  seek_over_bare_decode: {
    title: 'a seek until its picture is there, against decoding from the key picture',
    unit: '×',
    goal: 1.5,
    bound: 'at most',
  },
  memory_growth_mb_30min: {
    title: 'memory at nine tenths of a 30-minute analysis, against at a fifth',
    unit: 'MiB',
    goal: 10,
    bound: 'at most',
  },
  cameras6_rate_over_cameras1: {
    title: 'masks a second of six cameras together, against those of one',
    unit: '×',
    goal: 0.9,
    bound: 'at least',
  },
  open_500_files_over_open_1: {
    title: 'a recording of 500 files until it can be played, against one of a single file',
    unit: '×',
    goal: 10,
    bound: 'at most',
  },
  analyse_cli_over_page: {
    title: 'npm run analyse with all that it starts, against the same analysis in the page',
    unit: '×',
    goal: 1.1,
    bound: 'at most',
  },
  analyse_2_workers_over_1: {
    title: 'two workers of a queue, each on a core of its own, against one',
    unit: '×',
    goal: 1.7,
    bound: 'at least',
  },
} as const satisfies Record<string, FigureSpec>;

type Id = keyof typeof SPECS;

const PLAYBACK = new FigureTable<Id>(SPECS);

const IDS = Object.keys(SPECS) as Id[];

/** What the page offers; see `pages/playback.page.ts`. */
interface PlaybackPage {
  analysis(network: string, runs: number): Promise<{ analysis: number; bare: number }>;
  seek(share: number): Promise<{ seek: number; bare: number }>;
  growth(network: string): Promise<number>;
  cameras(network: string, cameras: number, masks: number): Promise<number>;
  opening(files: number): Promise<number>;
  job(network: string, repeats: number): Promise<number>;
}

/**
 * Runs it.
 * @returns exit code
 * @throws ToolError when the arguments will not do
 */
export async function playback(argv: readonly string[]): Promise<number> {
  const options = readOptions(argv);
  if (options === 'help') {
    console.log(USAGE);
    return 0;
  }
  if (!existsSync(options.clip)) throw new ToolError(`There is no clip ${options.clip}.\n\n${USAGE}`);
  const wanted = IDS.filter((id) => options.only.length === 0 || options.only.includes(id));
  const networks = { full: findModel(options.model, 'wasm'), tiny: colourReader(160, 96) };
  const files = {
    clip: options.clip,
    ...(wanted.includes('memory_growth_mb_30min') ? { long: madeClip('half-hour', HALF_HOUR) } : {}),
    ...(wanted.includes('cameras6_rate_over_cameras1') ? cameraClips() : {}),
    ...(wanted.includes('open_500_files_over_open_1') ? { short: madeClip('two-seconds', TWO_SECONDS) } : {}),
  };
  const figures: Partial<Record<Id, Figure>> = {};
  const machine = await withPage('playback', [dataPart(networks, files)], async (page) => {
    for (const id of wanted) {
      const runs = await RUNS[id](page, options);
      if (runs.length > 0) figures[id] = PLAYBACK.figure(id, runs);
    }
    return machineOf(page);
  });
  console.log(`\n${machine}\n\n${PLAYBACK.text(figures)}`);
  if (options.json) writeJson(options.json, { machine, figures });
  return 0;
}

/** Runs of each figure; none where it cannot be measured here, which is said. */
const RUNS: Readonly<Record<Id, (page: Page, options: Options) => Promise<number[]>>> = {
  async analysis_over_bare(page, { quick }) {
    return repeated(quick ? 1 : 3, async () => {
      const { analysis, bare } = await page.evaluate(() =>
        (globalThis as unknown as PlaybackPage).analysis('full', 23),
      );
      console.error(`analysis ${analysis.toFixed(1)} ms a frame, bare inference ${bare.toFixed(1)} ms`);
      return analysis / bare;
    });
  },

  async seek_over_bare_decode(page, { quick }) {
    return repeated(quick ? 5 : 25, async (n) => {
      // The golden ratio spreads points evenly, in no order.
      const share = 0.02 + 0.94 * ((n * 0.618034) % 1);
      const { seek, bare } = await page.evaluate(
        (at) => (globalThis as unknown as PlaybackPage).seek(at),
        share,
      );
      return seek / bare;
    });
  },

  async memory_growth_mb_30min(page) {
    return [await page.evaluate(() => (globalThis as unknown as PlaybackPage).growth('tiny'))];
  },

  async cameras6_rate_over_cameras1(page, { quick }) {
    const rateOf = (cameras: number): Promise<number> =>
      page.evaluate(
        ([count, masks]) => (globalThis as unknown as PlaybackPage).cameras('full', count, masks),
        [cameras, quick ? 20 : 80] as const,
      );
    return repeated(quick ? 1 : 3, async () => {
      // On both sides of the six: a machine that others use is not equally fast for long.
      const [before, six, after] = [await rateOf(1), await rateOf(CAMERAS), await rateOf(1)];
      const [one, all, again] = [before, six, after].map((rate) => rate.toFixed(2));
      console.error(`masks a second: one camera ${one}, six ${all}, one ${again}`);
      return (2 * six) / (before + after);
    });
  },

  async open_500_files_over_open_1(page, { quick }) {
    const opening = (files: number): Promise<number> =>
      page.evaluate((n) => (globalThis as unknown as PlaybackPage).opening(n), files);
    // The first one loads the worker's script.
    await opening(1);
    return repeated(quick ? 1 : 5, async () => {
      const [one, many] = [await opening(1), await opening(500)];
      console.error(`one file ${one.toFixed(0)} ms, 500 files ${many.toFixed(0)} ms`);
      return many / one;
    });
  },

  async analyse_cli_over_page(page, { quick, clip, model }) {
    ensurePageBuilt();
    const repeats = quick ? 2 : 6;
    return repeated(quick ? 1 : 3, async () => {
      using place = new Workplace();
      const drive = place.repeated(clip, repeats);
      const wish = ['--engine', 'wasm', '--model', model, '--out', join(place.folder, 'out')];
      const inPage = await page.evaluate(
        (n) => (globalThis as unknown as PlaybackPage).job('full', n),
        repeats,
      );
      const command = await commandSeconds([...wish, drive]);
      console.error(`page ${(inPage / 1000).toFixed(1)} s, command ${command.toFixed(1)} s`);
      return (1000 * command) / inPage;
    });
  },

  async analyse_2_workers_over_1(_page, { quick, clip, model }) {
    const missing = queueMissing();
    if (missing) {
      console.error(`analyse_2_workers_over_1 is left out. ${missing}`);
      return [];
    }
    ensurePageBuilt();
    return repeated(quick ? 1 : 3, async () => {
      using place = new Workplace();
      const pieces = place.pieces(clip, quick ? 2 : 5);
      const seconds = async (workers: number): Promise<number> => {
        const out = join(place.folder, `out-${workers}`);
        return queueSeconds(workers, [
          '--model',
          model,
          '--out',
          out,
          ...pieces.map((path) => dirname(path)),
        ]);
      };
      const [one, two] = [await seconds(1), await seconds(2)];
      console.error(`one worker ${one.toFixed(1)} s, two ${two.toFixed(1)} s`);
      return one / two;
    });
  },
};

async function repeated(rounds: number, run: (n: number) => Promise<number>): Promise<number[]> {
  const runs: number[] = [];
  for (let n = 0; n < rounds; n++) runs.push(await run(n));
  return runs;
}

function readOptions(argv: readonly string[]): Options | 'help' {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        ...{ clip: text, model: text, json: text, quick: flag, help: flag },
        only: { ...text, multiple: true },
      },
    });
    if (values.help) return 'help';
    const options = schema.parse({ clip: CLIP, model: 'pspnet-wasm', only: [], quick: false, ...values });
    const unknown = options.only.find((id) => !IDS.includes(id as Id));
    if (unknown !== undefined) throw new Error(`--only ${unknown}: the figures are ${IDS.join(', ')}`);
    return options;
  } catch (error) {
    const why = error instanceof z.ZodError ? 'An option will not do.' : String(error);
    throw new ToolError(`${why}\n\n${USAGE}`);
  }
}

/** Half an hour of a test picture, a frame a second: what grows with time grows, and it is over in a minute. */
const HALF_HOUR = 'testsrc2=size=160x96:rate=1:duration=1800';

/** One of the many files of a card. */
const TWO_SECONDS = 'testsrc2=size=320x180:rate=30:duration=2';

/** Cameras of the drive that is compared with one, and their size in pixels. */
const CAMERAS = 6;
const CAMERA_SIZE = '960x540';

/** Cameras of one moment, as dashcams have them: a test picture in a colour for each. */
function cameraClips(): Readonly<Record<string, string>> {
  const clip = (n: number): [string, string] => {
    const source = `testsrc2=size=${CAMERA_SIZE}:rate=25:duration=20,hue=h=${n * 60}`;
    return [`camera${n + 1}`, madeClip(`camera-${CAMERA_SIZE}-${n + 1}`, source)];
  };
  return Object.fromEntries(Array.from({ length: CAMERAS }, (_, n) => clip(n)));
}

/** A clip made by ffmpeg, kept from run to run. */
function madeClip(name: string, source: string): string {
  const folder = join(ROOT, 'test', 'output');
  const path = join(folder, `${name}.mp4`);
  if (existsSync(path)) return path;
  mkdirSync(folder, { recursive: true });
  const codec = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-g', '60'];
  try {
    execFileSync('ffmpeg', ['-loglevel', 'error', '-y', '-f', 'lavfi', '-i', source, ...codec, path]);
  } catch {
    throw new ToolError('This benchmark makes clips with ffmpeg, which is not installed or failed.');
  }
  return path;
}

/** Serves networks and recordings. */
function dataPart(
  networks: Readonly<Record<string, ModelFile>>,
  files: Readonly<Record<string, string>>,
): ServerPart {
  return async (app) => {
    for (const [name, { manifest, bytes }] of Object.entries(networks)) {
      app.get(`/data/${name}/manifest`, async () => manifest);
      app.get(`/data/${name}/file`, (_request, reply) => reply.type('application/octet-stream').send(bytes));
    }
    for (const [name, path] of Object.entries(files))
      app.get(`/data/${name}`, (_request, reply) => reply.type('video/mp4').send(readFileSync(path)));
  };
}
