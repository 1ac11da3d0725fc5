/** The command line of `npm run bench -- cpu`. */
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { ToolError } from '../tool-error.ts';
import { CPU, type CpuFigureId } from './figures.ts';

/** What `--help` prints. */
export const USAGE = `npm run bench -- cpu [options]

  --peer FILE    an ONNX file with its manifest in test/bench/peers, for lite_over_openvino and wasm_over_openvino
  --only ID      measures this figure only (repeatable)
  --rounds N     rounds of each comparison (9)
  --quick        one round of each: whether it works, not what it is worth
  --json FILE    writes the figures there, too`;

const schema = z.object({
  peer: z.string().min(1).optional(),
  only: z.array(z.enum(Object.keys(CPU.specs) as [CpuFigureId, ...CpuFigureId[]])).optional(),
  rounds: z.coerce.number().int().min(1).max(1000),
  quick: z.boolean(),
  json: z.string().min(1).optional(),
});

/** Checked options. */
export type CpuOptions = z.infer<typeof schema>;

/**
 * Reads the command line.
 * @returns the options, or `'help'` when that was asked for
 * @throws ToolError when an option will not do
 */
export function readCpuOptions(argv: readonly string[]): CpuOptions | 'help' {
  const text = { type: 'string' } as const;
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        peer: text,
        only: { type: 'string', multiple: true },
        rounds: text,
        json: text,
        quick: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    });
    if (values.help) return 'help';
    return schema.parse({ quick: false, rounds: values.quick ? 1 : 9, ...values });
  } catch (error) {
    const said = error instanceof z.ZodError ? z.prettifyError(error) : String(error);
    throw new ToolError(`${said}\n\n${USAGE}`);
  }
}
