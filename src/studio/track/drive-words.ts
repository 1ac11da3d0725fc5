/** What is known of a drive as people read it. */
import type { Track, TrackPoint } from '../../telemetry/track';
import { NO_FIGURE } from '../shell/format';
import type { SpeedUnit } from './telemetry-state';

/** Metres a second in one of each unit (a mile is 1609.344 m by definition). */
const UNITS: Readonly<Record<SpeedUnit, number>> = { 'km/h': 1 / 3.6, mph: 1609.344 / 3600 };

const WINDS = ['N', 'NE', 'E', 'SE', 'S', 'SW', 'W', 'NW'] as const;

/** A speed as a whole number of its unit. @param speed metres a second */
export function formatSpeed(speed: number | null | undefined, unit: SpeedUnit): string {
  return speed === null || speed === undefined ? NO_FIGURE : (speed / UNITS[unit]).toFixed(0);
}

/** A direction: `NE`. @param heading degrees clockwise from north */
export function windOf(heading: number | null | undefined): string {
  return heading === null || heading === undefined ? '' : WINDS[Math.round(heading / 45) % 8]!;
}

/** An angle in whole degrees. */
export function formatDegrees(degrees: number | null | undefined): string {
  return degrees === null || degrees === undefined ? NO_FIGURE : (Math.round(degrees) || 0).toFixed(0);
}

/** A place to a metre: `52.00000° N, 13.00000° E`. */
export function formatPlace({ latitude, longitude }: Pick<TrackPoint, 'latitude' | 'longitude'>): string {
  if (latitude === null || longitude === null) return NO_FIGURE;
  const side = (value: number, plus: string, minus: string): string =>
    `${Math.abs(value).toFixed(5)}° ${value < 0 ? minus : plus}`;
  return `${side(latitude, 'N', 'S')}, ${side(longitude, 'E', 'W')}`;
}

/** Names of formats. */
const FORMATS: Readonly<Record<Track['format'], string>> = {
  gpx: 'GPX',
  nmea: 'NMEA sentences',
  gpmf: 'GoPro (GPMF)',
  freegps: 'Novatek (freeGPS)',
  tesla: 'Tesla (SEI)',
  place: 'the recording’s own place',
};

/** Where a track is from, how its time was found, and what of it was worked out or left out. */
export function originWords({ format, from, clock, zone, derived, left, holes }: Track): string {
  const words = [from ? `${FORMATS[format]}, ${from}` : FORMATS[format]];
  if (clock === 'matched') words.push('by its clock');
  if (clock === 'zone') words.push(`by its clock; the recorder’s is ${zoneWords(zone)}`);
  if (clock === 'assumed') words.push('its place in time is a guess');
  if (derived.length > 0) words.push(`${derived.join(' and ')} from the places`);
  if (holes.length > 0) words.push(holes.length === 1 ? 'one hole' : `${holes.length} holes`);
  if (left > 0) words.push(`${left} impossible or damaged left out`);
  return `From ${words.join('; ')}.`;
}

function zoneWords(zone: number | null): string {
  if (zone === null) return 'in another zone';
  const [hours, minutes] = [Math.floor(Math.abs(zone) / 60), Math.abs(zone) % 60];
  return `UTC${zone < 0 ? '−' : '+'}${hours}${minutes ? `:${String(minutes).padStart(2, '0')}` : ''}`;
}
