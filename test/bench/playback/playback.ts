/**
 * `npm run bench -- playback`: what analysing and seeking a recording cost above the bare work, whether a long one fills
 * the memory, and whether six cameras of a drive together get the masks that one gets.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import type { ServerPart } from '../../../src/server/app.ts';
import { ROOT } from '../../../src/server/prepare.mjs';
import { colourReader } from '../../fixtures/networks/colour-reader.ts';
import { type FigureSpec, FigureTable, machineOf, writeJson } from '../figures.ts';
import { findModel, type ModelFile } from '../model-file.ts';
import { withPage } from '../page-host.ts';
import { ToolError } from '../tool-error.ts';

const CLIP = join(ROOT, '..', 'shared', 'data', 'clips', 'highway_960x540_25fps.mp4');

/** Cameras of the drive that is compared with one, and their size in pixels. */
const CAMERAS = 6;
const CAMERA_SIZE = '960x540';

const USAGE = `npm run bench -- playback [options]

  --clip FILE    a recording; the motorway of the shared clips unless told otherwise
  --model MODEL  a name in models/, or an ONNX file with its manifest; pspnet-wasm unless told otherwise
  --quick        fewer rounds: enough to see that it works, not to quote
  --json FILE    writes the figures there, too`;

const schema = z.object({
  clip: z.string().min(1),
  model: z.string().min(1),
  quick: z.boolean(),
  json: z.string().min(1).optional(),
});

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
} as const satisfies Record<string, FigureSpec>;

const PLAYBACK = new FigureTable<keyof typeof SPECS>(SPECS);

/** What the page offers; see `pages/playback.page.ts`. */
interface PlaybackPage {
  analysis(network: string, runs: number): Promise<{ analysis: number; bare: number }>;
  seek(share: number): Promise<{ seek: number; bare: number }>;
  growth(network: string): Promise<number>;
  cameras(network: string, cameras: number, masks: number): Promise<number>;
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
  const networks = { full: findModel(options.model, 'wasm'), tiny: colourReader(160, 96) };
  const files = { clip: options.clip, long: longClip(), ...cameraClips() };
  const rounds = options.quick ? 1 : 3;
  const seeks = options.quick ? 5 : 25;
  const { machine, figures } = await withPage('playback', [dataPart(networks, files)], async (page) => {
    const analyses: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const { analysis, bare } = await page.evaluate(() =>
        (globalThis as unknown as PlaybackPage).analysis('full', 23),
      );
      console.error(`analysis ${analysis.toFixed(1)} ms a frame, bare inference ${bare.toFixed(1)} ms`);
      analyses.push(analysis / bare);
    }
    const ratios: number[] = [];
    for (let n = 0; n < seeks; n++) {
      // The golden ratio spreads points evenly, in no order.
      const share = 0.02 + 0.94 * ((n * 0.618034) % 1);
      const { seek, bare } = await page.evaluate(
        (at) => (globalThis as unknown as PlaybackPage).seek(at),
        share,
      );
      ratios.push(seek / bare);
    }
    const growth = await page.evaluate(() => (globalThis as unknown as PlaybackPage).growth('tiny'));
    const shares: number[] = [];
    const rateOf = (cameras: number) =>
      page.evaluate(
        ([count, masks]) => (globalThis as unknown as PlaybackPage).cameras('full', count, masks),
        [cameras, options.quick ? 20 : 80] as const,
      );
    for (let round = 0; round < rounds; round++) {
      // On both sides of the six: a machine that others use is not equally fast for long.
      const [before, six, after] = [await rateOf(1), await rateOf(CAMERAS), await rateOf(1)];
      const figures = [before, six, after].map((rate) => rate.toFixed(2));
      console.error(`masks a second: one ${figures[0]}, six ${figures[1]}, one ${figures[2]}`);
      shares.push((2 * six) / (before + after));
    }
    return {
      machine: await machineOf(page),
      figures: {
        analysis_over_bare: PLAYBACK.figure('analysis_over_bare', analyses),
        seek_over_bare_decode: PLAYBACK.figure('seek_over_bare_decode', ratios),
        memory_growth_mb_30min: PLAYBACK.figure('memory_growth_mb_30min', [growth]),
        cameras6_rate_over_cameras1: PLAYBACK.figure('cameras6_rate_over_cameras1', shares),
      },
    };
  });
  console.log(`\n${machine}\n\n${PLAYBACK.text(figures)}`);
  if (options.json) writeJson(options.json, { machine, figures });
  return 0;
}

function readOptions(argv: readonly string[]): z.infer<typeof schema> | 'help' {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: { clip: text, model: text, json: text, quick: flag, help: flag },
    });
    if (values.help) return 'help';
    return schema.parse({ clip: CLIP, model: 'pspnet-wasm', quick: false, ...values });
  } catch (error) {
    const why = error instanceof z.ZodError ? 'An option will not do.' : String(error);
    throw new ToolError(`${why}\n\n${USAGE}`);
  }
}

/** Half an hour of a test picture, a frame a second: what grows with time grows, and it is over in a minute. */
function longClip(): string {
  return madeClip('half-hour.mp4', 'testsrc2=size=160x96:rate=1:duration=1800', 60);
}

/** Six cameras of one moment, as dashcams have them: a test picture in a colour for each. */
function cameraClips(): Readonly<Record<string, string>> {
  const clip = (n: number): [string, string] => {
    const source = `testsrc2=size=${CAMERA_SIZE}:rate=25:duration=20,hue=h=${n * 60}`;
    return [`camera${n + 1}`, madeClip(`camera-${CAMERA_SIZE}-${n + 1}.mp4`, source, 25)];
  };
  return Object.fromEntries(Array.from({ length: CAMERAS }, (_, n) => clip(n)));
}

/** A clip made by ffmpeg, once. @param source of its lavfi; @param keys frames from key picture to key picture */
function madeClip(name: string, source: string, keys: number): string {
  const folder = join(ROOT, 'test', 'output');
  const path = join(folder, name);
  if (existsSync(path)) return path;
  mkdirSync(folder, { recursive: true });
  const codec = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-g', String(keys)];
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
