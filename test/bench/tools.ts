/**
 * The tools by name. Each is loaded only when it is asked for.
 */
import { ToolError } from './tool-error.ts';

/** A tool: arguments after its name to exit code. */
export type Tool = (argv: readonly string[]) => Promise<number>;

const TOOLS: Readonly<Record<string, () => Promise<Tool>>> = {
  bench: async () => (await import('./bench.ts')).bench,
  evaluate: async () => (await import('./evaluate/evaluate.ts')).evaluate,
  pictures: async () => (await import('./pictures/pictures.ts')).pictures,
};

/**
 * Runs a tool.
 * @param argv the tool's name and its arguments
 * @returns exit code; 1, with one sentence printed, when the arguments or the input will not do
 * @throws PrepareError when the browser cannot be had
 */
export async function runTool(argv: readonly string[]): Promise<number> {
  const [name = '', ...rest] = argv;
  const load = Object.hasOwn(TOOLS, name) ? TOOLS[name] : undefined;
  if (!load) {
    console.error(`There is no tool "${name}"; there are ${Object.keys(TOOLS).join(', ')}.`);
    return 1;
  }
  try {
    return await (await load())(rest);
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    console.error(error.message);
    return 1;
  }
}
