/**
 * `npm run bench -- scene`: what the scene says of simulated drives against what is really there, and of real labelled
 * pictures where the data set lies beside the repository.
 */
import { createReadStream, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import type { ServerPart } from '../../../src/server/app.ts';
import { ROOT } from '../../../src/server/prepare.mjs';
import { decodeLabel } from '../evaluate/label-png.ts';
import { findPairs, type Pair } from '../evaluate/pairs.ts';
import { type Figure, type FigureSpec, FigureTable, machineOf, writeJson } from '../figures.ts';
import { findModel, type ModelFile } from '../model-file.ts';
import { withPage } from '../page-host.ts';
import { Progress } from '../progress.ts';
import { ToolError } from '../tool-error.ts';
import type { SceneAnswer, SceneItem, SceneJob, SceneResult } from './job.ts';
import {
  boundaryMetres,
  boundaryPixels,
  flickerOf,
  type Labels,
  obstacleCounts,
  pitchError,
  quantile,
} from './score.ts';

const USAGE = `npm run bench -- scene [options]

  --frames N    pictures of each drive, a tenth of a second apart (30 unless told otherwise)
  --drives N    drives (2)
  --pictures N  labelled pictures of CamVid val, where it lies in ../shared/data (30; 0 for none)
  --model NAME  a network of models/
  --json FILE   writes the figures there, too`;

const schema = z.object({
  frames: z.coerce.number().int().min(12).max(600),
  drives: z.coerce.number().int().min(1).max(20),
  pictures: z.coerce.number().int().min(0).max(101),
  model: z.string().optional(),
  json: z.string().min(1).optional(),
});

const most = (title: string, unit: string, goal: number): FigureSpec => ({
  title,
  unit,
  goal,
  bound: 'at most',
});
const least = (title: string, unit: string, goal: number): FigureSpec => ({
  title,
  unit,
  goal,
  bound: 'at least',
});

const SPECS = {
  boundary_px_median: most('road edges on drives, off the labels, median', 'px', 2),
  boundary_px_p95: most('the same, p95', 'px', 8),
  boundary_m_p95_20m: most('road edges to 20 m, off the kerb, p95', 'm', 1),
  boundary_m_median_0_10m: most('road edges to 10 m, off the kerb, median', 'm', 0.3),
  boundary_m_p95_0_10m: most('the same, p95', 'm', 1),
  boundary_m_median_10_20m: most('road edges from 10 to 20 m, off the kerb, median', 'm', 0.5),
  boundary_m_p95_10_20m: most('the same, p95', 'm', 1.5),
  boundary_m_median_20_40m: most('road edges from 20 to 40 m, off the kerb, median', 'm', 1),
  boundary_m_p95_20_40m: most('the same, p95', 'm', 3),
  obstacle_precision: least('obstacles that are there', '', 0.8),
  obstacle_recall: least('visible obstacles to 35 m that are found', '', 0.8),
  distance_error_median_percent: most('distance of obstacles, off, median', '%', 15),
  pitch_error_deg: most('pitch found by itself, off, at the end of each drive', '°', 0.5),
  flicker_raw: most('changes of the mask over changes of the labels, unsmoothed', '', 3),
  flicker_smoothed: most('the same, smoothed', '', 1.3),
  smoothing_gain_percent: least('cells that smoothing puts right, less those it spoils', '%', 0),
  scene_over_inference: most('time of the scene over time of the network', '', 0.1),
  scene_ms_median: most('time of the scene for one picture, median', 'ms', 2),
  camvid_boundary_px_median: most('road edges on CamVid val at 480×360, off the labels, median', 'px', 2),
  camvid_flicker_raw: most('changes over changes of the labels, CamVid val, unsmoothed', '', 3),
  camvid_flicker_smoothed: most('the same, smoothed', '', 1.3),
  camvid_smoothing_gain_percent: least('cells that smoothing puts right there, less those it spoils', '%', 0),
} as const satisfies Record<string, FigureSpec>;

type Id = keyof typeof SPECS;
const SCENE = new FigureTable<Id>(SPECS);

/** Bands of distance in which edges are scored, metres. */
const BANDS = [
  { from: 0, to: 10, median: 'boundary_m_median_0_10m', p95: 'boundary_m_p95_0_10m' },
  { from: 10, to: 20, median: 'boundary_m_median_10_20m', p95: 'boundary_m_p95_10_20m' },
  { from: 20, to: 40, median: 'boundary_m_median_20_40m', p95: 'boundary_m_p95_20_40m' },
] as const satisfies readonly { from: number; to: number; median: Id; p95: Id }[];

/** Seconds between two pictures of a drive, and where it begins: traffic has come up by then. */
const STEP = 0.1;
const BEGIN = 12;
/** After a second at that rate the trackers know what they see; before, obstacles are not counted. */
const SETTLED = 1;
/** Pictures before those that are measured, and seconds between them: some eight seconds let a camera find itself. */
const WARM = { pictures: 20, step: 0.4 } as const;
/** Rate of CamVid's labelled pictures, per second. */
const CAMVID_RATE = 15;
const CAMVID = join(ROOT, '..', 'shared', 'data', 'camvid', 'val');

/**
 * Runs it.
 * @returns exit code
 * @throws ToolError when the arguments will not do
 */
export async function scene(argv: readonly string[]): Promise<number> {
  const options = readOptions(argv);
  if (options === 'help') {
    console.log(USAGE);
    return 0;
  }
  const real = options.pictures > 0 && existsSync(CAMVID);
  if (options.pictures > 0 && !real) console.error('CamVid is not beside the repository: drives only.');
  const pairs = real ? findPairs(join(CAMVID, 'images'), join(CAMVID, 'labels'), options.pictures) : [];
  const model = findModel(options.model, 'wasm');
  const runs: SceneItem[][] = Array.from({ length: options.drives }, (_, i) =>
    driveOf(i + 1, options.frames),
  );
  if (pairs.length > 1)
    runs.push(pairs.map((_, picture) => ({ kind: 'picture', picture, seconds: picture / CAMVID_RATE })));
  const results: SceneResult[] = [];
  const measured = runs.flat().filter((item) => item.kind === 'picture' || !item.warm);
  const progress = new Progress(measured.length);
  const part = jobPart({ manifest: model.manifest, runs }, model, pairs, (result) => {
    results.push(result);
    progress.show(results.length);
  });
  const [answer, machine] = await withPage('scene', [part], async (page) => [
    await page.evaluate(() => (globalThis as unknown as { run: () => Promise<SceneAnswer> }).run()),
    await machineOf(page),
  ]);
  if (!answer.ok) throw new ToolError(answer.sentence);
  const figures = await figuresOf(results, pairs);
  console.log(`\n${machine}\n${model.manifest.name}, ${answer.description}\n\n${SCENE.text(figures)}`);
  if (options.json) writeJson(options.json, { machine, model: model.manifest.name, figures });
  return 0;
}

/** The pictures of a drive: sparse ones to drive up, then the measured ones. */
function driveOf(seed: number, frames: number): SceneItem[] {
  const item = (seconds: number, warm: boolean): SceneItem => ({ kind: 'drive', seed, seconds, warm });
  return [
    ...Array.from({ length: WARM.pictures }, (_, k) => item(BEGIN - (WARM.pictures - k) * WARM.step, true)),
    ...Array.from({ length: frames }, (_, k) => item(BEGIN + k * STEP, false)),
  ];
}

async function figuresOf(
  results: readonly SceneResult[],
  pairs: readonly Pair[],
): Promise<Partial<Record<Id, Figure>>> {
  const figures: Partial<Record<Id, Figure>> = {};
  const put = (id: Id, value: number | null): void => {
    if (value !== null && Number.isFinite(value)) figures[id] = SCENE.figure(id, [value]);
  };
  const labels = new Map<SceneResult, Labels>();
  for (const result of results) labels.set(result, await labelsOf(result, pairs));
  const of = (kind: SceneItem['kind']) => results.filter(({ item }) => item.kind === kind);
  const drives = of('drive');
  const pixels = drives.flatMap((r) => boundaryPixels(r, labels.get(r)!));
  put('boundary_px_median', quantile(pixels, 0.5));
  put('boundary_px_p95', quantile(pixels, 0.95));
  const metres = (from: number, to: number) => drives.flatMap((r) => boundaryMetres(r, from, to));
  put('boundary_m_p95_20m', quantile(metres(0, 20), 0.95));
  for (const { from, to, median, p95 } of BANDS) {
    put(median, quantile(metres(from, to), 0.5));
    put(p95, quantile(metres(from, to), 0.95));
  }
  const settled = drives.filter(({ item }) => item.seconds >= BEGIN + SETTLED);
  const counts = settled.map((result) => obstacleCounts(result, labels.get(result)!));
  const sum = (of: (count: (typeof counts)[number]) => number) =>
    counts.reduce((total, c) => total + of(c), 0);
  put('obstacle_precision', sum((c) => c.errors.length) / sum((c) => c.found));
  put('obstacle_recall', sum((c) => c.matched) / sum((c) => c.real));
  const off = quantile(
    counts.flatMap(({ errors }) => errors),
    0.5,
  );
  put('distance_error_median_percent', off === null ? null : 100 * off);
  const ends = drives.filter((result, i) => drives[i + 1]?.run !== result.run);
  const pitches = ends.map(pitchError).filter((error) => error !== null);
  if (pitches.length > 0) figures.pitch_error_deg = SCENE.figure('pitch_error_deg', pitches);
  putFlicker(drives, labels, (name, value) => put(name, value));
  put(
    'scene_ms_median',
    quantile(
      results.map((r) => r.sceneMs),
      0.5,
    ),
  );
  put(
    'scene_over_inference',
    quantile(
      results.map((r) => r.sceneMs),
      0.5,
    )! /
      quantile(
        results.map((r) => r.inferenceMs),
        0.5,
      )!,
  );
  const pictures = of('picture');
  put(
    'camvid_boundary_px_median',
    quantile(
      pictures.flatMap((r) => boundaryPixels(r, labels.get(r)!)),
      0.5,
    ),
  );
  putFlicker(pictures, labels, (name, value) => put(`camvid_${name}`, value));
  return figures;
}

function putFlicker(
  results: readonly SceneResult[],
  labels: ReadonlyMap<SceneResult, Labels>,
  put: (name: 'flicker_raw' | 'flicker_smoothed' | 'smoothing_gain_percent', value: number | null) => void,
): void {
  const steps = results.slice(1).flatMap((after, i) => {
    const before = results[i]!;
    return before.run === after.run
      ? [flickerOf(before, after, labels.get(before)!, labels.get(after)!)]
      : [];
  });
  if (steps.length === 0) return;
  const sum = (key: keyof (typeof steps)[number]) => steps.reduce((total, step) => total + step[key], 0);
  put('flicker_raw', sum('raw') / sum('label'));
  put('flicker_smoothed', sum('smoothed') / sum('label'));
  put('smoothing_gain_percent', (100 * (sum('rightSmoothed') - sum('rightRaw'))) / sum('cells'));
}

async function labelsOf({ item, labels }: SceneResult, pairs: readonly Pair[]): Promise<Labels> {
  if (labels) return { ...labels, ids: new Uint8Array(Buffer.from(labels.ids, 'base64')) };
  const { label } = pairs[item.kind === 'picture' ? item.picture : 0]!;
  return decodeLabel(readFileSync(label), label);
}

/** Larger than any result: a state, two maps and the labels of a picture. */
const MAX_RESULT = 8 * 1024 * 1024;

/** Serves the work and takes the results. */
function jobPart(
  job: SceneJob,
  model: ModelFile,
  pairs: readonly Pair[],
  take: (result: SceneResult) => void,
): ServerPart {
  return async (app) => {
    app.get('/data/job', async () => job);
    app.get('/data/network', (_request, reply) => reply.type('application/octet-stream').send(model.bytes));
    app.get<{ Params: { n: string } }>('/data/pictures/:n', (request, reply) =>
      reply.type('image/jpeg').send(createReadStream(pairs[Number(request.params.n)]!.image)),
    );
    app.post<{ Body: SceneResult }>('/data/results', { bodyLimit: MAX_RESULT }, async (request, reply) => {
      take(request.body);
      return reply.code(204).send();
    });
  };
}

function readOptions(argv: readonly string[]): z.infer<typeof schema> | 'help' {
  const text = { type: 'string' } as const;
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        frames: text,
        drives: text,
        pictures: text,
        model: text,
        json: text,
        help: { type: 'boolean' },
      },
    });
    if (values.help) return 'help';
    return schema.parse({ frames: 30, drives: 2, pictures: 30, ...values });
  } catch (error) {
    const why = error instanceof z.ZodError ? 'An option will not do.' : String(error);
    throw new ToolError(`${why}\n\n${USAGE}`);
  }
}
