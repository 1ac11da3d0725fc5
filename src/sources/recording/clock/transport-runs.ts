/**
 * The whole packets of a transport stream. Captured streams begin in the middle of a packet, recorders that lost power
 * leave bytes between packets, and cards fill a file up with zeros: a demuxer gives up at the first byte that is none of
 * a packet. Such a file is given out without the bytes in between.
 */
import { PACKET, type PacketLayout, STREAM_LAYOUTS, SYNC } from './transport-packets';

/** A transport stream of which every packet is whole. */
export interface WholePackets {
  readonly blob: Blob;
  readonly layout: PacketLayout;
  /** Bytes of the file that are in no packet, its ends left out as far as they are short. */
  readonly dropped: number;
}

/** Bytes that tell files of other kinds. */
const GLANCE = 16;

/** Bytes in which the first packet is looked for. */
const HEAD = 64 * 1024;

/** Packets in a row that prove a stream: where the file begins with one, and anywhere else. */
const PROOF = 4;
const PROOF_LATER = 16;

/** Packets in a row behind a damage. */
const PROOF_AGAIN = 5;

/** Bytes read at a time. */
const CHUNK = 4 * 1024 * 1024;

/** Larger files are looked through only where a look at every so many bytes finds no packet. Bytes. */
const WHOLE_MAX = 256 * 1024 * 1024;
const LOOK_EVERY = 8 * 1024 * 1024;

/** Bytes at either end that nobody misses: the rest of a packet, what a recorder filled up. */
const END = 4096;

const FOUND = new WeakMap<Blob, Promise<WholePackets | null>>();

/** The packets of a file; null when it is no transport stream. */
export function wholePackets(blob: Blob): Promise<WholePackets | null> {
  let found = FOUND.get(blob);
  if (!found) {
    found = packetsOf(blob);
    FOUND.set(blob, found);
  }
  return found;
}

async function packetsOf(blob: Blob): Promise<WholePackets | null> {
  const first = new Uint8Array(await blob.slice(0, GLANCE).arrayBuffer());
  if (isOther(first)) return null;
  const found = beginOf(new Uint8Array(await blob.slice(0, HEAD).arrayBuffer()));
  if (!found) return null;
  const { layout, at } = found;
  const fine = at === 0 && (await isAligned(blob, layout));
  const runs = fine ? [] : await runsOf(blob, layout, at);
  const [one] = runs;
  if (!one || (runs.length === 1 && one.from === 0 && blob.size - one.to < layout.stride))
    return { blob, layout, dropped: 0 };
  const parts = runs.map(({ from, to }) => blob.slice(from, to));
  const kept = runs.reduce((sum, { from, to }) => sum + to - from, 0);
  const ends = one.from + blob.size - runs.at(-1)!.to;
  const between = blob.size - kept - ends;
  return { blob: new Blob(parts), layout, dropped: between + (ends > END ? ends : 0) };
}

/** Where packets begin, and how they lie; null when there are none. */
function beginOf(head: Uint8Array): { readonly layout: PacketLayout; readonly at: number } | null {
  const at0 = STREAM_LAYOUTS.find((layout) => holds(head, 0, layout, PROOF));
  if (at0) return { layout: at0, at: 0 };
  for (let at = 1; at < head.length; at++) {
    if (head[at] !== SYNC && head[at + 4] !== SYNC) continue;
    const layout = STREAM_LAYOUTS.find((each) => holds(head, at, each, PROOF_LATER));
    if (layout) return { layout, at };
  }
  return null;
}

/** Whether so many packets follow each other; of a short file those that it has, two at least. */
function holds(bytes: Uint8Array, at: number, { stride, offset }: PacketLayout, proof: number): boolean {
  let found = 0;
  while (found < proof && bytes[at + offset + found * stride] === SYNC) found++;
  const most = Math.floor((bytes.length - at - offset) / stride);
  return found >= 2 && found >= Math.min(proof, most);
}

/** Files of another kind say so in their first bytes: MP4, Matroska, RIFF, Ogg, pictures, archives. */
function isOther(head: Uint8Array): boolean {
  const begins = String.fromCharCode(...head.subarray(0, 8));
  return (
    /^(.E\xdf\xa3|RIFF|OggS|PK|\x89PNG|\xff\xd8|FLV|0&\xb2u)/s.test(begins) ||
    /^(ftyp|moov|mdat|free|skip|wide|pnot|moof|styp)$/.test(begins.slice(4))
  );
}

/** Whether packets lie where they should; a large file is looked at here and there. */
async function isAligned(blob: Blob, { stride, offset }: PacketLayout): Promise<boolean> {
  const whole = blob.size <= WHOLE_MAX;
  const step = Math.floor((whole ? CHUNK : LOOK_EVERY) / stride) * stride;
  for (let from = 0; from + offset < blob.size; from += step) {
    const length = whole ? step : PROOF * stride;
    const bytes = new Uint8Array(await blob.slice(from, from + length).arrayBuffer());
    for (let at = offset; at < bytes.length; at += stride) if (bytes[at] !== SYNC) return false;
  }
  return true;
}

/** Stretches of whole packets, in order. @param first where the first packet begins */
async function runsOf(
  blob: Blob,
  { stride, offset }: PacketLayout,
  first: number,
): Promise<readonly { readonly from: number; readonly to: number }[]> {
  const runs: { from: number; to: number }[] = [];
  let [base, bytes] = [0, new Uint8Array(0)];
  const byteAt = async (at: number): Promise<number | undefined> => {
    if (at < base || at >= base + bytes.length) {
      // Backwards goes no further than some packets.
      base = Math.max(0, at - PROOF_LATER * stride);
      bytes = new Uint8Array(await blob.slice(base, base + CHUNK).arrayBuffer());
    }
    return bytes[at - base];
  };
  /** The first place from which packets follow each other, or the end. */
  const nextFrom = async (from: number): Promise<number> => {
    for (let at = from; at + offset + PACKET <= blob.size; at++) {
      let found = 0;
      while (found < PROOF_AGAIN && (await byteAt(at + offset + found * stride)) === SYNC) found++;
      if (found === PROOF_AGAIN || (found > 0 && at + found * stride + offset >= blob.size)) return at;
    }
    return blob.size;
  };
  for (let at = first; at + offset + PACKET <= blob.size; ) {
    const from = at;
    while (at + offset + PACKET <= blob.size && (await byteAt(at + offset)) === SYNC) at += stride;
    const ended = at + offset + PACKET > blob.size;
    const again = ended ? blob.size : await nextFrom(Math.max(from, at - stride) + 1);
    // The packet before bytes that are missing, or too many, is damaged itself, as likely as not.
    const to = again < blob.size ? Math.max(from, at - stride) : at;
    if (to > from) runs.push({ from, to: Math.min(to, blob.size) });
    at = again;
  }
  return runs;
}
