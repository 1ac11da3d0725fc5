/** The command line of `npm run bench -- live`. */
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { ToolError } from '../tool-error.ts';
import { LIVE, type LiveFigureId } from './figures.ts';

/** What `--help` prints. */
export const USAGE = `npm run bench -- live [options]

  --only ID        measures this figure only (repeatable): ${Object.keys(LIVE.specs).join(', ')}
  --engine ENGINE  wasm (unless told otherwise) or webgpu
  --model NAME     a network of models/; pspnet-wasm unless told otherwise
  --rounds N       how often each is measured (3)
  --seconds N      how long each time (15)
  --quick          one round of five seconds: enough to see that it works, not to quote
  --json FILE      writes the figures there, too`;

const ids = Object.keys(LIVE.specs) as [LiveFigureId, ...LiveFigureId[]];

const schema = z.object({
  only: z.array(z.enum(ids)).default(ids),
  engine: z.enum(['wasm', 'webgpu']),
  model: z.string().regex(/^[a-z0-9-]+$/),
  rounds: z.coerce.number().int().min(1).max(20),
  seconds: z.coerce.number().min(2).max(600),
  json: z.string().min(1).optional(),
});

/** Checked options. */
export type LiveBenchOptions = z.infer<typeof schema>;

/**
 * Reads the command line.
 * @returns the options, or `'help'` when that was asked for
 * @throws ToolError when an option will not do
 */
export function readLiveOptions(argv: readonly string[]): LiveBenchOptions | 'help' {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        only: { type: 'string', multiple: true },
        engine: text,
        model: text,
        rounds: text,
        seconds: text,
        json: text,
        quick: flag,
        help: flag,
      },
    });
    const { help, quick, ...rest } = values;
    if (help) return 'help';
    const usual = quick ? { rounds: 1, seconds: 5 } : { rounds: 3, seconds: 15 };
    return schema.parse({ engine: 'wasm', model: 'pspnet-wasm', ...usual, ...rest });
  } catch (error) {
    const why = error instanceof z.ZodError ? 'An option will not do.' : String(error);
    throw new ToolError(`${why}\n\n${USAGE}`);
  }
}
