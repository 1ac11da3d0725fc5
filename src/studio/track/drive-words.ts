/** Where a track is from, as people read it. */
import type { Track } from '../../telemetry/track';
import { say } from '../../words/words';

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
