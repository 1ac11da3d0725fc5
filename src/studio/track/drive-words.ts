/** Where a track is from, and what it says of the scene, as people read it. */
import { type DriveCheck, differs } from '../../jobs/drive-check';
import type { MountAngles } from '../../jobs/drive-mount';
import { CAMERA_PRESETS } from '../../scene/camera-presets';
import type { Track } from '../../telemetry/track';
import { decimals, say } from '../../words/words';
import { USUAL } from '../mount/told-mount';

/** Where a track is from, how its time was found, and what of it was worked out or left out. */
export function originWords({ format, from, clock, zone, derived, left, holes }: Track): string {
  const name = say(`track-format.${format}`);
  const words = [from ? `${name}, ${from}` : name];
  if (clock === 'matched') words.push(say('track.by-clock'));
  if (clock === 'zone') words.push(say('track.by-clock-zone', { zone: zoneWords(zone) }));
  if (clock === 'assumed') words.push(say('track.guess'));
  if (derived.length > 0) {
    const names = derived.map((what) => say(`track.derived-${what}`)).join(say('track.and'));
    words.push(say('track.derived', { names }));
  }
  if (holes.length > 0) words.push(say('track.holes', { count: holes.length }));
  if (left > 0) words.push(say('track.left', { number: left }));
  return say('track.from', { parts: words.join('; ') });
}

function zoneWords(zone: number | null): string {
  if (zone === null) return say('track.other-zone');
  const [hours, minutes] = [Math.floor(Math.abs(zone) / 60), Math.abs(zone) % 60];
  return `UTC${zone < 0 ? '−' : '+'}${hours}${minutes ? `:${String(minutes).padStart(2, '0')}` : ''}`;
}

/** What the scene saw come nearer against what was driven. @param running whether more is to come */
export function checkWords(check: DriveCheck | null, running: boolean): string {
  if (!check) return running ? say('track.check-later') : say('track.check-none');
  const { ratio, sigma, approaches } = check;
  const [metres, sure] = [decimals(ratio.toFixed(2)), decimals(sigma.toFixed(2))];
  const said = say('track.check', { metres, sure, approaches });
  return differs(check) ? `${said} ${say(ratio > 1 ? 'track.stands-lower' : 'track.stands-higher')}` : said;
}

/** Height above the road, in metres, at which the scene's metres are those driven. Analyses assume the usual camera. */
export function heightBy({ ratio }: DriveCheck): number {
  return CAMERA_PRESETS[USUAL].height / ratio;
}

/** How the camera looks by the road while the vehicle drove straight. */
export function anglesWords({ pitch, yaw, sigma }: MountAngles): string {
  const degrees = (angle: number): string => decimals(((angle * 180) / Math.PI).toFixed(1));
  return say('track.angles', { pitch: degrees(pitch), yaw: degrees(yaw), sure: degrees(sigma) });
}

/** Least difference that is worth a word: half a degree. */
const ANGLE = Math.PI / 360;

/** Whether a camera is held otherwise than the drive says, by more than is uncertain. */
export function anglesDiffer(
  { pitch, yaw, sigma }: MountAngles,
  camera: { readonly pitch: number; readonly yaw: number },
): boolean {
  const off = Math.max(Math.abs(pitch - camera.pitch), Math.abs(yaw - camera.yaw));
  return off > Math.max(ANGLE, 2 * sigma);
}
