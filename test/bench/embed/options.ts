/** The command line of `npm run bench -- embed`. */
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { ToolError } from '../tool-error.ts';

/** What `--help` prints. */
export const USAGE = `npm run bench -- embed [options]

  --rounds N     visits to each page (5)
  --quick        one short visit to each: whether it works, no figures to quote
  --json FILE    writes the figures there, too`;

const schema = z.object({
  rounds: z.coerce.number().int().min(1).max(1000),
  quick: z.boolean(),
  json: z.string().min(1).optional(),
});

/** Checked options. */
export type EmbedOptions = z.infer<typeof schema>;

/**
 * Reads the command line.
 * @returns the options, or `'help'` when that was asked for
 * @throws ToolError when an option will not do
 */
export function readEmbedOptions(argv: readonly string[]): EmbedOptions | 'help' {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        rounds: { type: 'string' },
        quick: { type: 'boolean' },
        json: { type: 'string' },
        help: { type: 'boolean' },
      },
    });
    if (values.help) return 'help';
    const { quick = false } = values;
    return schema.parse({ rounds: quick ? 1 : 5, ...values, quick });
  } catch (error) {
    const said = error instanceof z.ZodError ? z.prettifyError(error) : String(error);
    throw new ToolError(`${said}\n\n${USAGE}`);
  }
}
