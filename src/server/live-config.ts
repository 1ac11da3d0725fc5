/**
 * Settings of live rooms. The secret is read from the environment alone: arguments are shown to everybody on a machine.
 */
import { cpus } from 'node:os';
import { z } from 'zod';

/** Checked settings of live rooms. */
export interface LiveConfig {
  readonly enabled: boolean;
  /** Signs tokens; null offers rooms to this machine only. */
  readonly secret: string | null;
  /** Address that clients are told for media; null tells the one listened on. */
  readonly announce: string | null;
  /** First port for media; 0 takes any free ones. */
  readonly mediaPort: number;
  readonly workers: number;
  /** Origins of pages beside the server's own. */
  readonly origins: readonly string[];
  /** Redis in which several server processes find each other; null when this one is alone. */
  readonly redis: string | null;
  /** Address at which the other processes reach this one. */
  readonly node: string | null;
}

/** Flags for `parseArgs`. */
export const LIVE_FLAGS = {
  'no-live': { type: 'boolean' },
  announce: { type: 'string' },
  'media-port': { type: 'string' },
  workers: { type: 'string' },
  origins: { type: 'string' },
  node: { type: 'string' },
} as const;

/** Their part of `--help`. */
export const LIVE_USAGE = `  --no-live     no live rooms (LIVE=off)
  --announce A  address that clients are told for media (ANNOUNCE), where this machine is behind another
  --media-port N  port for media, UDP and TCP, one for each worker from N up (MEDIA_PORT); any free ones without it
  --workers N   media workers (WORKERS); one a core without it
  --origins L   pages that may join beside the server's own, separated by commas (ORIGINS)
  --node URL    address at which other server processes reach this one (NODE_URL)
  REDIS_URL     in the environment only: server processes of one Redis and one LIVE_SECRET share their rooms
  LIVE_SECRET   in the environment only: signs invitations; without it rooms are for this machine alone`;

/** Fewer letters than this can be tried out. */
const SECRET_MIN = 16;

const whole = (max: number, message: string) =>
  z
    .string()
    .regex(/^\d{1,5}$/, message)
    .transform(Number)
    .refine((n) => n <= max, message);

const SETTINGS = {
  announce: z.string().regex(/^[A-Za-z0-9.:-]{1,253}$/, 'must be an address or a host name'),
  'media-port': whole(65_535, 'must be a whole number from 0 to 65535'),
  workers: whole(64, 'must be a whole number from 1 to 64').refine(
    (n) => n >= 1,
    'must be a whole number from 1 to 64',
  ),
  origins: z
    .string()
    .transform((list) => list.split(',').map((origin) => origin.trim()))
    .refine(
      (list) => list.every((o) => URL.canParse(o) && new URL(o).origin === o),
      'must be origins such as https://fleet.example, separated by commas',
    ),
  redis: z.string().regex(/^rediss?:\/\/\S+$/, 'must be an address such as redis://127.0.0.1:6379'),
  node: z
    .string()
    .regex(/^https?:\/\/[^\s?#]+\/$/, 'must be an address such as http://10.0.0.7:8080/, with a final slash'),
  // It travels in a header.
  secret: z
    .string()
    .min(SECRET_MIN, `must be at least ${SECRET_MIN} characters long`)
    .regex(/^[\x21-\x7e]+$/, 'must be of printable ASCII without spaces'),
} as const;

const VARIABLES: Readonly<Record<keyof typeof SETTINGS, string>> = {
  announce: 'ANNOUNCE',
  'media-port': 'MEDIA_PORT',
  workers: 'WORKERS',
  origins: 'ORIGINS',
  redis: 'REDIS_URL',
  node: 'NODE_URL',
  secret: 'LIVE_SECRET',
};

/** Reads the settings. @returns them, or one sentence on what is wrong */
export function readLiveConfig(
  flags: Readonly<Record<string, string | boolean | undefined>>,
  env: Readonly<Record<string, string | undefined>>,
): LiveConfig | string {
  const problems: string[] = [];
  const read = <K extends keyof typeof SETTINGS>(name: K): z.output<(typeof SETTINGS)[K]> | null => {
    const flag = name === 'secret' || name === 'redis' ? undefined : flags[name];
    const text = typeof flag === 'string' ? flag : env[VARIABLES[name]];
    if (!text) return null;
    const checked = SETTINGS[name].safeParse(text);
    if (checked.success) return checked.data as z.output<(typeof SETTINGS)[K]>;
    const called = typeof flag === 'string' ? `--${name}` : VARIABLES[name];
    // A secret does not belong on a terminal either.
    const shown = name === 'secret' || name === 'redis' ? '' : ` is "${text}" but`;
    problems.push(`${called}${shown} ${checked.error.issues[0]?.message ?? 'is not valid'}.`);
    return null;
  };
  const config: LiveConfig = {
    enabled: flags['no-live'] !== true && env.LIVE !== 'off',
    secret: read('secret'),
    announce: read('announce'),
    mediaPort: read('media-port') ?? 0,
    workers: read('workers') ?? Math.max(1, cpus().length),
    origins: read('origins') ?? [],
    redis: read('redis'),
    node: read('node'),
  };
  // Without a common secret the processes could not tell each other from strangers.
  if (config.redis !== null && config.secret === null) problems.push('REDIS_URL needs LIVE_SECRET.');
  return problems[0] ?? config;
}
