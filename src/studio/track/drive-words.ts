/** Where a track is from, and what it says of the scene, as people read it. */
import { type DriveCheck, differs } from '../../jobs/drive-check';
import { CAMERA_PRESETS } from '../../scene/camera-presets';
import type { Track } from '../../telemetry/track';
import { USUAL } from '../mount/told-mount';

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

/** What the scene saw come nearer against what was driven. @param running whether more is to come */
export function checkWords(check: DriveCheck | null, running: boolean): string {
  if (!check)
    return running
      ? 'The scene’s metres are held against those driven when the analysis is done.'
      : 'Nothing that stands still was followed for long enough to hold the scene’s metres against those driven.';
  const { ratio, sigma, approaches } = check;
  const said = `The scene against the drive: ${ratio.toFixed(2)} ± ${sigma.toFixed(2)} m for each metre driven (${approaches} approaches).`;
  return differs(check)
    ? `${said} The camera seems to stand ${ratio > 1 ? 'lower' : 'higher'} than assumed.`
    : said;
}

/** Height above the road, in metres, at which the scene's metres are those driven. Analyses assume the usual camera. */
export function heightBy({ ratio }: DriveCheck): number {
  return CAMERA_PRESETS[USUAL].height / ratio;
}
