/**
 * When the pictures of a plain MP4 are shown, from its tables alone: how long each sample lasts, by how much later it is
 * shown (ISO/IEC 14496-12, 8.6.1), and what its edit list leaves. A card has hundreds of files, and a demuxer takes ten
 * times as long to say the same.
 */
import { boxesAt, boxesIn, topBoxes } from './clock/boxes';
import { ByteWindow } from './clock/byte-window';
import { readEditList } from './clock/edit-list';
import { tracksIn } from './clock/movie-tracks';
import { creationTime, type RecorderTime } from './creation-time';

/** What tables tell. Seconds of the demuxer's clock. */
export interface MovieTimes {
  /** Time of the first picture that is shown. */
  readonly start: number;
  /** When the last one ends. */
  readonly end: number;
  /** Pictures a second where each is shown for as long as the others, else null. */
  readonly rate: number | null;
  readonly began: RecorderTime | null;
}

/** Most pictures whose times are worked out: a quarter of an hour at 60 a second. */
const SAMPLES_MAX = 54_000;

/** Ticks by which pictures of a steady rate are rounded apart. */
const TICK = 1;

/** What says a date in words, which is read elsewhere: Apple's and QuickTime's keys. */
const WORDED = ['\u00a9day', 'creationdate', 'creation_time'];

/**
 * Reads an index; null where it does not tell enough, or where choosing among its tracks takes more than looking at them.
 * @param index type and index of a file, without fragments
 */
export async function readMovieTimes(index: Blob): Promise<MovieTimes | null> {
  const movie = (await topBoxes(index)).find(({ type, to }) => type === 'moov' && to <= index.size);
  if (!movie) return null;
  const bytes = new ByteWindow(index);
  const films = (await tracksIn(bytes, movie)).filter(({ kind }) => kind === 'pictures');
  const [film] = films;
  if (!film || films.length !== 1) return null;
  for (const { type, body, to } of await boxesIn(bytes, movie.body, movie.to))
    if ((type === 'udta' || type === 'meta') && (await holdsWord(bytes, body, to))) return null;
  const edits = await readEditList(index, film.id);
  if (edits.ranges) return null;
  const lengths = await pairsOf(bytes, film.box, 'stts');
  const delays = await pairsOf(bytes, film.box, 'ctts');
  const times = timesOf(lengths, delays);
  if (!times) return null;
  const zero = edits.offset * film.scale;
  const shown = times.at.filter((at) => !edits.leadsIn || at >= zero - TICK / 2);
  const [first, last] = [shown[0], shown.at(-1)];
  if (first === undefined || last === undefined) return null;
  const end = (last + times.last) / film.scale - edits.offset;
  return {
    start: first / film.scale - edits.offset,
    end: Math.min(end, edits.end ?? Number.POSITIVE_INFINITY),
    rate: rateOf(shown, film.scale),
    began: await creationTime({}, index),
  };
}

/** Whether some words stand somewhere between two positions; what is long is not looked through. */
async function holdsWord(bytes: ByteWindow, from: number, to: number): Promise<boolean> {
  const view = await bytes.read(from, Math.min(to - from, 65_536));
  const text = new TextDecoder('latin1').decode(view);
  return to - from > 65_536 || WORDED.some((word) => text.includes(word));
}

type Pair = readonly [samples: number, value: number];

async function pairsOf(
  bytes: ByteWindow,
  track: Parameters<typeof boxesAt>[1],
  type: 'stts' | 'ctts',
): Promise<Pair[]> {
  const [table] = await boxesAt(bytes, track, 'mdia', 'minf', 'stbl', type);
  if (!table) return [];
  const view = await bytes.read(table.body, table.to - table.body);
  if (view.byteLength < 8) return [];
  const count = Math.min(view.getUint32(4), Math.floor((view.byteLength - 8) / 8));
  return Array.from({ length: count }, (_, i) => [view.getUint32(8 + 8 * i), view.getInt32(12 + 8 * i)]);
}

/** Times of all pictures in ticks, in the order in which they are shown, and how long the last one lasts. */
function timesOf(lengths: readonly Pair[], delays: readonly Pair[]): { at: number[]; last: number } | null {
  const samples = lengths.reduce((sum, [count]) => sum + count, 0);
  if (samples === 0 || samples > SAMPLES_MAX) return null;
  const delayed: number[] = [];
  for (const [count, by] of delays)
    for (let i = 0; i < count && delayed.length < samples; i++) delayed.push(by);
  const shown: { readonly at: number; readonly length: number }[] = [];
  let ticks = 0;
  for (const [count, length] of lengths)
    for (let i = 0; i < count; i++) {
      if (length < 0) return null;
      shown.push({ at: ticks + (delayed[shown.length] ?? 0), length });
      ticks += length;
    }
  shown.sort((a, b) => a.at - b.at);
  return { at: shown.map(({ at }) => at), last: shown.at(-1)!.length };
}

function rateOf(times: readonly number[], scale: number): number | null {
  const steps = times.length - 1;
  if (steps < 1) return null;
  const step = (times.at(-1)! - times[0]!) / steps;
  const steady = times.every((at, n) => Math.abs(at - times[0]! - n * step) <= TICK);
  return steady && step > 0 ? scale / step : null;
}
