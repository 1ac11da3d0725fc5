/**
 * Reads a ZIP archive out of a file, entry by entry, without loading the whole of it. Stored and deflated entries, with
 * 64-bit records where they are (PKWARE APPNOTE 6.3.10).
 */
import { CarriagewayError } from '../errors';
import { through } from './label-png';

/** One file of an archive. */
export interface ZipEntry {
  readonly name: string;
  /** Bytes once unpacked. */
  readonly size: number;
  /** @throws CarriagewayError `labels-unreadable` */
  read(): Promise<Uint8Array>;
}

const UTF8 = new TextDecoder();

/** The end record with the longest comment, and the 64-bit locator before it. */
const TAIL = 22 + 65535 + 20;
/** Most entries of an archive: a picture and its labels for each frame of six hours at 24 a second. */
const ENTRIES_MAX = 1_048_576;
/** Largest file that is unpacked: a label map of 8192 pixels a side. */
const SIZE_MAX = 8193 * 8192 * 2;

/**
 * The files of an archive; folders are left out.
 * @throws CarriagewayError `labels-unreadable`
 */
export async function readZip(blob: Blob): Promise<ZipEntry[]> {
  const tailAt = Math.max(0, blob.size - TAIL);
  const tail = new DataView(await blob.slice(tailAt).arrayBuffer());
  let end = tail.byteLength - 22;
  while (end >= 0 && tail.getUint32(end, true) !== 0x06054b50) end--;
  if (end < 0) throw unreadable('not a ZIP archive, or cut off');
  let count = tail.getUint16(end + 10, true);
  let size = tail.getUint32(end + 12, true);
  let start = tail.getUint32(end + 16, true);
  if (end >= 20 && tail.getUint32(end - 20, true) === 0x07064b50) {
    const at = Number(tail.getBigUint64(end - 12, true));
    const wide = new DataView(await blob.slice(at, at + 56).arrayBuffer());
    if (wide.byteLength < 56 || wide.getUint32(0, true) !== 0x06064b50) throw unreadable('damaged');
    count = Number(wide.getBigUint64(32, true));
    size = Number(wide.getBigUint64(40, true));
    start = Number(wide.getBigUint64(48, true));
  }
  if (count > ENTRIES_MAX || start + size > blob.size) throw unreadable('damaged');
  return directory(blob, new DataView(await blob.slice(start, start + size).arrayBuffer()), count);
}

function directory(blob: Blob, view: DataView, count: number): ZipEntry[] {
  const entries: ZipEntry[] = [];
  let at = 0;
  for (let n = 0; n < count; n++) {
    if (at + 46 > view.byteLength || view.getUint32(at, true) !== 0x02014b50) throw unreadable('damaged');
    const method = view.getUint16(at + 10, true);
    const packed = view.getUint32(at + 20, true);
    const size = view.getUint32(at + 24, true);
    const [nameLength, extraLength, noteLength] = [28, 30, 32].map((o) => view.getUint16(at + o, true));
    const name = UTF8.decode(new Uint8Array(view.buffer, view.byteOffset + at + 46, nameLength));
    const extra = at + 46 + nameLength!;
    const offset = wideOffset(view, extra, extraLength!) ?? view.getUint32(at + 42, true);
    if (!name.endsWith('/'))
      entries.push({ name, size, read: () => unpack(blob, { offset, method, packed, size }) });
    at = extra + extraLength! + noteLength!;
  }
  return entries;
}

/** The offset in the 64-bit field, when it is the only number that is there (as archives written here have it). */
function wideOffset(view: DataView, at: number, length: number): number | null {
  if (length !== 12 || at + 12 > view.byteLength || view.getUint16(at, true) !== 1) return null;
  return Number(view.getBigUint64(at + 4, true));
}

async function unpack(
  blob: Blob,
  { offset, method, packed, size }: { offset: number; method: number; packed: number; size: number },
): Promise<Uint8Array> {
  if (size > SIZE_MAX) throw unreadable(`an entry of ${size} bytes`);
  const header = new DataView(await blob.slice(offset, offset + 30).arrayBuffer());
  if (header.byteLength < 30 || header.getUint32(0, true) !== 0x04034b50) throw unreadable('damaged');
  const from = offset + 30 + header.getUint16(26, true) + header.getUint16(28, true);
  const bytes = new Uint8Array(await blob.slice(from, from + packed).arrayBuffer());
  if (method === 0) return bytes;
  if (method !== 8) throw unreadable(`packed in a way (${method}) that is not read here`);
  try {
    return await through(bytes, new DecompressionStream('deflate-raw'));
  } catch {
    throw unreadable('an entry cannot be unpacked');
  }
}

function unreadable(detail: string): CarriagewayError {
  return new CarriagewayError('labels-unreadable', detail);
}
