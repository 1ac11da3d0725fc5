/**
 * Settings of live rooms. The secret is read from the environment alone: arguments are shown to everybody on a machine.
 */
import { cpus } from 'node:os';
import { resolve } from 'node:path';
import { z } from 'zod';
import { type AlarmSettings, NO_ALARM_SETTINGS, readAlarmFile } from './live/alarms/alarm-settings.ts';
import { isLoopback } from './live/door.ts';
import { isIceAddress, isTurn, type TurnCredentials } from './live/ice-servers.ts';
import type { Keep } from './live/recording/store.ts';

/** Checked settings of live rooms. */
export interface LiveConfig {
  readonly enabled: boolean;
  /** Signs tokens; null has each run make one of its own. */
  readonly secret: string | null;
  /** Addresses and names that clients are told for media; none tells the one listened on. */
  readonly announce: readonly string[];
  /** Address to listen on for media; null takes the page's. */
  readonly mediaHost: string | null;
  /** First port for media; 0 takes any free ones. */
  readonly mediaPort: number;
  /** STUN and TURN servers for clients. */
  readonly ice: readonly string[];
  /** What opens the TURN servers among them. */
  readonly turn: TurnCredentials | null;
  readonly workers: number;
  /** Seconds in which everybody is sent elsewhere before this process stops; 0 stops at once. */
  readonly drain: number;
  /** Hosts from which cameras may be fetched. */
  readonly pull: readonly string[];
  /** Where pictures may be recorded, and how much is kept; null records none. */
  readonly record: { readonly folder: string; readonly keep: Keep } | null;
  /** By which rules alarms are made, and who is told. */
  readonly alarms: AlarmSettings;
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
  'media-host': { type: 'string' },
  'media-port': { type: 'string' },
  ice: { type: 'string' },
  workers: { type: 'string' },
  drain: { type: 'string' },
  pull: { type: 'string' },
  record: { type: 'string' },
  'record-gb': { type: 'string' },
  'record-days': { type: 'string' },
  alarms: { type: 'string' },
  origins: { type: 'string' },
  node: { type: 'string' },
} as const;

/** Fewer letters than this can be tried out, and so can many of few kinds. */
const SECRET_MIN = 16;
const SECRET_KINDS = 8;

/** Secrets that stand in documents for all to read. */
const PUBLISHED = new Set(['a-long-random-text']);

/** Most addresses that are told: each is tried by every client. */
const ANNOUNCED_MAX = 8;

const whole = (max: number, message: string) =>
  z
    .string()
    .regex(/^\d{1,5}$/, message)
    .transform(Number)
    .refine((n) => n <= max, message);

const listed = (text: string) => text.split(',').map((each) => each.trim());

