/** What of a file is not shown: bytes that its index does not speak of, and an end that is missing. */
import { type Box, boxesAt, topBoxes } from './clock/boxes';
import { ByteWindow } from './clock/byte-window';
import { elementsIn, ID } from './clock/elements';

/** What was found. */
export interface LeftOver {
  /** Bytes of media data that belong to no sample of any track, and all of them; null where that cannot be told. */
  readonly unread: { readonly bytes: number; readonly of: number } | null;
  /** Whether the file ends in the middle of something. */
  readonly cut: boolean;
}

/** Share of the media data, and bytes, up to which recorders leave gaps between samples. */
const PADDING_SHARE = 0.1;
const PADDING = 4096;

/** Looks at a file; nothing of it is decoded. */
export async function leftOver(blob: Blob): Promise<LeftOver> {
  const bytes = new ByteWindow(blob);
  const top = await topBoxes(blob);
  const movie = top.find(({ type }) => type === 'moov');
  if (!movie) return { unread: null, cut: await isMatroskaCut(bytes, blob.size) };
  const fragmented = top.some(({ type }) => type === 'moof');
  // Of an index that says more than is there, the player tells when it comes to it.
  if (fragmented) return { unread: null, cut: (top.at(-1)?.to ?? 0) > blob.size };
  const data = top.filter(({ type }) => type === 'mdat');
  const all = data.reduce((sum, { body, to }) => sum + Math.min(to, blob.size) - body, 0);
  const unread = all - (await sampleBytes(bytes, movie));
  const tells = unread > PADDING && unread > all * PADDING_SHARE;
  return { unread: tells ? { bytes: unread, of: all } : null, cut: false };
}

/** Whether an MP4 with a whole index ends before its media data does. */
export async function endsEarly(blob: Blob): Promise<boolean> {
  const top = await topBoxes(blob);
  return top.some(({ type, to }) => type === 'moov' && to <= blob.size) && (top.at(-1)?.to ?? 0) > blob.size;
}

/** How many samples the index of an MP4 has for a track; null when it has none. @param id of the track */
export async function samplesInIndex(blob: Blob, id: number): Promise<number | null> {
  const bytes = new ByteWindow(blob);
  const movie = (await topBoxes(blob)).find(({ type }) => type === 'moov');
  if (!movie) return null;
  for (const track of await boxesAt(bytes, movie, 'trak')) {
    const [header] = await boxesAt(bytes, track, 'tkhd');
    const [sizes] = await boxesAt(bytes, track, 'mdia', 'minf', 'stbl', 'stsz');
    if (!header || !sizes) continue;
    const head = await bytes.read(header.body, 24);
    if (head.byteLength < 24 || head.getUint32(head.getUint8(0) === 1 ? 20 : 12) !== id) continue;
    const view = await bytes.read(sizes.body, 12);
    return (view.byteLength === 12 && view.getUint32(8)) || null;
  }
  return null;
}

/** Bytes of all samples of all tracks, by their tables. */
async function sampleBytes(bytes: ByteWindow, movie: Box): Promise<number> {
  let sum = 0;
  for (const { type, body, to } of [
    ...(await boxesAt(bytes, movie, 'trak', 'mdia', 'minf', 'stbl', 'stsz')),
    ...(await boxesAt(bytes, movie, 'trak', 'mdia', 'minf', 'stbl', 'stz2')),
  ]) {
    const view = await bytes.read(body, to - body);
    if (view.byteLength < 12) continue;
    const count = view.getUint32(8);
    const each = type === 'stsz' ? view.getUint32(4) : 0;
    if (each > 0) {
      sum += each * count;
      continue;
    }
    const bits = type === 'stsz' ? 32 : view.getUint8(7);
    for (let i = 0; i < count && 12 + ((i + 1) * bits) / 8 <= view.byteLength; i++)
      sum += sizeAt(view, i, bits);
  }
  return sum;
}

function sizeAt(view: DataView, index: number, bits: number): number {
  if (bits === 32) return view.getUint32(12 + 4 * index);
  if (bits === 16) return view.getUint16(12 + 2 * index);
  if (bits === 8) return view.getUint8(12 + index);
  const both = view.getUint8(12 + (index >> 1));
  return index % 2 === 0 ? both >> 4 : both & 15;
}

/** Whether the last cluster of a Matroska file says to be longer than what is left. */
async function isMatroskaCut(bytes: ByteWindow, size: number): Promise<boolean> {
  const top = await elementsIn(bytes, 0, size);
  const segment = top.find(({ id }) => id === ID.segment);
  if (top[0]?.id !== ID.head || !segment) return false;
  return ((await elementsIn(bytes, segment.body, Math.min(segment.to, size))).at(-1)?.to ?? 0) > size;
}
