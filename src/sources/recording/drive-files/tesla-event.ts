/**
 * What a Tesla writes beside the clips of an event, `event.json`: when it happened, why, and which camera saw it.
 * Numbers of cameras as players of such clips read them; place and town are not taken.
 */
import { z } from '../../../schema';

/** An event. */
export interface TeslaEvent {
  /** When, in milliseconds since 1970 as if the car's clock showed UTC, like the names of its clips. */
  readonly clock: number;
  /** Name of the camera that saw it; null when it does not say. */
  readonly camera: string | null;
  /** Why it was kept, for people. */
  readonly note: string;
}

/** Largest file that is read, in bytes; real ones have 300. */
export const EVENT_MAX = 65_536;

const CAMERAS: Readonly<Record<string, string>> = {
  0: 'front',
  1: 'front',
  2: 'front',
  3: 'left',
  4: 'right',
  5: 'left pillar',
  6: 'right pillar',
  7: 'rear',
  8: 'inside',
};

/** Longest reason that is shown. */
const NOTE_MAX = 80;

const schema = z.looseObject({
  timestamp: z.string().max(40),
  reason: z.string().max(200).optional(),
  camera: z.union([z.string().max(20), z.number()]).optional(),
});

/** Reads it; null when it is none that can be understood. */
export function parseTeslaEvent(text: string): TeslaEvent | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) return null;
  const { timestamp, reason, camera } = parsed.data;
  const shown = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)/.exec(timestamp);
  const clock = shown ? Date.parse(`${shown[1]}T${shown[2]}Z`) : Number.NaN;
  if (!Number.isFinite(clock)) return null;
  return {
    clock,
    camera: CAMERAS[String(camera ?? '')] ?? null,
    note: (reason ?? 'event').replaceAll('_', ' ').trim().slice(0, NOTE_MAX),
  };
}
