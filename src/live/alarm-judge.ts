/** What a page sees, judged by the rules of its room. */
import { ALARM_KINDS, type AlarmKind, type AlarmRule } from './alarms.ts';

/** What is known of a vehicle; null where it is not known just now. */
export interface AlarmReading {
  /** 0 to 1. */
  readonly drivable: number | null;
  /** Obstacles in the path. */
  readonly path: number | null;
  /** Metres. */
  readonly free: number | null;
  /** 1 when it is. */
  readonly frozen: number | null;
  /** Milliseconds. */
  readonly late: number | null;
}

/** What was judged to be worth telling. */
export interface Judged {
  readonly kind: AlarmKind;
  readonly value: number;
}

/** Judges readings by rules: each is told once, when it has been so for long enough, and again after it was not. */
export class AlarmJudge {
  /** Since when it is so, by vehicle and kind; told or not. */
  readonly #since = new Map<string, { readonly at: number; told: boolean }>();

  constructor(private readonly rules: readonly AlarmRule[]) {}

  /** @param now milliseconds, monotonic */
  judge(vehicle: string, reading: AlarmReading, now: number): readonly Judged[] {
    return this.rules.flatMap(({ kind, bound, after }) => {
      const key = `${kind} ${vehicle}`;
      const value = reading[kind];
      // What is not known is neither so nor not so.
      if (value === null) return [];
      const so = ALARM_KINDS[kind].over ? value >= bound : value < bound;
      if (!so) {
        this.#since.delete(key);
        return [];
      }
      const since = this.#since.get(key) ?? { at: now, told: false };
      this.#since.set(key, since);
      if (since.told || now - since.at < after * 1000) return [];
      since.told = true;
      return [{ kind, value }];
    });
  }

  /** A vehicle has left. */
  forget(vehicle: string): void {
    for (const key of this.#since.keys()) if (key.endsWith(` ${vehicle}`)) this.#since.delete(key);
  }
}
