/**
 * A failure of a tool that the person at the terminal can do something about: one sentence, no stack.
 */
export class ToolError extends Error {
  override readonly name = 'ToolError';
}