const SETTINGS = {
  announce: z
    .string()
    .transform(listed)
    .refine(
      (list) => list.length <= ANNOUNCED_MAX && list.every((each) => /^[A-Za-z0-9.:-]{1,253}$/.test(each)),
      `must be addresses or host names, separated by commas, ${ANNOUNCED_MAX} at most`,
    ),
  ice: z
    .string()
    .transform(listed)
    .refine(
      (list) => list.length <= ANNOUNCED_MAX && list.every(isIceAddress),
      'must be addresses such as stun:a.example:3478 or turn:a.example:3478?transport=udp, separated by commas',
    ),
  'turn-secret': z.string().regex(/^[\x21-\x7e]{8,256}$/, 'must be 8 to 256 letters of printable ASCII'),
  'turn-user': z.string().regex(/^[\x21-\x39\x3b-\x7e]{1,128}$/, 'must be printable ASCII without a colon'),
  'turn-password': z.string().regex(/^[\x21-\x7e]{1,128}$/, 'must be printable ASCII without spaces'),
  'media-host': z
    .string()
    .regex(/^[0-9a-fA-F.:]{2,45}$/, 'must be an address of this machine, such as 0.0.0.0'),
  'media-port': whole(65_535, 'must be a whole number from 0 to 65535'),
  workers: whole(64, 'must be a whole number from 1 to 64').refine(
    (n) => n >= 1,
    'must be a whole number from 1 to 64',
  ),
  drain: whole(3600, 'must be a whole number of seconds, 3600 at most'),
  pull: z
    .string()
    .transform((list) => listed(list.toLowerCase()))
    .refine(
      (list) => list.every((each) => /^([a-z0-9.-]{1,253}|\[[0-9a-f:.]{2,45}\])$/.test(each)),
      'must be hosts such as camera.example or 10.0.0.9, separated by commas',
    ),
  record: z
    .string()
    .max(1024)
    .transform((folder) => resolve(folder))
    .refine((folder) => folder !== '/', 'must be a folder for recordings alone'),
  alarms: z.string().max(1024),
  'alarm-secret': z.string().regex(/^[\x21-\x7e]{16,256}$/, 'must be 16 to 256 letters of printable ASCII'),
  mqtt: z.string().regex(/^(mqtts?|wss?):\/\/\S+$/, 'must be an address such as mqtt://127.0.0.1:1883'),
  'record-gb': whole(65_536, 'must be a whole number of gigabytes, 65536 at most'),
  'record-days': whole(3650, 'must be a whole number of days, 3650 at most'),
  origins: z
    .string()
    .transform(listed)
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
    .regex(/^[\x21-\x7e]+$/, 'must be of printable ASCII without spaces')
    .refine(
      (text) => !PUBLISHED.has(text),
      'is the example that everybody can read; make one with `openssl rand -hex 32`',
    )
    .refine(
      (text) => new Set(text).size >= SECRET_KINDS,
      'is made of too few different characters; make one with `openssl rand -hex 32`',
    ),
} as const;

const VARIABLES: Readonly<Record<keyof typeof SETTINGS, string>> = {
  announce: 'ANNOUNCE',
  'media-host': 'MEDIA_HOST',
  'media-port': 'MEDIA_PORT',
  workers: 'WORKERS',
  ice: 'ICE_SERVERS',
  'turn-secret': 'TURN_SECRET',
  'turn-user': 'TURN_USER',
  'turn-password': 'TURN_PASSWORD',
  drain: 'DRAIN',
  pull: 'PULL_HOSTS',
  record: 'RECORD',
  'record-gb': 'RECORD_GB',
  'record-days': 'RECORD_DAYS',
  alarms: 'ALARMS',
  'alarm-secret': 'ALARM_SECRET',
  mqtt: 'MQTT_URL',
  origins: 'ORIGINS',
  redis: 'REDIS_URL',
  node: 'NODE_URL',
  secret: 'LIVE_SECRET',
};

/** What is read from the environment alone, and never shown. */
const HIDDEN: ReadonlySet<string> = new Set([
  'secret',
  'redis',
  'alarm-secret',
  'mqtt',
  'turn-secret',
  'turn-user',
  'turn-password',
]);

/** Where the page is served. */
interface Page {
  readonly host: string;
  readonly port: number;
}

