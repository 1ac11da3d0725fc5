/**
 * What can be set from outside: `HOST` and `PORT` in the environment, `--host` and `--port` on the command line
 * (which win); what concerns live rooms is in `live-config`. Checked here, once, so that nothing further in has to
 * doubt it.
 */
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { LIVE_FLAGS, LIVE_USAGE, type LiveConfig, readLiveConfig } from './live-config.ts';

/** A port nobody well known uses, and easy to remember. */
const DEFAULT_PORT = 8080;

/** Where a setting came from. */
type Origin = 'default' | 'environment' | 'flag';

const settings = z.object({
  host: z
    .string()
    .regex(/^[A-Za-z0-9.:_-]{1,253}$/, 'must be a host name or an address, such as 127.0.0.1 or 0.0.0.0'),
  port: z
    .string()
    .regex(/^\d{1,5}$/, 'must be a whole number from 0 to 65535 (0 means any free port)')
    .transform(Number)
    .refine((port) => port <= 65535, 'must be a whole number from 0 to 65535 (0 means any free port)'),
});

/** Checked settings, and where each came from. */
export interface ServerConfig {
  readonly host: string;
  readonly port: number;
  readonly live: LiveConfig;
  readonly origin: Readonly<Record<'host' | 'port', Origin>>;
}

/** A setting that cannot be used; the message is one sentence for the person at the terminal. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** What `--help` prints. */
export const USAGE = `npm start [-- --port N --host NAME]

  --port N      port to listen on (PORT); without it ${DEFAULT_PORT} or the next free one, 0 for any free one
  --host NAME   address to listen on (HOST); 127.0.0.1 unless told otherwise, 0.0.0.0 for the whole network
${LIVE_USAGE}
  --help        this text`;

/**
 * Reads the settings.
 * @param argv arguments after the script's name
 * @param env the process's environment; empty values count as absent
 * @returns the settings, or `'help'` when that was asked for
 * @throws ConfigError naming the setting and where it was given
 */
export function readConfig(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): ServerConfig | 'help' {
  const flags = readFlags(argv);
  if (flags.help) return 'help';
  const pick = (flag: string | undefined, variable: string | undefined, otherwise: string) =>
    flag !== undefined
      ? { value: flag, origin: 'flag' as const }
      : variable
        ? { value: variable, origin: 'environment' as const }
        : { value: otherwise, origin: 'default' as const };
  const host = pick(flags.host, env.HOST, '127.0.0.1');
  const port = pick(flags.port, env.PORT, String(DEFAULT_PORT));
  const checked = settings.safeParse({ host: host.value, port: port.value });
  if (!checked.success) {
    const issue = checked.error.issues[0];
    const name = issue?.path[0] === 'host' ? 'host' : 'port';
    const from = name === 'host' ? host : port;
    const called = from.origin === 'flag' ? `--${name}` : name.toUpperCase();
    throw new ConfigError(`${called} is "${from.value}" but ${issue?.message ?? 'is not valid'}.`);
  }
  const live = readLiveConfig(flags, env);
  if (typeof live === 'string') throw new ConfigError(live);
  return { ...checked.data, live, origin: { host: host.origin, port: port.origin } };
}

function readFlags(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        host: { type: 'string' },
        port: { type: 'string' },
        help: { type: 'boolean' },
        ...LIVE_FLAGS,
      },
    }).values;
  } catch (error) {
    throw new ConfigError(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
  }
}
