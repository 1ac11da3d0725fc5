/**
 * Alarms of a room: what is told, and by which rules. Pages judge what they see by the rules of their room; the server
 * judges what it knows itself, decides what of it becomes an alarm, and tells everybody.
 */
import { z } from '../schema.ts';

/** What is watched for. */
export const ALARM_KINDS = {
  /** The drivable share of the picture falls below the bound, 0 to 1. */
  drivable: { unit: '%', over: false },
  /** As many obstacles stand in the path as the bound says. */
  path: { unit: '', over: true },
  /** The free distance ahead falls below the bound, in metres. */
  free: { unit: 'm', over: false },
  /** No picture comes, or always the same one; without a bound. */
  frozen: { unit: '', over: true },
  /** The picture's way takes longer than the bound, in milliseconds. */
  late: { unit: 'ms', over: true },
} as const;

/** Name of what is watched for. */
export const alarmKind = z.enum(Object.keys(ALARM_KINDS) as [keyof typeof ALARM_KINDS]);
export type AlarmKind = z.output<typeof alarmKind>;

/** One rule. */
export const alarmRule = z.object({
  kind: alarmKind,
  level: z.enum(['notice', 'warning', 'alarm']),
  bound: z.number().min(0).max(1e6).default(1),
  /** Seconds for which it must be so. */
  after: z.number().min(0).max(600).default(2),
  /** Seconds for which the same of the same vehicle is not told again. */
  holdOff: z.number().min(5).max(86_400).default(60),
});
export type AlarmRule = z.output<typeof alarmRule>;

/** The rules of a room: one for each kind at most. */
export const alarmRules = z
  .array(alarmRule)
  .max(Object.keys(ALARM_KINDS).length)
  .refine(
    (rules) => new Set(rules.map(({ kind }) => kind)).size === rules.length,
    'must name each kind once',
  );

/** An alarm. */
export const alarm = z.object({
  id: z.string().min(1).max(64),
  room: z.string().max(64),
  kind: alarmKind,
  level: z.enum(['notice', 'warning', 'alarm']),
  /** Id and name of the vehicle. */
  vehicle: z.string().max(64),
  name: z.string().max(64),
  /** What was seen, in the unit of its kind; null where there is nothing to measure. */
  value: z.number().nullable(),
  /** Milliseconds since 1970. */
  at: z.number(),
  /** Who has seen to it; null while nobody has. */
  acknowledged: z.object({ by: z.string().max(64), at: z.number() }).nullable(),
});
export type Alarm = z.output<typeof alarm>;

/** The rules of a room for which the owner named none. */
export const DEFAULT_RULES: readonly AlarmRule[] = [
  { kind: 'frozen', level: 'warning', bound: 1, after: 5, holdOff: 60 },
];
