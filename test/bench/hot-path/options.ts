/**
 * The command line of `npm run bench`, and how much is measured.
 */
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { ToolError } from '../tool-error.ts';

/** What `--help` prints. */
export const USAGE = `npm run bench [-- options]

  --engine ENGINE   wasm, webgpu or both (the default)
  --model MODEL     a name in models/, or an ONNX file with its manifest; pspnet-lite unless told otherwise
  --quick           fewer rounds: enough to see that it works, not to quote
  --json FILE       writes the figures there, too`;

const schema = z.object({
  engine: z.enum(['wasm', 'webgpu', 'both']),
  model: z.string().min(1),
  quick: z.boolean(),
  json: z.string().min(1).optional(),
});

/** Checked options. */
export type BenchOptions = z.infer<typeof schema>;

/**
 * Reads the command line.
 * @returns the options, or `'help'` when that was asked for
 * @throws ToolError when an option will not do
 */
export function readOptions(argv: readonly string[]): BenchOptions | 'help' {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  let values: Record<string, string | boolean | undefined>;
  try {
    values = parseArgs({
      args: [...argv],
      options: { engine: text, model: text, json: text, quick: flag, help: flag },
    }).values;
  } catch (error) {
    throw new ToolError(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
  }
  if (values.help) return 'help';
  const result = schema.safeParse({ engine: 'both', model: 'pspnet-lite', quick: false, ...values });
  if (result.success) return result.data;
  const option = String(result.error.issues[0]?.path[0]);
  const expected = option === 'engine' ? 'must be wasm, webgpu or both' : 'must not be empty';
  throw new ToolError(`--${option} ${expected}.\n\n${USAGE}`);
}

/** Rounds, and frames of each contender in a round. Contenders take turns round by round. */
export interface Effort {
  readonly rounds: number;
  readonly frames: number;
}

/** Engines whose hot path is measured: a file of ONNX runs on both. */
export type MeasuredKind = 'wasm' | 'webgpu';

/** How much is measured, on each engine. */
export interface Plan {
  /** A frame at full size against bare runs. */
  readonly frame: Readonly<Record<MeasuredKind, Effort>>;
  /** The pipelines, with the network at full size. */
  readonly full: Readonly<Record<MeasuredKind, Effort>>;
  /** The pipelines, with a tiny network. */
  readonly tiny: Readonly<Record<MeasuredKind, Effort>>;
}

/**
 * The plan. WebGPU in software takes tens of seconds for a frame at full size, so a few must do; where there is a GPU
 * they are over at once. A tiny network's frames are short and need more of them for a steady rate.
 */
export function planOf(quick: boolean): Plan {
  return quick
    ? {
        frame: { wasm: { rounds: 2, frames: 2 }, webgpu: { rounds: 2, frames: 1 } },
        full: { wasm: { rounds: 2, frames: 3 }, webgpu: { rounds: 2, frames: 1 } },
        tiny: { wasm: { rounds: 2, frames: 30 }, webgpu: { rounds: 2, frames: 4 } },
      }
    : {
        frame: { wasm: { rounds: 9, frames: 4 }, webgpu: { rounds: 3, frames: 1 } },
        full: { wasm: { rounds: 5, frames: 10 }, webgpu: { rounds: 3, frames: 1 } },
        tiny: { wasm: { rounds: 5, frames: 90 }, webgpu: { rounds: 3, frames: 12 } },
      };
}
