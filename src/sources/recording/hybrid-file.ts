/**
 * MP4 files of which the first part is in the index and the rest in fragments behind it. The demuxer reads the index and
 * leaves the rest without a word (reported: see `docs/upstream.md`), so the two are read as two files, one behind the
 * other.
 */
import { type Box, boxesAt, boxesIn, patched, topBoxes } from './clock/boxes';
import { ByteWindow } from './clock/byte-window';

/** Tables of samples, and where their counts stand in them, behind version and flags. */
const COUNTS: Readonly<Record<string, number>> = {
  stts: 4,
  ctts: 4,
  stss: 4,
  stsc: 4,
  stco: 4,
  co64: 4,
  stsz: 8,
  stz2: 8,
};

/**
 * A file's indexed part and its fragments, as two files; null when it does not have both. Every byte stays where it is, since
 * places in it are counted from its beginning.
 */
export async function splitHybrid(blob: Blob): Promise<readonly [indexed: Blob, fragments: Blob] | null> {
  const bytes = new ByteWindow(blob);
  const top = await topBoxes(blob);
  const movie = top.find(({ type }) => type === 'moov');
  const first = top.find(({ type }) => type === 'moof');
  if (!movie || !first || movie.to > blob.size) return null;
  const [extends_] = await boxesAt(bytes, movie, 'mvex');
  const tables: Box[] = [];
  let samples = 0;
  for (const table of await boxesAt(bytes, movie, 'trak', 'mdia', 'minf', 'stbl'))
    for (const box of await boxesIn(bytes, table.body, table.to)) {
      const place = COUNTS[box.type];
      if (place === undefined) continue;
      tables.push(box);
      if (place === 8) samples += (await bytes.read(box.body + 8, 4)).getUint32(0);
    }
  if (!extends_ || samples === 0) return null;
  const free = { at: extends_.from + 4, bytes: new TextEncoder().encode('free') };
  const indexed = patched(blob.slice(0, first.from, blob.type), [free]);
  const none = tables
    .map(({ type, body }) => ({ at: body + COUNTS[type]!, bytes: new Uint8Array(4) }))
    .sort((a, b) => a.at - b.at);
  return [indexed, patched(blob, none)];
}
