/** The file of `--alarms`: rules by room, and addresses that are told. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { alarmRules } from '../../../live/alarms.ts';
import { roomName } from '../../../live/names.ts';
import type { Log } from '../../log.ts';
import { AlarmBook, type AlarmOutlet, type RulesByRoom } from './alarm-book.ts';
import { MqttOutlet } from './mqtt-outlet.ts';
import { Webhook } from './webhooks.ts';

/** Addresses at most: each alarm goes to all of them. */
const WEBHOOKS_MAX = 16;

const settings = z.strictObject({
  /** `*` stands for every room that is not named. */
  rooms: z.record(z.union([roomName, z.literal('*')]), alarmRules).default({}),
  webhooks: z
    .array(
      z
        .string()
        .regex(/^https?:\/\//, 'must be an address of http: or https:')
        .pipe(z.url()),
    )
    .max(WEBHOOKS_MAX)
    .default([]),
});

/** What alarms are made of. */
export interface AlarmSettings {
  readonly rules: RulesByRoom;
  readonly webhooks: readonly string[];
  /** Signs what is sent to them. */
  readonly secret: string | null;
  /** A broker of MQTT. */
  readonly mqtt: string | null;
}

/** Nothing beside the rooms is told. */
export const NO_ALARM_SETTINGS: AlarmSettings = { rules: {}, webhooks: [], secret: null, mqtt: null };

/** Reads the file. @returns what it says, or one sentence on what is wrong */
export function readAlarmFile(path: string): Pick<AlarmSettings, 'rules' | 'webhooks'> | string {
  let text: unknown;
  try {
    text = JSON.parse(readFileSync(path, 'utf8'));
  } catch (thrown) {
    return `${path} cannot be read as JSON: ${thrown instanceof Error ? thrown.message : String(thrown)}.`;
  }
  const checked = settings.safeParse(text);
  if (checked.success) return { rules: checked.data.rooms, webhooks: checked.data.webhooks };
  const [issue] = checked.error.issues;
  return `${path}: ${issue?.path.join('.') || 'it'} ${issue?.message ?? 'is not valid'}.`;
}

/** Opens the book, and the ways out. The caller disposes of these. */
export function openAlarms(
  of: AlarmSettings,
  log: Log,
): { book: AlarmBook; outlets: readonly AlarmOutlet[] } {
  const { secret } = of;
  const outlets: AlarmOutlet[] = [
    ...(secret === null ? [] : of.webhooks.map((url) => new Webhook(url, secret, log))),
    ...(of.mqtt === null ? [] : [new MqttOutlet(of.mqtt, log)]),
  ];
  return { book: new AlarmBook(of.rules, outlets), outlets };
}
