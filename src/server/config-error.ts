/** A setting that cannot be used; the message is one sentence for the person at the terminal. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}
