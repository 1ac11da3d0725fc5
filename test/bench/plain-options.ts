/** Options of a tool that are texts alone: read from the command line, and checked by a schema. */
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { ToolError } from './tool-error.ts';

/**
 * Reads them.
 * @param usual what holds where an option is left out; its names and `json` are the options
 * @returns `help` when that was asked for
 * @throws ToolError with `usage` when an option is unknown or will not do
 */
export function readPlainOptions<S extends z.ZodType>(
  argv: readonly string[],
  schema: S,
  usual: Readonly<Record<string, string | number>>,
  usage: string,
): z.infer<S> | 'help' {
  const names = [...Object.keys(usual), 'json'];
  const texts = Object.fromEntries(names.map((name) => [name, { type: 'string' } as const]));
  try {
    const { values } = parseArgs({ args: [...argv], options: { ...texts, help: { type: 'boolean' } } });
    const { help, ...given } = values;
    return help ? 'help' : schema.parse({ ...usual, ...given });
  } catch (error) {
    const why = error instanceof z.ZodError ? 'An option will not do.' : String(error);
    throw new ToolError(`${why}\n\n${usage}`);
  }
}
