/**
 * Of a transport stream with several programs (a receiver's, or a recorder's of several cameras) the first one whose
 * pictures are read: demuxers take streams of one alone.
 */
import { PatchedFile } from './patched-file';
import { mapAt, PACKET, type PacketLayout, SYNC } from './transport-packets';

/** What is played. */
export interface ChosenProgram {
  /** The file, in whose table of programs there is that one alone. */
  readonly blob: Blob;
  /** Numbers of its streams. */
  readonly pids: ReadonlySet<number>;
  /** How many others there are. */
  readonly others: number;
}

/** Bytes in which tables are looked for: they come several times a second. */
const HEAD = 2 * 1024 * 1024;

/** Kinds of streams whose pictures are read (ISO/IEC 13818-1, table 2-34): AVC and HEVC. */
const PICTURES: ReadonlySet<number> = new Set([0x1b, 0x24]);

/** The number of a table that is none. */
const STUFFING = 0xff;

/** One entry of the table of programs, or a table of streams. */
interface Entry {
  /** Where its number is written. */
  readonly at: number;
  /** Number of the stream that the table of its streams is in. */
  readonly map: number;
}

/** Chooses one; null where there are not several. */
export async function chooseProgram(
  blob: Blob,
  { stride, offset }: PacketLayout,
): Promise<ChosenProgram | null> {
  const bytes = new Uint8Array(await blob.slice(0, HEAD).arrayBuffer());
  const tables: Entry[][] = [];
  const streams = new Map<number, readonly (readonly [kind: number, pid: number])[]>();
  const heads: Entry[] = [];
  for (let at = offset; at + PACKET <= bytes.length; at += stride) {
    const entries = programsAt(bytes, at);
    if (entries.length > 0) tables.push(entries);
    const pid = ((bytes[at + 1]! & 0x1f) << 8) | bytes[at + 2]!;
    const found = pid === 0 ? null : mapAt(bytes, at, new Set([pid]));
    if (found?.kind !== 'streams') continue;
    heads.push({ at: sectionAt(bytes, at), map: pid });
    const pairs = found.streams.split(',').map((each) => each.split(':').map(Number) as [number, number]);
    streams.set(pid, pairs);
  }
  const [first] = tables;
  if (!first || first.length < 2) return null;
  const shows = ({ map }: Entry): boolean => (streams.get(map) ?? []).some(([kind]) => PICTURES.has(kind));
  const { map } = first.find(shows) ?? first[0]!;
  const others = ({ map: other }: Entry): boolean => other !== map;
  const patches = [
    // Number 0 is the network's own table, and no program.
    ...tables
      .flat()
      .filter(others)
      .map(({ at }) => ({ at, bytes: new Uint8Array(2) })),
    // A demuxer may take the first table of streams that comes along.
    ...heads.filter(others).map(({ at }) => ({ at, bytes: Uint8Array.of(STUFFING) })),
  ].sort((a, b) => a.at - b.at);
  return {
    blob: new PatchedFile(blob, patches),
    pids: new Set((streams.get(map) ?? []).map(([, pid]) => pid)),
    others: first.length - 1,
  };
}

/** The programs of a packet that holds their table; none of any other. */
function programsAt(bytes: Uint8Array, at: number): Entry[] {
  const begins = bytes[at] === SYNC && (bytes[at + 1]! & 0x5f) === 0x40 && bytes[at + 2] === 0;
  if (!begins || !(bytes[at + 3]! & 0x10)) return [];
  const from = sectionAt(bytes, at);
  const end = from + 3 + (((bytes[from + 1]! & 0x0f) << 8) | bytes[from + 2]!) - 4;
  if (bytes[from] !== 0 || !(end <= at + PACKET)) return [];
  const entries: Entry[] = [];
  for (let p = from + 8; p + 4 <= end; p += 4)
    if (bytes[p] !== 0 || bytes[p + 1] !== 0)
      entries.push({ at: p, map: ((bytes[p + 2]! & 0x1f) << 8) | bytes[p + 3]! });
  return entries;
}

/** Where the table begins that a packet holds. */
function sectionAt(bytes: Uint8Array, at: number): number {
  const adapted = at + 4 + (bytes[at + 3]! & 0x20 ? 1 + bytes[at + 4]! : 0);
  return adapted + 1 + (bytes[adapted] ?? 0);
}
