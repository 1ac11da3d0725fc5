/**
 * Novatek's `freeGPS` blocks in MP4 files: one a second, as `free` boxes, listed in the movie's `gps ` box where there is
 * one. What is in a block differs by maker; read are the layouts that public tools describe (nvtk_mp42gpx by S. Franco;
 * ExifTool's QuickTimeStream.pl, types 3, 15 and sentences): hour, minute, second, year, month and day as six numbers of
 * 32 bits, then `A` and the hemispheres, then degrees and minutes packed as in NMEA, knots and course, all little-endian.
 * The clock is the receiver's UTC with some makers and the camera's local time with others: nobody tells which. Some makers
 * encrypt their blocks, or the places in them: that is told, and nothing is guessed.
 */
import { middleOf } from '../../media/middle';
import { type Box, boxesIn, topBoxes } from '../../sources/recording/clock/boxes';
import { ByteWindow } from '../../sources/recording/clock/byte-window';
import { metresBetween } from '../geo';
import { degreesOf, FIXES_MAX, type Fix, KNOT, momentOf, NO_FIX, type Reading } from '../reading';
import { movieOf } from './mp4-samples';
import { recommended } from './nmea';

/** Bytes of a block that are looked at: places and numbers lie within the first hundred, sentences further on. */
const BLOCK = 1024;
/** Seconds between two places from which a speed is worked out. */
const STRETCH_MAX = 3;
/** A clock that goes on by no more seconds than these from one block to the next is believed. */
const STEP_MAX = 600;

/** A layout: where the date, `A` and the numbers lie, from the mark `freeGPS ` on. */
interface Layout {
  readonly date: number;
  readonly status: number;
  /** Whether numbers are of 64 bits, one every 16 bytes, with the hemispheres between. */
  readonly wide: boolean;
}

/** Most often met first. */
const LAYOUTS: readonly Layout[] = [
  { date: 44, status: 68, wide: false },
  { date: 12, status: 36, wide: false },
  { date: 12, status: 24, wide: true },
];

/** Bytes in which a block without a layout would have its place, and how many of them say something if it has one. */
const UNKNOWN = { from: 12, to: 100, least: 24 } as const;

/** Places that go on so many times as fast as their own speed says are not where the camera was. */
const OBSCURED = { ratio: 2.2, stretches: 8, speed: 3 } as const;

/** Reads the blocks of a file; null when there is none that says something. */
export async function readFreeGps(file: Blob): Promise<Reading | null> {
  const blocks: DataView[] = [];
  for (const at of await blocksOf(file)) {
    if (blocks.length >= FIXES_MAX) break;
    const found = markIn(new DataView(await file.slice(at, at + BLOCK).arrayBuffer()));
    if (found) blocks.push(found);
  }
  const sentences = blocks.map(sentenceIn);
  const fitting = (says: 'latitude' | 'speed'): Layout | undefined =>
    LAYOUTS.find((each) => blocks.some((block) => fixIn(block, each)?.[says] != null));
  // A receiver that knows where it is at a place that is none hides it.
  const layout = fitting('latitude') ?? fitting('speed');
  const worded = !layout && sentences.some((fix) => fix !== null);
  if (!layout && !worded) {
    const unknown = blocks.filter(saysSomething).length;
    const none = { format: 'freegps', fixes: [], clock: 'recorder', zone: null, damaged: 0 } as const;
    return unknown > blocks.length / 2 ? { ...none, obscured: true } : null;
  }
  let [seconds, before, damaged] = [0, null as number | null, 0];
  const fixes: Fix[] = [];
  for (const [n, block] of blocks.entries()) {
    const fix = layout ? fixIn(block, layout) : sentences[n]!;
    if (!fix) damaged++;
    const clock = fix?.clock ?? null;
    // A block a second; where the clock goes on by more, blocks were lost. One that is set in between is not believed.
    if (n > 0) {
      const step = clock === null || before === null ? 1 : (clock - before) / 1000;
      seconds += step > 0 && step <= STEP_MAX ? step : 1;
    }
    before = clock ?? (before === null ? null : before + 1000);
    if (fix) fixes.push({ ...fix, seconds });
  }
  if (fixes.length === 0) return null;
  // Sentences have UTC in them, by their standard; numbers have whatever the camera was set to.
  const reading = {
    format: 'freegps',
    fixes,
    clock: layout ? 'recorder' : 'utc',
    zone: null,
    damaged,
  } as const;
  if (!isObscured(fixes)) return reading;
  const placeless = fixes.map((fix) => ({ ...fix, latitude: null, longitude: null }));
  return { ...reading, fixes: placeless, obscured: true };
}

/** Whether a block that no layout fits has more in it than a receiver that is not there, or waits, leaves. */
function saysSomething(block: DataView): boolean {
  const waits = LAYOUTS.some((each) => wordAt(block, each.status, 1) === 'V' || fixIn(block, each) !== null);
  if (waits) return false;
  const said = wordAt(block, UNKNOWN.from, UNKNOWN.to - UNKNOWN.from);
  return [...said].filter((letter) => letter !== '\0').length >= UNKNOWN.least;
}

