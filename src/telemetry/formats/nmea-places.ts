/**
 * Places of NMEA 0183 logs without RMC: GGA and GLL have place and time of day, VTG behind them speed and course, ZDA the
 * date. Where nothing tells the date, the days are counted from the first.
 */
import { degreesOf, FIXES_MAX, type Fix, KNOT, momentOf, NO_FIX, numberOf, type Reading } from '../reading';

const DAY = 86_400_000;

/** Gathers what other sentences than RMC say. */
export class NmeaPlaces {
  readonly #fixes: Fix[] = [];
  /** Milliseconds since 1970 of the day's beginning; null while nothing told it. */
  #day: number | null = null;
  #dated = false;
  /** Milliseconds since midnight of the last place. */
  #before = 0;

  /** Takes a sentence. @param fields behind its kind, in capitals */
  take(kind: string, fields: readonly string[]): void {
    if (kind === 'ZDA') this.#takeDate(fields);
    else if (kind === 'VTG') this.#takeSpeed(fields);
    else if (kind === 'GGA') {
      const [time, latitude, north, longitude, east, quality] = fields;
      // 0 is no fix, 7 typed in, 8 simulated.
      this.#takePlace(time, [latitude, north, longitude, east], /^[1-6]$/.test(quality ?? ''));
    } else if (kind === 'GLL') {
      const [latitude, north, longitude, east, time, status] = fields;
      this.#takePlace(time, [latitude, north, longitude, east], status === 'A');
    }
  }

  /** What was gathered; null without a place. */
  reading(): Reading | null {
    if (!this.#fixes.some(({ latitude }) => latitude !== null)) return null;
    const about = { format: 'nmea', fixes: this.#fixes, zone: null, damaged: 0 } as const;
    return this.#dated ? { ...about, clock: 'utc' } : { ...about, clock: 'recorder', undated: true };
  }

  #takeDate([, day, month, year]: readonly string[]): void {
    const told = momentOf(Number(year), Number(month), Number(day), 0, 0, 0);
    if (this.#dated || told === null) return;
    // What came before is of the same days.
    const ahead = told - (this.#day ?? told);
    for (const [i, fix] of this.#fixes.entries()) this.#fixes[i] = { ...fix, clock: fix.clock! + ahead };
    this.#day = told;
    this.#dated = true;
  }

  #takeSpeed(fields: readonly string[]): void {
    const last = this.#fixes.at(-1);
    if (!last || last.latitude === null || last.speed !== null) return;
    // `090.0,T,,M,010.0,N,018.5,K`; without the letters in its older form.
    const knots = numberOf(fields[1] === 'T' ? fields[4] : fields[2]);
    this.#fixes[this.#fixes.length - 1] = {
      ...last,
      speed: knots === null ? null : knots * KNOT,
      heading: numberOf(fields[0]),
    };
  }

  #takePlace(
    time: string | undefined,
    [latitude, north, longitude, east]: readonly (string | undefined)[],
    valid: boolean,
  ): void {
    const clocked = /^(\d\d)(\d\d)(\d\d(?:\.\d+)?)$/.exec(time ?? '');
    if (!clocked || this.#fixes.length >= FIXES_MAX) return;
    const [hour, minute, second] = clocked.slice(1).map(Number);
    if (hour! > 23 || minute! > 59 || second! >= 61) return;
    const since = Math.round(((hour! * 60 + minute!) * 60 + second!) * 1000);
    this.#day ??= 0;
    if (since < this.#before - DAY / 2) this.#day += DAY;
    this.#before = since;
    const clock = this.#day + since;
    // GGA and GLL tell the same moment.
    if (this.#fixes.at(-1)?.clock === clock) return;
    const place = [degreesOf(numberOf(latitude), north), degreesOf(numberOf(longitude), east)] as const;
    const known = valid && place[0] !== null && place[1] !== null;
    this.#fixes.push({ ...NO_FIX, clock, ...(known ? { latitude: place[0], longitude: place[1] } : {}) });
  }
}
