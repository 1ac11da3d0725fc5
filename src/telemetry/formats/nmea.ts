/**
 * NMEA 0183 sentences as dashcams write them beside a video (`.nmea`, `.gps`, `.log`): RMC has date, place, speed and
 * course; GGA and the others add nothing that is shown, and are read only where there is no RMC (`nmea-places`). BlackVue begins each line with its own clock in milliseconds in
 * brackets. Times of sentences are UTC, speeds knots, courses degrees from true north.
 */
import { degreesOf, FIXES_MAX, type Fix, KNOT, momentOf, NO_FIX, numberOf, type Reading } from '../reading';
import { NmeaPlaces } from './nmea-places';

/** `$`, talker and kind, fields, and the checksum where there is one; before it perhaps a recorder's clock. */
const SENTENCE =
  /^(?:\[(\d{10,14})\])?[^$\n]{0,64}\$([A-Z]{2})([A-Z]{3}),([^*\n]{0,160})(?:\*([0-9A-F]{2}))?/i;

/** Minutes of the steps in which zones lie. */
const ZONE_STEP = 15;

/** Reads text; null when there is no sentence with a place or a time in it. */
export function readNmea(text: string): Reading | null {
  const read: { readonly fix: Fix; readonly wrongSum: boolean }[] = [];
  const zones = new Map<number, number>();
  const places = new NmeaPlaces();
  let [damaged, wrong] = [0, 0];
  for (const line of linesOf(text)) {
    const match = SENTENCE.exec(line);
    if (!match) continue;
    const [, shown, talker, kind, written, checksum] = match;
    const wrongSum =
      checksum !== undefined && sumOf(`${talker}${kind},${written}`) !== Number.parseInt(checksum, 16);
    const fields = fieldsOf(written!);
    if (kind!.toUpperCase() !== 'RMC') {
      if (!wrongSum) places.take(kind!.toUpperCase(), fields);
      continue;
    }
    const fix = recommended(fields);
    if (!fix) {
      damaged++;
      continue;
    }
    if (shown && fix.clock !== null) {
      const ahead = Math.round((Number(shown) - fix.clock) / 60_000 / ZONE_STEP) * ZONE_STEP;
      zones.set(ahead, (zones.get(ahead) ?? 0) + 1);
    }
    if (wrongSum) wrong++;
    read.push({ fix, wrongSum });
    if (read.length >= FIXES_MAX) break;
  }
  // Some wrong sums are damage; where most are wrong somebody edited the file, and they say nothing.
  const strict = wrong <= read.length / 2;
  const fixes = read.flatMap(({ fix, wrongSum }) => (strict && wrongSum ? [] : [fix]));
  damaged += read.length - fixes.length;
  if (fixes.length === 0) return places.reading();
  const [zone] = [...zones].sort((a, b) => b[1] - a[1])[0] ?? [null];
  const possible = zone !== null && Math.abs(zone) <= 14 * 60 ? zone : null;
  return { format: 'nmea', fixes, clock: 'utc', zone: possible, damaged };
}

/** The fields of a sentence. Programs that go over logs leave blanks and small letters. */
function fieldsOf(text: string): string[] {
  return text.split(',').map((field) => field.trim().toUpperCase());
}

/** Two digits of a year: clocks that were never set show 1980. */
const FIRST_YEAR = 80;

/** Modes of a receiver (NMEA 0183 from 2.3 on) in which a place is none: not valid, simulated, typed in. */
const NO_MODE = new Set(['N', 'S', 'M']);

/** The fields behind `RMC,`: time, status, latitude, N or S, longitude, E or W, knots, course, date. Null when cut. */
export function recommended(fields: readonly string[]): Fix | null {
  const [time, status, latitude, north, longitude, east, speed, course, date, , , mode] = fields;
  const clocked = /^(\d\d)(\d\d)(\d\d(?:\.\d+)?)$/.exec(time ?? '');
  const dated = /^(\d\d)(\d\d)(\d\d)$/.exec(date ?? '');
  const clock =
    clocked && dated
      ? momentOf(
          (Number(dated[3]) < FIRST_YEAR ? 2000 : 1900) + Number(dated[3]),
          Number(dated[2]),
          Number(dated[1]),
          Number(clocked[1]),
          Number(clocked[2]),
          Number(clocked[3]),
        )
      : null;
  if (clock === null) return null;
  // `V` is a warning of the receiver: what it says then is a guess or what it knew last.
  if (status !== 'A' || NO_MODE.has(mode ?? '')) return { ...NO_FIX, clock };
  const place = [degreesOf(numberOf(latitude), north), degreesOf(numberOf(longitude), east)] as const;
  const known = place[0] !== null && place[1] !== null;
  const knots = numberOf(speed);
  return {
    ...NO_FIX,
    clock,
    latitude: known ? place[0] : null,
    longitude: known ? place[1] : null,
    speed: knots === null ? null : knots * KNOT,
    heading: numberOf(course),
  };
}

/** The exclusive or of all letters between `$` and `*`. */
function sumOf(text: string): number {
  let sum = 0;
  for (let i = 0; i < text.length; i++) sum ^= text.charCodeAt(i);
  return sum;
}

/** Where a sentence begins, with its recorder's clock. */
const BEGINNING = /(?=(?:\[\d{10,14}\])?\$)/;

/** Ends of lines, of all systems. */
const LINE_END = /\r\n|\r|\n/g;

/** Sentences with what stands in front of them, without holding all of them at once. Some recorders end no lines. */
function* linesOf(text: string): Generator<string> {
  LINE_END.lastIndex = 0;
  for (let from = 0; from < text.length; ) {
    LINE_END.lastIndex = from;
    const end = LINE_END.exec(text);
    const to = end?.index ?? text.length;
    // One line may hold a whole drive; what is longer than any sentence is looked at in pieces.
    for (let at = from; at < to; at += PIECE) {
      const line = text.slice(at, Math.min(to, at + PIECE + SENTENCE_MAX));
      const sentences = line.split('$').length > 2 ? line.split(BEGINNING) : [line];
      let offset = 0;
      for (const sentence of sentences) {
        // One that begins in the next piece is read there.
        if (offset >= PIECE) break;
        offset += sentence.length;
        yield sentence.slice(0, SENTENCE_MAX).trimEnd();
      }
    }
    from = to + (end?.[0].length ?? 1);
  }
}

/** Letters of a sentence at most, with what stands in front of it; what is longer is not text. */
const SENTENCE_MAX = 400;

/** Letters of a line that are looked at in one go. */
const PIECE = 65_536;
