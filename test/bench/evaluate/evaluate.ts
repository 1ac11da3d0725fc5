/**
 * `npm run evaluate`: the shipped engine over a folder of labelled pictures.
 */
import { createReadStream, readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { engineOf } from '../../../src/perception/create-engine.ts';
import type { ServerPart } from '../../../src/server/app.ts';
import { writeJson } from '../figures.ts';
import { medianOf } from '../metrics.ts';
import { findModel, type ModelFile } from '../model-file.ts';
import { withPage } from '../page-host.ts';
import { Progress } from '../progress.ts';
import { ToolError } from '../tool-error.ts';
import type { EvaluateAnswer, EvaluateJob } from './job.ts';
import { decodeLabel, type Label } from './label-png.ts';
import { type EvaluateOptions, readOptions, USAGE } from './options.ts';
import { findPairs, type Pair } from './pairs.ts';
import { type Figures, Score, unknownId } from './score.ts';
import { tableOf } from './table.ts';

/** What is printed and written with `--json`. IoUs and accuracy in per cent. */
export interface EvaluateResult extends Figures {
  readonly model: string;
  readonly engine: EvaluateOptions['engine'];
  readonly images: number;
  readonly model_ms_median: number | null;
  /** With both engines: per cent of all pixels that get the same class from both, and the same of the worst picture. */
  readonly agreement?: number;
  readonly agreement_worst?: number;
}

/** Larger than the guesses on any picture one would label. */
const MAX_GUESS = 256 * 1024 * 1024;

/**
 * Runs the tool.
 * @returns exit code
 * @throws ToolError when the input will not do
 */
export async function evaluate(argv: readonly string[]): Promise<number> {
  const options = readOptions(argv);
  if (options === 'help') {
    console.log(USAGE);
    return 0;
  }
  const result = await evaluateFolder(options);
  console.log(tableOf(result));
  if (options.json) writeJson(options.json, result);
  return 0;
}

/**
 * Scores a folder.
 * @throws ToolError when the input will not do
 */
async function evaluateFolder(options: EvaluateOptions): Promise<EvaluateResult> {
  const pairs = findPairs(options.images, options.labels, options.limit);
  const both = options.engine === 'both';
  const asked = options.engine === 'both' ? 'wasm' : options.engine;
  const model = findModel(options.model, asked);
  const engine = engineOf(model.runtime ? { engine: model.runtime } : {}, asked);
  const job: EvaluateJob = {
    engine,
    other: both ? 'webgpu' : null,
    manifest: model.manifest,
    groups: options.format === 'coarse',
    // All labels are looked at before the first picture is: a bad one should not surface after an hour.
    pictures: await sizesOf(pairs, options),
  };
  const score = new Score(options.format);
  const times: number[] = [];
  const same: number[] = [];
  let pixelsSeen = 0;
  let pixelsSame = 0;
  const progress = new Progress(pairs.length);
  const part = jobPart(job, pairs, model, async (n, body, ms, share) => {
    const label = await readLabel(pairs[n]!, options);
    const pixels = label.ids.length;
    score.add(label.ids, {
      classes: body.subarray(0, pixels),
      ...(job.groups ? { groups: body.subarray(pixels, 2 * pixels) } : {}),
    });
    times.push(ms);
    if (both) same.push(share);
    pixelsSeen += pixels;
    pixelsSame += pixels * share;
    progress.show(times.length);
  });
  const answer = await withPage('evaluate', [part], (page) =>
    page.evaluate(() => (globalThis as unknown as { run: () => Promise<EvaluateAnswer> }).run()),
  );
  if (!answer.ok) throw new ToolError([answer.sentence, answer.detail].filter(Boolean).join(' '));
  if (times.length !== pairs.length)
    throw new ToolError(`The page answered for ${times.length} of ${pairs.length} pictures.`);
  console.error(answer.description);
  const median = medianOf(times);
  return {
    model: model.manifest.name,
    engine: options.engine,
    images: pairs.length,
    ...score.figures(),
    model_ms_median: median === null ? null : Math.round(median * 100) / 100,
    ...(both
      ? { agreement: percent(pixelsSame / pixelsSeen), agreement_worst: percent(Math.min(...same)) }
      : {}),
  };
}

/** A share as per cent, to a thousandth: what is compared with 99.5 should not be rounded to it. */
function percent(share: number): number {
  return Math.round(share * 100_000) / 1000;
}

async function sizesOf(pairs: readonly Pair[], options: EvaluateOptions): Promise<EvaluateJob['pictures']> {
  const sizes: EvaluateJob['pictures'][number][] = [];
  // One after the other: together they would not fit into memory.
  for (const pair of pairs) {
    const { width, height } = await readLabel(pair, options);
    sizes.push({ name: pair.name, width, height });
  }
  return sizes;
}

async function readLabel(pair: Pair, options: EvaluateOptions): Promise<Label> {
  const label = await decodeLabel(readFileSync(pair.label), pair.label);
  const unknown = unknownId(options.format, label.ids);
  if (unknown !== undefined)
    throw new ToolError(
      `The label ${pair.label} holds the id ${unknown}, which the format "${options.format}" has not.`,
    );
  return label;
}

/** Serves the work and takes the guesses. */
function jobPart(
  job: EvaluateJob,
  pairs: readonly Pair[],
  model: ModelFile,
  take: (n: number, body: Buffer, ms: number, same: number) => Promise<void>,
): ServerPart {
  return async (app) => {
    app.addContentTypeParser(
      'application/octet-stream',
      { parseAs: 'buffer', bodyLimit: MAX_GUESS },
      async (_request: unknown, body: Buffer) => body,
    );
    app.get('/data/job', async () => job);
    app.get('/data/network', (_request, reply) => reply.type('application/octet-stream').send(model.bytes));
    app.get<{ Params: { n: string } }>('/data/pictures/:n', (request, reply) => {
      const { image } = pairs[Number(request.params.n)]!;
      const type = extname(image).toLowerCase() === '.png' ? 'image/png' : 'image/jpeg';
      return reply.type(type).send(createReadStream(image));
    });
    app.post<{ Params: { n: string }; Querystring: { ms: string; same?: string }; Body: Buffer }>(
      '/data/guesses/:n',
      { bodyLimit: MAX_GUESS },
      async (request, reply) => {
        const { ms, same } = request.query;
        await take(Number(request.params.n), request.body, Number(ms), Number(same ?? 0));
        return reply.code(204).send();
      },
    );
  };
}
