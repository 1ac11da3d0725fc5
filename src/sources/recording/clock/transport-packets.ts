/** Packets of an MPEG transport stream, as far as times are concerned (ISO/IEC 13818-1, 2.4.3). */

/** How packets lie in a file: every `stride` bytes one, the first sync byte at `offset`. */
export interface PacketLayout {
  readonly stride: number;
  readonly offset: number;
}

/** Bytes of a packet, from its sync byte on. */
export const PACKET = 188;

/** The first byte of a packet. */
export const SYNC = 0x47;

/** Ticks of the clock in a second. */
export const TICKS = 90_000;

/** Where the clock of 33 bits begins again, in ticks. */
export const MODULUS = 2 ** 33;

/** Plain packets, those with a time code of four bytes in front (AVCHD), and those with sixteen bytes of correction. */
export const STREAM_LAYOUTS: readonly PacketLayout[] = [
  { stride: PACKET, offset: 0 },
  { stride: PACKET + 4, offset: 4 },
  { stride: PACKET + 16, offset: 0 },
];

/** The time stamps with which a unit of a stream begins. */
export interface UnitTimes {
  readonly pid: number;
  readonly video: boolean;
  /** Time of presentation in ticks, and where its five bytes lie. */
  readonly pts: number;
  readonly ptsAt: number;
  /** Time of decoding in ticks; null when it is that of presentation. */
  readonly dts: number | null;
}

/**
 * The times in a packet that begins a unit (PES packet) of sound or pictures; null in all others.
 * @param at position of the sync byte; a whole packet follows
 */
export function timesAt(bytes: Uint8Array, at: number): UnitTimes | null {
  // Begins a unit, has a payload.
  if (bytes[at] !== SYNC || !(bytes[at + 1]! & 0x40) || !(bytes[at + 3]! & 0x10)) return null;
  const pid = pidOf(bytes, at);
  const from = at + 4 + (bytes[at + 3]! & 0x20 ? 1 + bytes[at + 4]! : 0);
  if (from + 19 > at + PACKET) return null;
  if (bytes[from] !== 0 || bytes[from + 1] !== 0 || bytes[from + 2] !== 1) return null;
  const stream = bytes[from + 3]!;
  const video = (stream & 0xf0) === 0xe0;
  // Sound as MPEG has it, or as private data (AC-3).
  const sound = (stream & 0xe0) === 0xc0 || stream === 0xbd || stream === 0xfd;
  const flags = bytes[from + 7]! >> 6;
  if (!(video || sound) || flags < 2) return null;
  const pts = readTime(bytes, from + 9);
  return { pid, video, pts, ptsAt: from + 9, dts: flags === 3 ? readTime(bytes, from + 14) : null };
}

/** A time of 33 bits, spread over five bytes with marker bits between. */
function readTime(bytes: Uint8Array, at: number): number {
  const high = (bytes[at]! >> 1) & 7;
  const middle = (bytes[at + 1]! << 7) | (bytes[at + 2]! >> 1);
  const low = (bytes[at + 3]! << 7) | (bytes[at + 4]! >> 1);
  return high * 2 ** 30 + middle * 2 ** 15 + low;
}

/** Writes a time over another; the bits around it stay. */
export function writeTime(bytes: Uint8Array, at: number, ticks: number): void {
  const middle = Math.floor(ticks / 2 ** 15) % 2 ** 15;
  const low = ticks % 2 ** 15;
  bytes[at] = (bytes[at]! & 0xf1) | ((Math.floor(ticks / 2 ** 30) & 7) << 1);
  bytes[at + 1] = middle >> 7;
  bytes[at + 2] = ((middle << 1) & 0xff) | (bytes[at + 2]! & 1);
  bytes[at + 3] = low >> 7;
  bytes[at + 4] = ((low << 1) & 0xff) | (bytes[at + 4]! & 1);
}

/** Ticks from one time to another the short way round: the clock's beginning anew is none. */
export function ticksBetween(from: number, to: number): number {
  const ahead = (((to - from) % MODULUS) + MODULUS) % MODULUS;
  return ahead >= MODULUS / 2 ? ahead - MODULUS : ahead;
}

/** What a packet of tables says, and where in the bytes its table begins. */
export type TableFound =
  /** The programs (2.4.4.3). */
  | { readonly kind: 'programs'; readonly from: number; readonly programs: readonly Program[] }
  /** The streams of a program (2.4.4.8): their kinds and numbers. */
  | { readonly kind: 'streams'; readonly from: number; readonly streams: readonly StreamKind[] };

/** A program in the table of them. */
export interface Program {
  /** Where its number is written. */
  readonly at: number;
  /** Number of the stream that the table of its streams is in. */
  readonly map: number;
}

/** A stream in the table of a program's. */
export interface StreamKind {
  /** ISO/IEC 13818-1, table 2-34. */
  readonly kind: number;
  readonly pid: number;
}

/** Number of the stream that a packet is of. @param at position of the sync byte */
export function pidOf(bytes: Uint8Array, at: number): number {
  return pidAt(bytes, at + 1);
}

/** Thirteen bits of two bytes. */
function pidAt(bytes: Uint8Array, place: number): number {
  return ((bytes[place]! & 0x1f) << 8) | bytes[place + 1]!;
}

/** The table of programs has this number. */
const PROGRAMS = 0;
const [PROGRAM_TABLE, STREAM_TABLE] = [0x00, 0x02];

/**
 * The table that begins in a packet; null in all others, and where it goes on in the next one.
 * @param at position of the sync byte; a whole packet follows
 * @param maps numbers of the streams that tables of streams are in
 */
export function mapAt(bytes: Uint8Array, at: number, maps: ReadonlySet<number>): TableFound | null {
  if (bytes[at] !== SYNC || !(bytes[at + 1]! & 0x40) || !(bytes[at + 3]! & 0x10)) return null;
  const pid = pidOf(bytes, at);
  if (pid !== PROGRAMS && !maps.has(pid)) return null;
  const adapted = at + 4 + (bytes[at + 3]! & 0x20 ? 1 + bytes[at + 4]! : 0);
  const from = adapted + 1 + (bytes[adapted] ?? 0);
  const end = from + 3 + (((bytes[from + 1]! & 0x0f) << 8) | bytes[from + 2]!) - 4;
  if (!(end <= at + PACKET) || end < from + 8) return null;
  if (pid === PROGRAMS && bytes[from] === PROGRAM_TABLE) {
    const programs: Program[] = [];
    for (let p = from + 8; p + 4 <= end; p += 4)
      // Number 0 is the network's own table.
      if (bytes[p] !== 0 || bytes[p + 1] !== 0) programs.push({ at: p, map: pidAt(bytes, p + 2) });
    return { kind: 'programs', from, programs };
  }
  if (pid === PROGRAMS || bytes[from] !== STREAM_TABLE) return null;
  const streams: StreamKind[] = [];
  for (let p = from + 12 + (((bytes[from + 10]! & 0x0f) << 8) | bytes[from + 11]!); p + 5 <= end; ) {
    streams.push({ kind: bytes[p]!, pid: pidAt(bytes, p + 1) });
    p += 5 + (((bytes[p + 3]! & 0x0f) << 8) | bytes[p + 4]!);
  }
  return { kind: 'streams', from, streams };
}
