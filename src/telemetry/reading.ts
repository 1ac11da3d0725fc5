/** What one file says of a drive, before it is known where in the recording it belongs. */

/** Ways in which recorders write it. */
export type TelemetryFormat = 'gpx' | 'nmea' | 'gpmf' | 'freegps' | 'tesla' | 'place';

/** One moment as it was written; null is "not told". */
export interface Fix {
  /** Seconds by the clock of the video file it lies in; null beside a video, where only `clock` tells. */
  readonly seconds: number | null;
  /** Milliseconds since 1970, by the clock of its reading. */
  readonly clock: number | null;
  /** Degrees, WGS 84; both or neither. */
  readonly latitude: number | null;
  readonly longitude: number | null;
  /** Metres a second. */
  readonly speed: number | null;
  /** Degrees clockwise from true north. */
  readonly heading: number | null;
  /** Degrees of the steering wheel, clockwise positive as the maker's own player turns it. */
  readonly steering: number | null;
  readonly brake: boolean | null;
}

/** Nothing told. */
export const NO_FIX: Fix = {
  seconds: null,
  clock: null,
  latitude: null,
  longitude: null,
  speed: null,
  heading: null,
  steering: null,
  brake: null,
};

/** All that a file says. */
export interface Reading {
  readonly format: TelemetryFormat;
  /** In the order of the file. */
  readonly fixes: readonly Fix[];
  /** Whose clock `Fix.clock` is: UTC, or what the recorder showed, whose zone nobody told. */
  readonly clock: 'utc' | 'recorder';
  /** Whether only the time of day is known: clocks count from the midnight before the first moment. */
  readonly undated?: true;
  /** Whether its places are there but in a form that is not read: encrypted, or another maker's. */
  readonly obscured?: true;
  /** Minutes by which the recorder's own clock is ahead of UTC, where the file tells both; else null. */
  readonly zone: number | null;
  /** Moments that were written but could not be: damaged lines, dates that do not exist. */
  readonly damaged: number;
}

/** Moments that are read of one file: a day at three a second. More are left out. */
export const FIXES_MAX = 260_000;

/** Bytes of a text file that are read; a day of sentences, one a second, has 60 MB. */
export const TEXT_MAX = 64 * 1024 * 1024;

/** Metres a second in a knot (exact by definition). */
export const KNOT = 1852 / 3600;

/**
 * Milliseconds since 1970 of a date by the calendar; null when there is no such moment, or when no recorder can have
 * run then: clocks that were never set show 1970, 1980 or 2000.
 * @param month 1 to 12
 * @param second may have a fraction; 60 is a leap second
 */
export function momentOf(
  year: number,
  month: number,
  day: number,
  hour: number,
  minute: number,
  second: number,
): number | null {
  if (![year, month, day, hour, minute, second].every(Number.isFinite)) return null;
  if (year < 2001 || year > 2099 || hour > 23 || minute > 59 || second >= 61) return null;
  if (hour < 0 || minute < 0 || second < 0) return null;
  const date = new Date(Date.UTC(year, month - 1, day));
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return null;
  return date.getTime() + Math.round(((hour * 60 + minute) * 60 + second) * 1000);
}

/** A comma where others have a point, as programs in half of Europe write it. */
const COMMA = /^(\s*[+-]?\d+),(\d+\s*)$/;

/** A number that is written as one and nothing else, with a point or a comma; null for what is empty or no number. */
export function numberOf(text: string | undefined): number | null {
  const value = text === undefined || text.trim() === '' ? Number.NaN : Number(text.replace(COMMA, '$1.$2'));
  return Number.isFinite(value) ? value : null;
}

/**
 * Degrees and minutes written as one number, as NMEA 0183 has them (`4807.038` is 48 degrees and 7.038 minutes).
 * @param hemisphere `N`, `S`, `E` or `W`
 */
export function degreesOf(packed: number | null, hemisphere: string | undefined): number | null {
  const sign =
    hemisphere === 'N' || hemisphere === 'E' ? 1 : hemisphere === 'S' || hemisphere === 'W' ? -1 : 0;
  if (packed === null || packed < 0 || sign === 0) return null;
  const whole = Math.trunc(packed / 100);
  const minutes = packed - whole * 100;
  return minutes < 60 ? sign * (whole + minutes / 60) : null;
}