/** Reads the settings. @returns them, or one sentence on what is wrong */
export function readLiveConfig(
  flags: Readonly<Record<string, string | boolean | undefined>>,
  env: Readonly<Record<string, string | undefined>>,
  page: Page,
): LiveConfig | string {
  const problems: string[] = [];
  const read = <K extends keyof typeof SETTINGS>(name: K): z.output<(typeof SETTINGS)[K]> | null => {
    const flag = HIDDEN.has(name) ? undefined : flags[name];
    const text = typeof flag === 'string' ? flag : env[VARIABLES[name]];
    if (!text) return null;
    const checked = SETTINGS[name].safeParse(text);
    if (checked.success) return checked.data as z.output<(typeof SETTINGS)[K]>;
    const called = typeof flag === 'string' ? `--${name}` : VARIABLES[name];
    // A secret does not belong on a terminal either.
    const shown = HIDDEN.has(name) ? '' : ` is "${text}" but`;
    problems.push(`${called}${shown} ${checked.error.issues[0]?.message ?? 'is not valid'}.`);
    return null;
  };
  const [shared, username, password] = [read('turn-secret'), read('turn-user'), read('turn-password')];
  const [alarmFile, alarmSecret, mqtt] = [read('alarms'), read('alarm-secret'), read('mqtt')];
  const told = alarmFile === null ? NO_ALARM_SETTINGS : readAlarmFile(alarmFile);
  if (typeof told === 'string') problems.push(`--alarms: ${told}`);
  const config: LiveConfig = {
    alarms: { ...NO_ALARM_SETTINGS, ...(typeof told === 'string' ? {} : told), secret: alarmSecret, mqtt },
    ice: read('ice') ?? [],
    turn: shared
      ? { kind: 'shared', secret: shared }
      : username && password
        ? { kind: 'static', username, password }
        : null,
    enabled: flags['no-live'] !== true && env.LIVE !== 'off',
    secret: read('secret'),
    announce: read('announce') ?? [],
    mediaHost: read('media-host'),
    mediaPort: read('media-port') ?? 0,
    workers: read('workers') ?? Math.max(1, cpus().length),
    drain: read('drain') ?? 0,
    pull: read('pull') ?? [],
    record: recordingOf(read('record'), read('record-gb'), read('record-days')),
    origins: read('origins') ?? [],
    redis: read('redis'),
    node: read('node'),
  };
  const given = Object.keys(LIVE_FLAGS).filter((name) => name !== 'no-live' && flags[name] !== undefined);
  if (shared && (username || password)) problems.push('Give TURN_SECRET, or TURN_USER and TURN_PASSWORD.');
  if (Boolean(username) !== Boolean(password)) problems.push('TURN_USER and TURN_PASSWORD belong together.');
  return problems[0] ?? contradiction(config, page, given) ?? config;
}

/** What is kept of recordings unless told otherwise. */
const KEPT_GB = 20;
const KEPT_DAYS = 7;

const GB = 1e9;
const DAY = 86_400_000;

function recordingOf(folder: string | null, gb: number | null, days: number | null): LiveConfig['record'] {
  if (folder === null) return null;
  return { folder, keep: { bytes: (gb ?? KEPT_GB) * GB, age: (days ?? KEPT_DAYS) * DAY } };
}

/** One sentence on settings that cannot all be meant; null when they can. */
function contradiction(config: LiveConfig, page: Page, given: readonly string[]): string | null {
  const { announce, mediaPort, workers, redis, secret, node } = config;
  if (!config.enabled) return given[0] ? `--${given[0]} is of no use with --no-live.` : null;
  // Without a common secret the processes could not tell each other from strangers.
  if (config.alarms.webhooks.length > 0 && config.alarms.secret === null)
    return 'Webhooks need ALARM_SECRET in the environment: it signs what is sent to them.';
  if (config.record === null && given.some((name) => name.startsWith('record-')))
    return '--record-gb and --record-days are of no use without --record.';
  if (redis !== null && secret === null) return 'REDIS_URL needs LIVE_SECRET.';
  if (node !== null && redis === null) return '--node is of no use without REDIS_URL.';
  const relays = config.ice.some(isTurn);
  if (relays && config.turn === null)
    return 'A turn: address needs TURN_SECRET, or TURN_USER and TURN_PASSWORD, in the environment.';
  if (!relays && config.turn !== null)
    return 'TURN_SECRET and TURN_USER are of no use without a turn: address in --ice.';
  const media = config.mediaHost ?? page.host;
  const everywhere = media === '0.0.0.0' || media === '::';
  if (everywhere && announce.length === 0)
    return `Clients cannot send media to ${media}: say with --announce at which address or name they reach this machine, or switch rooms off with --no-live.`;
  if (redis !== null && node === null && !isLoopback(page.host))
    return 'REDIS_URL on a network needs --node: the address at which the other processes reach this one.';
  if (mediaPort > 0) {
    const last = mediaPort + workers - 1;
    if (last > 65_535)
      return `--media-port ${mediaPort} and ${workers} workers need ports up to ${last}; there are none above 65535.`;
    if (page.port >= mediaPort && page.port <= last)
      return `Port ${page.port} is asked for twice: for the page, and for media (${mediaPort} to ${last}).`;
  }
  return null;
}
