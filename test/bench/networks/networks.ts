/**
 * `npm run bench -- networks`: times of networks on WebAssembly as ratios of the first one's, each run once a round, so
 * that a busy machine hits all alike. The very runtime that the page loads, in Node: the same engine compiles it.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, parse } from 'node:path';
import { parseArgs } from 'node:util';
import type { InferenceSession, Tensor } from 'onnxruntime-web/wasm';
import { z } from 'zod';
import { ROOT } from '../../../src/server/prepare.mjs';
import { writeJson } from '../figures.ts';
import { medianOf } from '../metrics.ts';
import { ToolError } from '../tool-error.ts';

const USAGE = `npm run bench -- networks [options] [FILE …]

  FILE           ONNX files; the first one counts as 1. Without any, the fp32 files of models/
  --rounds N     how often each runs (9)
  --threads N    of WebAssembly (1)
  --json FILE    writes the figures there, too`;

const schema = z.object({
  files: z.array(z.string()).min(1),
  rounds: z.coerce.number().int().min(1).max(1000),
  threads: z.coerce.number().int().min(1).max(64),
  json: z.string().min(1).optional(),
});

/** One network's times. */
export interface NetworkTime {
  readonly name: string;
  /** Median milliseconds. */
  readonly milliseconds: number;
  /** Median, lowest and highest of the ratios to the first network in the same round. */
  readonly ratio: readonly [median: number, lowest: number, highest: number];
}

/**
 * Runs it.
 * @returns exit code
 * @throws ToolError when the arguments will not do, or a file is no network that can be fed
 */
export async function networks(argv: readonly string[]): Promise<number> {
  const options = readOptions(argv);
  if (options === 'help') {
    console.log(USAGE);
    return 0;
  }
  const ort = await import('onnxruntime-web/wasm');
  ort.env.wasm.numThreads = options.threads;
  ort.env.logLevel = 'error';
  const runners: (() => Promise<unknown>)[] = [];
  for (const file of options.files) {
    const session = await ort.InferenceSession.create(new Uint8Array(readFileSync(file)), {
      executionProviders: ['wasm'],
    }).catch((cause: unknown) => {
      throw new ToolError(`${file} cannot be loaded: ${cause instanceof Error ? cause.message : cause}`);
    });
    const feeds = feedsOf(file, session, (data, dims) => new ort.Tensor('float32', data, dims));
    runners.push(() => session.run(feeds));
  }
  const times = runners.map((): number[] => []);
  for (let round = -1; round < options.rounds; round++)
    for (const [i, run] of runners.entries()) {
      const began = performance.now();
      await run();
      // The first round warms up.
      if (round >= 0) times[i]!.push(performance.now() - began);
    }
  const figures = summaryOf(
    options.files.map((file) => parse(file).name),
    times,
  );
  for (const { name, milliseconds, ratio } of figures)
    console.log(
      `${name.padEnd(44)} ${milliseconds.toFixed(0).padStart(6)} ms  ${ratio[0].toFixed(2)} (${ratio[1].toFixed(2)} to ${ratio[2].toFixed(2)})`,
    );
  if (options.json) writeJson(options.json, { threads: options.threads, figures });
  return 0;
}

/** What the times say. @param times milliseconds of each network in each round; the first network is the reference */
export function summaryOf(
  names: readonly string[],
  times: readonly (readonly number[])[],
): readonly NetworkTime[] {
  const [reference = []] = times;
  return names.map((name, i) => {
    const ratios = times[i]!.map((time, round) => time / reference[round]!);
    return {
      name,
      milliseconds: medianOf(times[i]!)!,
      ratio: [medianOf(ratios)!, Math.min(...ratios), Math.max(...ratios)],
    };
  });
}

/** Something for each input: ones for a gate, a wave for pictures. */
function feedsOf(
  file: string,
  session: InferenceSession,
  tensor: (data: Float32Array, dims: number[]) => Tensor,
): Record<string, Tensor> {
  const feeds: Record<string, Tensor> = {};
  for (const input of session.inputMetadata) {
    if (!input.isTensor || input.type !== 'float32')
      throw new ToolError(`${file}: its input ${input.name} is not a float32 tensor.`);
    // A size that is left open, as the batch often is, is one.
    const dims = input.shape.map((size) => (typeof size === 'number' ? size : 1));
    const count = dims.reduce((product, size) => product * size, 1);
    const data = Float32Array.from({ length: count }, (_, k) => (input.name === 'gate' ? 1 : Math.sin(k)));
    feeds[input.name] = tensor(data, dims);
  }
  return feeds;
}

/** @throws ToolError when the arguments will not do */
export function readOptions(argv: readonly string[]): z.infer<typeof schema> | 'help' {
  let parsed: ReturnType<typeof parseLine>;
  try {
    parsed = parseLine(argv);
  } catch (error) {
    throw new ToolError(`${error instanceof Error ? error.message : error}\n\n${USAGE}`);
  }
  const { values, positionals } = parsed;
  if (values.help) return 'help';
  const files = positionals.length > 0 ? positionals : builtIn();
  const missing = files.find((file) => !existsSync(file));
  if (missing) throw new ToolError(`There is no file ${missing}.`);
  const result = schema.safeParse({ rounds: 9, threads: 1, ...values, files });
  if (!result.success) throw new ToolError(`${z.prettifyError(result.error)}\n\n${USAGE}`);
  return result.data;
}

function parseLine(argv: readonly string[]) {
  const text = { type: 'string' } as const;
  return parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: { rounds: text, threads: text, json: text, help: { type: 'boolean', short: 'h' } },
  });
}

function builtIn(): string[] {
  const folder = join(ROOT, 'models');
  return readdirSync(folder)
    .filter((file) => file.endsWith('.fp32.onnx'))
    .map((file) => join(folder, file));
}
