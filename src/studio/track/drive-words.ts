/** Where a track is from, as people read it. */
import type { Track } from '../../telemetry/track';

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
