/** Numbers as people read them on an instrument: fixed places, so that digits do not dance; a dash for nothing. */

import { decimals, spokenLanguage } from '../../words/words';

/** Shown where there is no figure yet. */
export const NO_FIGURE = '–';

function figure(value: number | null | undefined, text: (v: number) => string): string {
  return value === null || value === undefined || !Number.isFinite(value) ? NO_FIGURE : decimals(text(value));
}

/** A rate per second: `29.7`. */
export function formatRate(perSecond: number | null | undefined): string {
  return figure(perSecond, (v) => (v >= 99.95 ? v.toFixed(0) : v.toFixed(1)));
}

/** Milliseconds: `0.42`, `8.4`, `128`. */
export function formatMs(ms: number | null | undefined): string {
  return figure(ms, (v) => (v < 1 ? v.toFixed(2) : v < 99.95 ? v.toFixed(1) : v.toFixed(0)));
}

/** A delay as a figure and its unit: milliseconds, from ten seconds on seconds, so that it keeps to four places. */
export function formatDelay(ms: number | null | undefined): {
  readonly figure: string;
  readonly unit: string;
} {
  if (typeof ms === 'number' && Number.isFinite(ms) && ms >= 9999.5)
    return { figure: formatRate(ms / 1000), unit: 's' };
  return { figure: formatMs(ms), unit: 'ms' };
}

/** A share of 0 to 1 in per cent: `41.2`. */
export function formatPercent(share: number | null | undefined): string {
  return figure(share, (v) => (v * 100).toFixed(1));
}

/** A count, grouped by thin spaces: `12 345`. */
export function formatCount(count: number | null | undefined): string {
  return figure(count, (v) => String(Math.round(v)).replace(/\B(?=(\d{3})+$)/g, '\u2009'));
}

/** Bytes in the unit that leaves one to three digits before the point: `14.1 KB`. Decimal, as disks count. */
export function formatBytes(bytes: number | null | undefined): string {
  return figure(bytes, (v) => {
    if (v < 1000) return `${Math.round(v)} B`;
    if (v < 999_950) return `${(v / 1e3).toFixed(1)} KB`;
    if (v < 999_950_000) return `${(v / 1e6).toFixed(1)} MB`;
    return `${(v / 1e9).toFixed(1)} GB`;
  });
}

/** A time of a medium: `0:07`, `12:34`, `1:02:03`. */
export function formatClock(seconds: number | null | undefined): string {
  return figure(seconds, (v) => {
    const whole = Math.max(0, Math.floor(v));
    const s = String(whole % 60).padStart(2, '0');
    const m = Math.floor(whole / 60) % 60;
    const h = Math.floor(whole / 3600);
    return h > 0 ? `${h}:${String(m).padStart(2, '0')}:${s}` : `${m}:${s}`;
  });
}

/** A time of a medium to the millisecond: `0:07.480`. */
export function formatExact(seconds: number | null | undefined): string {
  return figure(seconds, (v) => {
    const thousandths = Math.max(0, Math.round(v * 1000));
    return `${formatClock(Math.floor(thousandths / 1000))}.${String(thousandths % 1000).padStart(3, '0')}`;
  });
}

/**
 * A moment by the recorder's clock, to the second and with its zone: `2026-11-22 14:05:07 UTC+01:00`.
 * @param ms milliseconds since 1970
 * @param zone minutes by which the recorder's zone is ahead of UTC; null when it is not known, and then not said
 */
export function formatMoment(ms: number | null | undefined, zone: number | null = null): string {
  if (ms === null || ms === undefined || !Number.isFinite(ms)) return NO_FIGURE;
  const shown = dateWords(new Date(ms + (zone ?? 0) * 60_000));
  if (zone === null) return shown;
  const [hours, minutes] = [Math.floor(Math.abs(zone) / 60), Math.abs(zone) % 60];
  const two = (part: number): string => String(part).padStart(2, '0');
  return `${shown} UTC${zone === 0 ? '' : `${zone < 0 ? '−' : '+'}${two(hours)}:${two(minutes)}`}`;
}

/** A date in UTC as the language writes it; in English, whose speakers disagree about day and month, by the standard. */
function dateWords(date: Date): string {
  const language = spokenLanguage();
  if (language === 'en') return date.toISOString().slice(0, 19).replace('T', ' ');
  return date.toLocaleString(language, { dateStyle: 'medium', timeStyle: 'medium', timeZone: 'UTC' });
}

/** A name that every file system takes: what is not a letter, digit, point or dash becomes a dash. */
export function fileNameOf(text: string): string {
  const safe = text.replace(/[^\p{L}\p{N}.-]+/gu, '-').replace(/^[-.]+/, '');
  // 60 leaves room for a time stamp within the 255 bytes of common file systems; whole letters, not halves of a pair.
  const short = [...safe].slice(0, 60).join('');
  return short.replace(/[-.]+$/, '') || 'picture';
}
