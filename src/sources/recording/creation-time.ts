/** When a recording began, as MP4 and QuickTime files say it (ISO/IEC 14496-12, 8.2.2 "Movie Header Box"). */
import { boxesAt, topBoxes } from './clock/boxes';
import { ByteWindow } from './clock/byte-window';

/** A moment by a recorder's clock. */
export interface RecorderTime {
  /** Milliseconds since 1970, UTC; without a zone, what the clock showed as if it were UTC. */
  readonly ms: number;
  /** Minutes by which the recorder's zone is ahead of UTC; null when it did not say. */
  readonly zone: number | null;
}

/** Seconds between the epoch of these files, 1904, and that of computers, 1970. */
const EPOCH = 2_082_844_800;

/** Where a clock that counts from 1904 has reached the year 2100. */
const LATEST = EPOCH + Date.UTC(2100, 0, 1) / 1000;

/** Years in which a recorder with a clock may have been running: others come from clocks that were never set. */
const YEARS = { from: Date.UTC(2000, 0, 1) / 1000, to: Date.UTC(2036, 0, 1) / 1000 } as const;

/** Names under which a date is kept as text, the most telling first: Apple's, QuickTime's, ffmpeg's. */
const DATE_KEYS = ['com.apple.quicktime.creationdate', '©day', 'creation_time', 'date'];

/**
 * The time at which a recording began; null when it does not say, or says what cannot be.
 * @param tags what the file says of itself in words, by name
 */
export async function creationTime(
  tags: Readonly<Record<string, unknown>>,
  file: Blob,
): Promise<RecorderTime | null> {
  for (const key of DATE_KEYS) {
    const said = tags[key];
    const time = typeof said === 'string' ? parseDate(said) : null;
    if (time) return time;
  }
  const ms = await headerTime(file);
  return ms === null ? null : { ms, zone: 0 };
}

/**
 * A date as recorders write it (ISO 8601, the zone with or without a colon, a blank in place of the `T`); null when it
 * has no time of day or makes no sense.
 */
function parseDate(text: string): RecorderTime | null {
  const match =
    /^\s*(\d{4})[-:](\d\d)[-:](\d\d)[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,]\d+)?)?\s*(?:(Z)|([+-])(\d\d):?(\d\d)?)?\s*$/i.exec(
      text,
    );
  if (!match) return null;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map((part) => Number(part ?? 0));
  const shown = Date.UTC(year!, month! - 1, day!, hour!, minute!, second!);
  if (!Number.isFinite(shown) || month! > 12 || day! > 31 || hour! > 23 || minute! > 59) return null;
  if (shown / 1000 < YEARS.from) return null;
  if (match[7]) return { ms: shown, zone: 0 };
  if (!match[8]) return { ms: shown, zone: null };
  const zone = (match[8] === '-' ? -1 : 1) * (Number(match[9]) * 60 + Number(match[10] ?? 0));
  return { ms: shown - zone * 60_000, zone };
}

/**
 * The time in the movie header, in milliseconds since 1970. It counts from 1904; cameras that count from 1970 all the
 * same are found by the years that come out.
 */
async function headerTime(file: Blob): Promise<number | null> {
  const movie = (await topBoxes(file)).find(({ type }) => type === 'moov');
  const bytes = new ByteWindow(file);
  const [header] = movie ? await boxesAt(bytes, movie, 'mvhd') : [];
  if (!header) return null;
  const view = await bytes.read(header.body, 12);
  if (view.byteLength < 12) return null;
  const seconds = view.getUint8(0) === 1 ? Number(view.getBigUint64(4)) : view.getUint32(4);
  // Nought means "not told"; what lies beyond the century was never told by a clock.
  if (seconds > EPOCH) return seconds < LATEST ? (seconds - EPOCH) * 1000 : null;
  return seconds >= YEARS.from && seconds < YEARS.to ? seconds * 1000 : null;
}
