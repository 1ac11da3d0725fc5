/** What `npm run analyse` is asked for. */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { BATCH_ENGINES, type Product } from '../../batch/batch-api.ts';
import { ConfigError } from '../config-error.ts';

/** Recordings at once at most: each has a browser page with a network. */
const JOBS_MAX = 8;

/** How recordings are worked on, as it travels through a queue. */
export const settingsSchema = z.object({
  /** Name of a model in the catalogue; null for the one that suits the machine. */
  model: z.string().max(200).nullable(),
  /** Absolute paths of a model and its manifest; empty for one of the catalogue. */
  modelFiles: z.array(z.string().max(4096)).max(2),
  engine: z.enum(BATCH_ENGINES),
});

/** See `settingsSchema`. */
export type WorkSettings = z.infer<typeof settingsSchema>;

/** What a run is to do. */
export interface RunOptions {
  readonly kind: 'run';
  /** As given: files, folders, addresses. */
  readonly inputs: readonly string[];
  /** Absolute. */
  readonly out: string;
  readonly settings: WorkSettings;
  readonly products: readonly Product[];
  readonly jobs: number;
  /** Address of a queue to file the work in; null to do it here. */
  readonly queue: string | null;
}

/** What a worker is to do. */
export interface WorkerOptions {
  readonly kind: 'worker';
  /** Address of the queue. */
  readonly queue: string;
  readonly jobs: number;
  /** Seconds after which a silent worker's recording is another's. */
  readonly lease: number;
}

const redis = (name: string) =>
  z
    .string()
    .refine(
      (text) => URL.canParse(text) && /^rediss?:$/.test(new URL(text).protocol),
      `--${name} must be an address such as redis://127.0.0.1:6379.`,
    );

function wholeOf(name: string, text: string, least: number, most: number): number {
  const n = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (n >= least && n <= most) return n;
  throw new ConfigError(`--${name} must be a whole number from ${least} to ${most}.`);
}

/**
 * Reads the command line.
 * @throws ConfigError one sentence on what is wrong
 */
export function readAnalyseOptions(argv: readonly string[]): RunOptions | WorkerOptions {
  const { values, positionals } = parsed(argv);
  const jobs = wholeOf('jobs', values.jobs ?? '1', 1, JOBS_MAX);
  if (values.worker !== undefined) {
    const other = ['out', 'model', 'engine', 'csv', 'masks', 'video', 'queue'] as const;
    const given = other.find((name) => values[name] !== undefined);
    if (given || positionals.length > 0)
      throw new ConfigError(
        `A worker is told by the queue what to do: leave ${given ? `--${given}` : 'the recordings'} out.`,
      );
    const lease = wholeOf('lease', values.lease ?? '30', 1, 3600);
    return { kind: 'worker', queue: checked(redis('worker'), values.worker), jobs, lease };
  }
  if (values.lease !== undefined) throw new ConfigError('--lease goes with --worker.');
  if (positionals.length === 0) throw new ConfigError('Name at least one recording or folder.');
  const engine = z
    .enum(BATCH_ENGINES, { error: `--engine must be one of ${BATCH_ENGINES.join(', ')}.` })
    .default('auto');
  const masks = z.enum(['png', 'coco'], { error: '--masks must be png or coco.' }).optional();
  const kind = checked(masks, values.masks);
  return {
    kind: 'run',
    inputs: positionals,
    out: resolve(values.out ?? 'carriageway-results'),
    settings: { ...modelOf(values.model), engine: checked(engine, values.engine) },
    products: [
      'figures.json',
      ...(values.csv ? (['figures.csv'] as const) : []),
      ...(kind === 'png' ? (['masks.zip'] as const) : []),
      ...(kind === 'coco' ? (['coco.json'] as const) : []),
      ...(values.video ? (['video.mp4'] as const) : []),
    ],
    jobs,
    queue: values.queue === undefined ? null : checked(redis('queue'), values.queue),
  };
}

function parsed(argv: readonly string[]) {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  const options = {
    ...{
      out: text,
      model: text,
      engine: text,
      masks: text,
      jobs: text,
      queue: text,
      worker: text,
      lease: text,
    },
    ...{ csv: flag, video: flag },
  };
  try {
    return parseArgs({ args: [...argv], allowPositionals: true, options });
  } catch (error) {
    throw new ConfigError(error instanceof Error ? error.message : String(error));
  }
}

function checked<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new ConfigError(result.error.issues[0]!.message);
}

/** A name of the catalogue, or a file with its manifest beside it. */
function modelOf(asked: string | undefined): Pick<WorkSettings, 'model' | 'modelFiles'> {
  if (asked === undefined) return { model: null, modelFiles: [] };
  const file = /\.(onnx|tflite)$/i;
  if (!file.test(asked)) {
    if (!/^[a-z0-9][a-z0-9-]{0,63}$/.test(asked))
      throw new ConfigError('--model must be the name of a model, or an .onnx or .tflite file.');
    return { model: asked, modelFiles: [] };
  }
  return { model: null, modelFiles: [resolve(asked), resolve(asked.replace(file, '.json'))] };
}
