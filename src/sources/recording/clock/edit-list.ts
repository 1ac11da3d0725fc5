/**
 * What an MP4's edit list leaves of a track (ISO/IEC 14496-12, 8.6.6). The demuxer applies where the first edit begins; where
 * it ends, and that there are others, is found here.
 */
import { type Box, boxesAt, topBoxes } from './boxes';
import { ByteWindow } from './byte-window';
import { movieScale, tracksIn } from './movie-tracks';

/** What is to be known of an edit list. */
export interface EditList {
  /** Seconds of the track's own clock at which the demuxer's begins. */
  readonly offset: number;
  /** Whether pictures with times below nought are a lead-in that is not shown. */
  readonly leadsIn: boolean;
  /** Where the edit ends by the demuxer's clock, in seconds: later pictures were cut off. Null when nothing ends. */
  readonly end: number | null;
  /** Parts that the list is made of. */
  readonly parts: number;
  /**
   * What is shown, in order, by the demuxer's clock in seconds, where there are several parts; null where there are not,
   * or where they cannot be followed: holes between them, pictures that stand or run at another rate, unknown lengths.
   */
  readonly ranges: readonly EditRange[] | null;
}

/** A part of a track. */
export interface EditRange {
  readonly from: number;
  readonly to: number;
}

const NONE: EditList = { offset: 0, leadsIn: false, end: null, parts: 0, ranges: null };

/** Bytes of an entry in version 0, and in version 1. */
const ENTRY = [12, 20] as const;

/** Most entries that are looked at. */
const ENTRIES_MAX = 1000;

/** Reads the edit list of a track. @param id of the track */
export async function readEditList(blob: Blob, id: number): Promise<EditList> {
  const top = await topBoxes(blob);
  const movie = top.find(({ type, to }) => type === 'moov' && to <= blob.size);
  if (!movie) return NONE;
  const bytes = new ByteWindow(blob);
  const scale = await movieScale(bytes, movie);
  const track = (await tracksIn(bytes, movie)).find((each) => each.id === id);
  const [list] = track ? await boxesAt(bytes, track.box, 'edts', 'elst') : [];
  if (!list || !scale) return NONE;
  const edits = await editsOf(bytes, list);
  const first = edits.findIndex(({ from }) => from >= 0);
  const edit = edits[first];
  if (!edit) return NONE;
  const before = edits.slice(0, first).reduce((sum, { length }) => sum + length, 0);
  const parts = edits.filter(({ from, length }) => from >= 0 && length > 0).length;
  // Of what comes in fragments the index does not know the length; neither does it where it says none.
  const whole = !top.some(({ type }) => type === 'moof');
  const bounded = edit.length > 0 && parts <= 1 && whole;
  const offset = edit.from / track!.scale - before / scale;
  const follows = parts > 1 && parts <= PARTS_MAX && whole;
  const shown = edits.slice(first);
  return {
    offset,
    leadsIn: true,
    end: bounded ? (before + edit.length) / scale : null,
    parts,
    ranges:
      follows && shown.every(({ from, length, rate }) => from >= 0 && length > 0 && rate === 1)
        ? shown.map(({ from, length }) => {
            const begins = from / track!.scale - offset;
            return { from: begins, to: begins + length / scale };
          })
        : null,
  };
}

/** Where an edit's beginning is written, and what it says: ticks of the track's own clock. */
export interface EditBeginning {
  /** Place of the number's lower 32 bits in the file. */
  readonly at: number;
  readonly from: number;
}

/** Beginnings of a track's edits, holes left out. */
export async function editBeginnings(bytes: ByteWindow, track: Box): Promise<readonly EditBeginning[]> {
  const [list] = await boxesAt(bytes, track, 'edts', 'elst');
  if (!list) return [];
  return (await editsOf(bytes, list)).filter(({ from }) => from >= 0);
}

/** Most parts that are followed. */
const PARTS_MAX = 64;

/** Entries: their lengths in the movie's ticks, where they begin in the track's (−1 is a hole), and how fast they run. */
async function editsOf(
  bytes: ByteWindow,
  list: Box,
): Promise<(EditBeginning & { readonly length: number; readonly rate: number })[]> {
  const view = await bytes.read(list.body, Math.min(list.to - list.body, 8 + ENTRIES_MAX * ENTRY[1]));
  if (view.byteLength < 8) return [];
  const wide = view.getUint8(0) === 1;
  const size = ENTRY[wide ? 1 : 0];
  const count = Math.min(view.getUint32(4), Math.floor((view.byteLength - 8) / size));
  return Array.from({ length: count }, (_, i) => {
    const at = 8 + i * size;
    const rate = view.getInt32(at + size - 4) / 65_536;
    // In front of the rate.
    const lower = list.body + at + size - 8;
    return wide
      ? { at: lower, length: Number(view.getBigUint64(at)), from: Number(view.getBigInt64(at + 8)), rate }
      : { at: lower, length: view.getUint32(at), from: view.getInt32(at + 4), rate };
  });
}