/**
 * Whether places are enlarged or moved, as some makers do to hide them: most are none on earth, or go on much faster than
 * the speed that stands beside them.
 */
function isObscured(fixes: readonly Fix[]): boolean {
  const active = fixes.filter(({ speed }) => speed !== null);
  const placed = fixes.filter(({ latitude }) => latitude !== null);
  const possible = placed.filter(({ latitude }) => Math.abs(latitude!) <= 90).length;
  if (possible < active.length / 2) return true;
  const ratios = placed.slice(1).flatMap((fix, i) => {
    const before = placed[i]!;
    const seconds = fix.seconds! - before.seconds!;
    const speed = ((fix.speed ?? 0) + (before.speed ?? 0)) / 2;
    if (seconds > STRETCH_MAX || speed < OBSCURED.speed) return [];
    const [a, b] = [before, fix].map(({ latitude, longitude }) => ({
      latitude: latitude!,
      longitude: longitude!,
    }));
    return [metresBetween(a!, b!) / seconds / speed];
  });
  return ratios.length >= OBSCURED.stretches && middleOf(ratios)! > OBSCURED.ratio;
}

/** Where blocks begin: as the movie's own list has it, else the `free` boxes of the file. */
async function blocksOf(file: Blob): Promise<readonly number[]> {
  const movie = await movieOf(file);
  const bytes = new ByteWindow(file);
  const list = movie && (await boxesIn(bytes, movie.body, movie.to)).find(({ type }) => type === 'gps ');
  const listed = list ? await listedIn(file, list) : [];
  if (listed.length > 0) return listed;
  return (await topBoxes(file)).flatMap(({ type, from }) =>
    type === 'free' || type === 'skip' ? [from] : [],
  );
}

/** `gps `: eight bytes of version and count, then pairs of place and size. */
async function listedIn(file: Blob, { body, to }: Box): Promise<number[]> {
  const end = Math.min(to, file.size, body + 8 + 8 * FIXES_MAX);
  const view = new DataView(await file.slice(body, Math.max(body, end)).arrayBuffer());
  const places: number[] = [];
  for (let at = 8; at + 8 <= view.byteLength; at += 8) {
    const place = view.getUint32(at);
    if (place > 0 && place < file.size) places.push(place);
  }
  return places;
}

/** The bytes of a block from its mark on. The `free` of the mark is the box's own type, or stands within the box. */
function markIn(block: DataView): DataView | null {
  for (const at of [4, 8]) {
    if (at + 8 > block.byteLength || wordAt(block, at, 8) !== 'freeGPS ') continue;
    return new DataView(block.buffer, block.byteOffset + at, block.byteLength - at);
  }
  return null;
}

/** What a block says by a layout; null when it is not laid out so. Without a fix only its time counts. */
function fixIn(block: DataView, { date, status, wide }: Layout): Fix | null {
  const end = wide ? 88 : status + 20;
  if (block.byteLength < Math.max(end, date + 24)) return null;
  const number = (at: number): number => block.getUint32(at, true);
  const [hour, minute, second] = [number(date), number(date + 4), number(date + 8)];
  const days = wide ? 76 : date + 12;
  const [year, month, day] = [number(days), number(days + 4), number(days + 8)];
  const clock = momentOf(year < 100 ? 2000 + year : year, month, day, hour, minute, second);
  if (clock === null) return null;
  const [north, east] = wide
    ? [wordAt(block, status + 12, 1), wordAt(block, status + 28, 1)]
    : [wordAt(block, status + 1, 1), wordAt(block, status + 2, 1)];
  const active = wordAt(block, status, 1) === 'A' && /[NS]/.test(north) && /[EW]/.test(east);
  if (!active) return { ...NO_FIX, clock };
  const [latitude, longitude, knots, course] = wide
    ? [28, 44, 60, 68].map((at) => block.getFloat64(at, true))
    : [4, 8, 12, 16].map((after) => block.getFloat32(status + after, true));
  const place = [degreesOf(finite(latitude!), north), degreesOf(finite(longitude!), east)] as const;
  const known = place[0] !== null && place[1] !== null;
  return {
    ...NO_FIX,
    clock,
    latitude: known ? place[0] : null,
    longitude: known ? place[1] : null,
    speed: finite(knots!) === null ? null : knots! * KNOT,
    heading: finite(course!),
  };
}

/** An RMC sentence that stands somewhere in a block (Vantrue). */
function sentenceIn(block: DataView): Fix | null {
  const text = wordAt(block, 0, block.byteLength);
  const match = /\$G[A-Z]RMC,([^*$\0]{20,120})/.exec(text);
  return match ? recommended(match[1]!.split(',')) : null;
}

function wordAt(view: DataView, at: number, length: number): string {
  const there = new Uint8Array(
    view.buffer,
    view.byteOffset + at,
    Math.max(0, Math.min(length, view.byteLength - at)),
  );
  let text = '';
  for (const byte of there) text += String.fromCharCode(byte);
  return text;
}

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);
