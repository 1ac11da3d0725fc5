/**
 * Files of which several were put one behind the other (`cat a.mp4 b.mp4`, a recorder that began again): a demuxer reads
 * the first index, or the first table of streams, and leaves the rest without a word. Where one ends and the next begins
 * they are cut apart and read as several, one behind the other.
 */
import { type Box, topBoxes } from './clock/boxes';
import { mapAt, type PacketLayout } from './clock/transport-packets';
import { wholePackets } from './clock/transport-runs';

/** Most pieces that a file is cut into: an hour of ten seconds each. */
const PIECES_MAX = 360;

/** Larger transport streams are not looked through, in bytes. */
const STREAM_MAX = 256 * 1024 * 1024;

/** Bytes read at a time. */
const CHUNK = 4 * 1024 * 1024;

/** The pieces of a file, in order; null where it is one. */
export async function splitJoined(blob: Blob): Promise<readonly Blob[] | null> {
  const cuts = (await movieCuts(blob)) ?? (await streamCuts(blob));
  if (!cuts) return null;
  const { whole, at } = cuts;
  if (at.length === 0 || at.length >= PIECES_MAX) return null;
  return [0, ...at].map((from, i) => whole.slice(from, at[i] ?? whole.size, blob.type));
}

interface Cuts {
  readonly whole: Blob;
  readonly at: readonly number[];
}

/**
 * Where the next MP4 begins: with its type, and an index of its own. Fragments that repeat both (what a live stream was
 * saved as) are one recording and are read as such.
 */
async function movieCuts(blob: Blob): Promise<Cuts | null> {
  const top = await topBoxes(blob);
  if (top[0]?.type !== 'ftyp') return null;
  const files: Box[][] = [];
  for (const box of top) {
    if (box.type === 'ftyp') files.push([]);
    files.at(-1)!.push(box);
  }
  const is = (boxes: readonly Box[], kind: string): boolean => boxes.some(({ type }) => type === kind);
  const whole = files.filter((boxes) => is(boxes, 'moov'));
  if (whole.length < 2 || whole.every((boxes) => is(boxes, 'moof'))) return { whole: blob, at: [] };
  return { whole: blob, at: whole.slice(1).map((boxes) => boxes[0]!.from) };
}

/** Where a transport stream says that other streams are in it from now on. */
async function streamCuts(blob: Blob): Promise<Cuts | null> {
  const packets = await wholePackets(blob);
  if (!packets || packets.blob.size > STREAM_MAX) return null;
  const { blob: whole, layout } = packets;
  const at: number[] = [];
  let before: string | null = null;
  for await (const { map, from } of mapsIn(whole, layout)) {
    if (before !== null && map !== before) at.push(from);
    before = map;
  }
  return { whole, at };
}

/** The tables of streams in a transport stream, as text, and where the table of programs before each begins. */
async function* mapsIn(
  blob: Blob,
  { stride, offset }: PacketLayout,
): AsyncGenerator<{ readonly map: string; readonly from: number }, void, undefined> {
  const step = Math.floor(CHUNK / stride) * stride;
  let programs = 0;
  const maps = new Set<number>();
  for (let base = 0; base < blob.size; base += step) {
    const bytes = new Uint8Array(await blob.slice(base, base + step).arrayBuffer());
    for (let at = 0; at + stride <= bytes.length; at += stride) {
      const found = mapAt(bytes, at + offset, maps);
      if (found?.kind === 'programs') {
        programs = base + at;
        // Of several programs the first is played.
        maps.clear();
        if (found.programs[0]) maps.add(found.programs[0].map);
      } else if (found) yield { map: JSON.stringify(found.streams), from: programs };
    }
  }
}
