/**
 * The command line of `npm run evaluate`.
 */
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { ToolError } from '../tool-error.ts';

/** What `--help` prints. */
export const USAGE = `npm run evaluate -- --images DIR --labels DIR [options]

  --images DIR        pictures (.jpg, .jpeg, .png)
  --labels DIR        8-bit grey or palette PNGs of the same base names, whose values are ids
  --format FORMAT     what the ids mean: classes (the twelve classes; the default), coarse (the seven groups)
                      or drivable (1 drivable, 0 not); 255 is never scored
  --model MODEL       a name in models/, or an ONNX file with its manifest beside it or in test/bench/peers;
                      the best built-in one for the engine unless told otherwise
  --engine ENGINE     wasm (the default), cpu (LiteRT, for models that were converted), webgpu, or both: scored on
                      wasm, with the share of pixels on which it agrees with webgpu
  --limit N           only N pictures, spread evenly over the folder
  --json FILE         writes the result there, too`;

/** What the ids of the labels mean. */
export type LabelFormat = 'classes' | 'coarse' | 'drivable';

const schema = z.object({
  images: z.string().min(1),
  labels: z.string().min(1),
  format: z.enum(['classes', 'coarse', 'drivable']),
  model: z.string().min(1).optional(),
  engine: z.enum(['cpu', 'wasm', 'webgpu', 'both']),
  limit: z.coerce.number().int().min(1).optional(),
  json: z.string().min(1).optional(),
});

/** Checked options. */
export type EvaluateOptions = z.infer<typeof schema>;

/** What each option must be, for messages. */
const EXPECTED: Readonly<Record<keyof EvaluateOptions, string>> = {
  images: 'must name a folder of pictures',
  labels: 'must name a folder of label PNGs',
  format: 'must be classes, coarse or drivable',
  model: 'must be a name in models/ or an ONNX file',
  engine: 'must be cpu, wasm, webgpu or both',
  limit: 'must be a whole number above 0',
  json: 'must name a file',
};

/**
 * Reads the command line.
 * @returns the options, or `'help'` when that was asked for
 * @throws ToolError naming the option that will not do
 */
export function readOptions(argv: readonly string[]): EvaluateOptions | 'help' {
  const text = { type: 'string' } as const;
  let values: Record<string, string | boolean | undefined>;
  try {
    values = parseArgs({
      args: [...argv],
      options: {
        ...{ images: text, labels: text, format: text, model: text, engine: text, limit: text, json: text },
        help: { type: 'boolean' },
      },
    }).values;
  } catch (error) {
    throw new ToolError(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
  }
  if (values.help) return 'help';
  const result = schema.safeParse({ format: 'classes', engine: 'wasm', ...values });
  if (result.success) return result.data;
  const option = result.error.issues[0]?.path[0] as keyof EvaluateOptions;
  throw new ToolError(`--${option} ${EXPECTED[option]}.\n\n${USAGE}`);
}
