/**
 * Of a transport stream with several programs (a receiver's, or a recorder's of several cameras) the first one whose
 * pictures are read: demuxers take streams of one alone.
 */
import { PatchedFile } from './patched-file';
import { mapAt, PACKET, type PacketLayout, type Program, pidOf, type StreamKind } from './transport-packets';

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

/** No stream. */
const NONE: ReadonlySet<number> = new Set();

/** Chooses one; null where there are not several. */
export async function chooseProgram(blob: Blob, layout: PacketLayout): Promise<ChosenProgram | null> {
  const bytes = new Uint8Array(await blob.slice(0, HEAD).arrayBuffer());
  const programs: Program[] = [];
  let first: readonly Program[] | null = null;
  for (const at of packetsOf(bytes, layout)) {
    const found = mapAt(bytes, at, NONE);
    if (found?.kind !== 'programs' || found.programs.length === 0) continue;
    first ??= found.programs;
    if (first.length < 2) return null;
    programs.push(...found.programs);
  }
  if (!first) return null;
  const maps = new Set(programs.map(({ map }) => map));
  const streams = new Map<number, readonly StreamKind[]>();
  const heads: Program[] = [];
  for (const at of packetsOf(bytes, layout)) {
    const found = mapAt(bytes, at, maps);
    if (found?.kind !== 'streams') continue;
    const map = pidOf(bytes, at);
    heads.push({ at: found.from, map });
    streams.set(map, found.streams);
  }
  const shows = ({ map }: Program): boolean =>
    (streams.get(map) ?? []).some(({ kind }) => PICTURES.has(kind));
  const { map } = first.find(shows) ?? first[0]!;
  const others = ({ map: other }: Program): boolean => other !== map;
  const patches = [
    // Number 0 is the network's own table, and no program.
    ...programs.filter(others).map(({ at }) => ({ at, bytes: new Uint8Array(2) })),
    // A demuxer may take the first table of streams that comes along.
    ...heads.filter(others).map(({ at }) => ({ at, bytes: Uint8Array.of(STUFFING) })),
  ].sort((a, b) => a.at - b.at);
  return {
    blob: new PatchedFile(blob, patches),
    pids: new Set((streams.get(map) ?? []).map(({ pid }) => pid)),
    others: first.length - 1,
  };
}

/** Where the whole packets begin. */
function* packetsOf(bytes: Uint8Array, { stride, offset }: PacketLayout): Generator<number, void, undefined> {
  for (let at = offset; at + PACKET <= bytes.length; at += stride) yield at;
}
