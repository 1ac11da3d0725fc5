/** Figures of a drive as people read them, on the page and burnt into video. */
import type { WrittenWords } from '../media/written-words';
import type { TrackPoint } from './track';

/** How speeds are shown. */
export type SpeedUnit = 'km/h' | 'mph';

/** Metres a second in one of each unit (a mile is 1609.344 m by definition). */
const UNITS: Readonly<Record<SpeedUnit, number>> = { 'km/h': 1 / 3.6, mph: 1609.344 / 3600 };

const WINDS = ['N', 'NE', 'E', 'SE', 'S', 'SW', 'W', 'NW'] as const;
type Wind = (typeof WINDS)[number];

/** What is not known. */
const NONE = '–';

/** A speed as a whole number of its unit. @param speed metres a second */
export function formatSpeed(speed: number | null | undefined, unit: SpeedUnit): string {
  return speed === null || speed === undefined ? NONE : (speed / UNITS[unit]).toFixed(0);
}

/** A direction: `NE`. @param heading degrees clockwise from north */
export function windOf(heading: number | null | undefined): string {
  return heading === null || heading === undefined ? '' : WINDS[Math.round(heading / 45) % 8]!;
}

/** An angle in whole degrees. */
export function formatDegrees(degrees: number | null | undefined): string {
  return degrees === null || degrees === undefined ? NONE : (Math.round(degrees) || 0).toFixed(0);
}

/**
 * A place to a metre: `52.00000° N, 13.00000° E`.
 * @param words the language's decimal sign, and how it shortens the winds
 */
export function formatPlace(
  { latitude, longitude }: Pick<TrackPoint, 'latitude' | 'longitude'>,
  { point, winds }: Pick<WrittenWords, 'point' | 'winds'>,
): string {
  if (latitude === null || longitude === null) return NONE;
  const side = (value: number, plus: Wind, minus: Wind): string => {
    const wind = value < 0 ? minus : plus;
    return `${Math.abs(value).toFixed(5).replace('.', point)}° ${winds[wind] ?? wind}`;
  };
  return `${side(latitude, 'N', 'S')}, ${side(longitude, 'E', 'W')}`;
}
