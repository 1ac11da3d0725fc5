/**
 * What can be set from outside: `HOST` and `PORT` in the environment, `--host` and `--port` on the command line
 * (which win); what concerns live rooms is in `live-config`. Checked here, once, so that nothing further in has to
 * doubt it.
 */
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { ConfigError } from './config-error.ts';
import { LIVE_FLAGS, type LiveConfig, readLiveConfig } from './live-config.ts';
import { LOG_LEVELS, type LogLevel } from './log.ts';
import { problemOfProxies } from './trusted-proxies.ts';
import { DEFAULT_PORT, USAGE } from './usage.mjs';

/** Where a setting came from. */
type Origin = 'default' | 'environment' | 'flag';

/** The parts of a list, without blanks. */
function listed(text: string): string[] {
  return text
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '');
}

/** Whether a text is an origin as browsers write it, which is how it goes into the policy. */
function isOrigin(text: string): boolean {
  return /^https?:\/\//.test(text) && URL.canParse(text) && new URL(text).origin === text;
}

const settings = z.object({
  host: z
    .string()
    .regex(/^[A-Za-z0-9.:_-]{1,253}$/, 'must be a host name or an address, such as 127.0.0.1 or 0.0.0.0'),
  port: z
    .string()
    .regex(/^\d{1,5}$/, 'must be a whole number from 0 to 65535 (0 means any free port)')
    .transform(Number)
    .refine((port) => port <= 65535, 'must be a whole number from 0 to 65535 (0 means any free port)'),
  log: z.enum(LOG_LEVELS, `must be one of ${LOG_LEVELS.join(', ')}`),
  embedders: z
    .string()
    .transform(listed)
    .refine((list) => list.every(isOrigin), 'must be origins such as https://a.example, separated by commas'),
  'trust-proxy': z
    .string()
    .transform(listed)
    .refine(
      (list) => problemOfProxies(list) === null,
      'must be addresses or ranges such as 10.0.0.0/8, separated by commas',
    ),
});

/** Where each is set in the environment. */
const VARIABLES = {
  host: 'HOST',
  port: 'PORT',
  log: 'LOG_LEVEL',
  embedders: 'EMBEDDERS',
  'trust-proxy': 'TRUST_PROXY',
} as const;
type Name = keyof typeof VARIABLES;

/** Checked settings, and where each came from. */
export interface ServerConfig {
  readonly host: string;
  readonly port: number;
  /** Null speaks HTTP; without files, a certificate is made. */
  readonly https: { readonly files: { readonly cert: string; readonly key: string } | null } | null;
  readonly log: LogLevel;
  /** Origins of pages that may show this one in a frame. */
  readonly embedders: readonly string[];
  /** Addresses and ranges of the proxies in front, whose word on who asks is believed. */
  readonly proxies: readonly string[];
  readonly live: LiveConfig;
  readonly origin: Readonly<Record<'host' | 'port', Origin>>;
}

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
  const pick = (name: Name, otherwise: string) => {
    const [flag, variable] = [flags[name], env[VARIABLES[name]]];
    return flag !== undefined
      ? { value: flag, origin: 'flag' as const }
      : variable
        ? { value: variable, origin: 'environment' as const }
        : { value: otherwise, origin: 'default' as const };
  };
  const given = {
    host: pick('host', '127.0.0.1'),
    port: pick('port', String(DEFAULT_PORT)),
    log: pick('log', 'info'),
    embedders: pick('embedders', ''),
    'trust-proxy': pick('trust-proxy', ''),
  };
  const checked = settings.safeParse({
    host: given.host.value,
    port: given.port.value,
    log: given.log.value,
    embedders: given.embedders.value,
    'trust-proxy': given['trust-proxy'].value,
  });
  if (!checked.success) {
    const issue = checked.error.issues[0];
    const name = (Object.keys(given) as Name[]).find((each) => each === issue?.path[0]) ?? 'port';
    const { value, origin } = given[name];
    const called = origin === 'flag' ? `--${name}` : VARIABLES[name];
    throw new ConfigError(`${called} is "${value}" but ${issue?.message ?? 'is not valid'}.`);
  }
  const { host, port, log, embedders, 'trust-proxy': proxies } = checked.data;
  const [cert, key] = [
    flags.cert ?? (env.HTTPS_CERT || undefined),
    flags.key ?? (env.HTTPS_KEY || undefined),
  ];
  if ((cert === undefined) !== (key === undefined))
    throw new ConfigError('--cert and --key belong together (HTTPS_CERT, HTTPS_KEY).');
  const files = cert !== undefined && key !== undefined ? { cert, key } : null;
  const https = flags.https === true || env.HTTPS === 'on' || files ? { files } : null;
  const live = readLiveConfig(flags, env, { host, port });
  if (typeof live === 'string') throw new ConfigError(live);
  // Nobody's certificate of this run would be known to the other processes.
  if (https && live.redis !== null && live.node === null)
    throw new ConfigError(
      '--https with REDIS_URL needs --node: an address that the other processes can trust.',
    );
  return {
    host,
    port,
    https,
    log,
    embedders,
    proxies,
    live,
    origin: { host: given.host.origin, port: given.port.origin },
  };
}

function readFlags(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        host: { type: 'string' },
        port: { type: 'string' },
        log: { type: 'string' },
        https: { type: 'boolean' },
        cert: { type: 'string' },
        key: { type: 'string' },
        embedders: { type: 'string' },
        'trust-proxy': { type: 'string' },
        help: { type: 'boolean' },
        ...LIVE_FLAGS,
      },
    }).values;
  } catch (error) {
    throw new ConfigError(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
  }
}
