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
  if (!movie) return matroskaLeft(bytes, blob.size);
  const fragmented = top.some(({ type }) => type === 'moof');
  const behind = await behindBoxes(bytes, top.at(-1)?.to ?? 0);
  // Of an index that says more than is there, the player tells when it comes to it.
  if (fragmented) return { unread: behind, cut: (top.at(-1)?.to ?? 0) > blob.size };
  const data = top.filter(({ type }) => type === 'mdat');
  const all = data.reduce((sum, { body, to }) => sum + Math.min(to, blob.size) - body, 0);
  const unread = all - (await sampleBytes(bytes, movie));
  const tells = unread > PADDING && unread > all * PADDING_SHARE;
  return { unread: tells ? { bytes: unread, of: all } : behind, cut: false };
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

/** Bytes behind the last box that are none, unless there are few of them or a recorder filled its file up with zeros. */
async function behindBoxes(bytes: ByteWindow, end: number): Promise<LeftOver['unread']> {
  const { size } = bytes.blob;
  if (size - end <= PADDING) return null;
  const view = await bytes.read(end, PADDING);
  for (let at = 0; at < view.byteLength; at++)
    if (view.getUint8(at) !== 0) return { bytes: size - end, of: size };
  return null;
}

/** Files up to this size are looked at block by block, in bytes. */
const BLOCKS_MAX = 64 * 1024 * 1024;

/** What of a Matroska file is in no block: where bytes are no elements, a demuxer leaves the rest of the cluster. */
async function matroskaLeft(bytes: ByteWindow, size: number): Promise<LeftOver> {
  const top = await elementsIn(bytes, 0, size);
  const segment = top.find(({ id }) => id === ID.segment);
  if (top[0]?.id !== ID.head || !segment) return { unread: null, cut: false };
  const inside = await elementsIn(bytes, segment.body, Math.min(segment.to, size));
  const end = inside.at(-1)?.to ?? segment.body;
  if (end > size) return { unread: null, cut: true };
  let unread = top.at(-1)!.to <= size ? Math.min(segment.to, size) - end : 0;
  if (size <= BLOCKS_MAX)
    for (const { id, body, to } of inside) {
      if (id !== ID.cluster) continue;
      const blocks = await elementsIn(bytes, body, to);
      const stray = blocks.find((block) => !IN_CLUSTER.has(block.id) || block.to > Math.min(to, size));
      unread += Math.max(0, Math.min(to, size) - (stray?.from ?? blocks.at(-1)?.to ?? body));
    }
  return { unread: unread > PADDING_BLOCKS ? { bytes: unread, of: size } : null, cut: false };
}

/** What a cluster holds (RFC 9559, 5.1.3): its times, blocks, fillings and sums. */
const IN_CLUSTER: ReadonlySet<number> = new Set([
  ...[ID.timestamp, ID.simpleBlock, ID.blockGroup],
  ...[0xa7, 0xab, 0xaf, 0x5854, 0xec, 0xbf],
]);

/** Bytes between blocks up to which nobody misses a picture. */
const PADDING_BLOCKS = 64;
