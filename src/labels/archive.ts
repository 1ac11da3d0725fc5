/**
 * ZIP archives of labels, read and written by zip.js (ZIP64, names in UTF-8 and the older code page, split entries).
 * What is said here is what it is given to do: work in this thread, since callers are workers; unpack in small steps,
 * so that an entry that holds more than it says is refused after the first; never hold more than one entry.
 */
import {
  BlobReader,
  configure,
  type Entry,
  ERR_SPLIT_ZIP_FILE,
  type FileEntry,
  Uint8ArrayReader,
  ZipReader,
  ZipWriter,
} from '@zip.js/zip.js/lib/zip-core-custom.js';
import { CarriagewayError } from '../errors';
import { isHidden, leadsOutside, plainPath } from '../media/file-names';

// A thousand times as many bytes may come out of a step.
configure({ useWebWorkers: false, chunkSize: 4096 });

/**
 * Sets how many packed bytes of this thread's archives are unpacked in a step. Where long files are, and what comes out
 * is counted by who takes it, large steps cost a third.
 */
export function unpackInSteps(bytes: number): void {
  configure({ chunkSize: bytes });
}

/** A file of an archive, or what can be read like one. */
export interface ArchiveEntry {
  /** Path inside the archive, with forward slashes. */
  readonly name: string;
  /** Bytes once unpacked, as the archive says. */
  readonly size: number;
  /**
   * Unpacks the file.
   * @throws CarriagewayError `labels-unreadable` when it is damaged, encrypted, too large, or more than it says
   */
  read(): Promise<Uint8Array<ArrayBuffer>>;
}

/** One file of an archive, and how it lies in it. */
export interface PackedEntry extends ArchiveEntry {
  /** Whether the name that was written leads outside of the archive; `name` does not. */
  readonly outside: boolean;
  /** How its bytes are packed; in words where nothing here reads them. */
  readonly packing: 'stored' | 'deflated' | { readonly unread: string };
  /** Bytes that it takes in the archive, as that says. */
  readonly packedSize: number;
  /** When it was last changed, in milliseconds since 1970. */
  readonly changed: number;
  /**
   * The bytes of a stored file as a part of the archive: nothing is read but the head before them.
   * @throws CarriagewayError `labels-unreadable` where they are not there
   */
  slice(): Promise<Blob>;
  /**
   * Unpacks the file piece by piece.
   * @param take may throw, which ends it with what was thrown
   * @throws CarriagewayError `labels-unreadable` as `read` does, but for its size
   */
  unpack(take: (piece: Uint8Array<ArrayBuffer>) => void): Promise<void>;
}

/** Most entries of an archive: a picture and its labels for each frame of six hours at 24 a second. */
const ENTRIES_MAX = 1_048_576;
/** Largest file that is unpacked, in bytes: a label map of 8192 pixels a side. */
const SIZE_MAX = 8193 * 8192 * 2;

const UTF8 = new TextDecoder('utf-8', { fatal: true });

/** Ways of packing that are not read, by their numbers (PKWARE, APPNOTE 4.4.5). */
const METHODS: Readonly<Record<number, string>> = {
  ...{ 1: 'Shrink', 6: 'Implode', 9: 'Deflate64', 12: 'BZIP2', 14: 'LZMA', 93: 'Zstandard', 95: 'XZ' },
  ...{ 96: 'JPEG', 98: 'PPMd' },
};
const STORED = 0;
const DEFLATED = 8;

/**
 * The files of an archive. Folders are left out, and what systems put beside files (`__MACOSX`, `.DS_Store`). Of files
 * with one name the last counts, as with everything that unpacks them one over the other.
 * @throws CarriagewayError `labels-unreadable`
 */
export async function readArchive(blob: Blob): Promise<PackedEntry[]> {
  const entries = new Map<string, PackedEntry>();
  try {
    const reader = new ZipReader(new BlobReader(blob), { filenameValidation: 'tolerant' });
    for await (const entry of reader.getEntriesGenerator()) {
      const written = nameOf(entry);
      const name = plainPath(written);
      if (entry.directory || isHidden(name)) continue;
      if (entries.size === ENTRIES_MAX) throw unreadable(`more than ${ENTRIES_MAX} files`);
      entries.set(name, {
        name,
        size: entry.uncompressedSize,
        outside: leadsOutside(written),
        packing: packingOf(entry),
        packedSize: entry.compressedSize,
        changed: entry.lastModDate.getTime(),
        read: () => read(entry, name),
        slice: () => sliceOf(blob, entry, name),
        unpack: (take) => unpack(entry, name, take),
      });
    }
  } catch (thrown) {
    if (thrown instanceof CarriagewayError) throw thrown;
    const split = thrown instanceof Error && thrown.message === ERR_SPLIT_ZIP_FILE;
    throw unreadable(
      split ? 'one part of a split ZIP: join its parts' : 'not a ZIP archive, cut off, or damaged',
      thrown,
    );
  }
  return [...entries.values()];
}

function packingOf({ encrypted, compressionMethod: method }: FileEntry): PackedEntry['packing'] {
  if (encrypted) return { unread: 'encrypted' };
  if (method === STORED) return 'stored';
  return method === DEFLATED ? 'deflated' : { unread: METHODS[method] ?? `method ${method}` };
}

async function read(entry: FileEntry, name: string): Promise<Uint8Array<ArrayBuffer>> {
  const size = entry.uncompressedSize;
  if (size > SIZE_MAX) throw unreadable(`${name}: ${size} bytes`);
  const parts: Uint8Array<ArrayBuffer>[] = [];
  await unpack(entry, name, (part) => void parts.push(part));
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

async function unpack(
  entry: FileEntry,
  name: string,
  take: (piece: Uint8Array<ArrayBuffer>) => void,
): Promise<void> {
  const size = entry.uncompressedSize;
  const packing = packingOf(entry);
  if (entry.encrypted) throw unreadable(`${name} is encrypted`);
  if (typeof packing === 'object')
    throw unreadable(`${name} is packed as ${packing.unread}; pack it as plain ZIP`);
  let length = 0;
  let ended: { readonly by: unknown } | null = null;
  const sink = new WritableStream<Uint8Array<ArrayBuffer>>({
    write(part) {
      length += part.length;
      if (length > size) throw unreadable(`${name} holds more than the ${size} bytes it says`);
      try {
        take(part);
      } catch (by) {
        ended = { by };
        throw by;
      }
    },
  });
  try {
    await entry.getData(sink, { checkCrc32: true });
  } catch (cause) {
    const { by } = ended ?? { by: null };
    if (by !== null) throw by;
    throw unreadable(`${name}: ${cause instanceof Error ? cause.message : String(cause)}`, cause);
  }
}

/** Bytes before a file's own: a mark, then flags and sizes, then the lengths of its name and of what is behind it. */
const HEAD = 30;

async function sliceOf(archive: Blob, entry: FileEntry, name: string): Promise<Blob> {
  const { offset, uncompressedSize: size } = entry;
  const head = new DataView(await archive.slice(offset, offset + HEAD).arrayBuffer());
  if (head.byteLength < HEAD || head.getUint32(0) !== 0x504b0304) throw unreadable(`${name} is not in it`);
  const begin = offset + HEAD + head.getUint16(26, true) + head.getUint16(28, true);
  if (size !== entry.compressedSize || begin + size > archive.size) throw unreadable(`${name} is cut off`);
  return archive.slice(begin, begin + size);
}

/** Many tools write UTF-8 without saying so; what is none is in the older code page. */
function nameOf(entry: Entry): string {
  let name = entry.filename;
  try {
    name = UTF8.decode(entry.rawFilename);
  } catch {
    // As zip.js read it.
  }
  return name;
}

/** Takes bytes in order; resolves when it can take more. */
export type ByteSink = (bytes: Uint8Array<ArrayBuffer>) => Promise<void>;

/** One archive, written entry by entry as it is made. Entries are stored as they are: pictures are packed already. */
export class ArchiveWriter {
  readonly #zip: ZipWriter<unknown>;

  constructor(sink: ByteSink) {
    const stream = new WritableStream<Uint8Array<ArrayBuffer>>({ write: (bytes) => sink(bytes) });
    this.#zip = new ZipWriter(stream, {
      level: 0,
      // Sizes stand before the data, as readers of streams need them; the date is fixed, so that archives of the same
      // masks are the same bytes.
      dataDescriptor: false,
      extendedTimestamp: false,
      lastModDate: new Date(1980, 0, 1),
    });
  }

  /** Adds a file; resolves when it is written. */
  async add(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    await this.#zip.add(name, new Uint8ArrayReader(bytes));
  }

  /** Writes the directory; nothing can be added after it. */
  async finish(): Promise<void> {
    await this.#zip.close();
  }
}

function unreadable(detail: string, cause?: unknown): CarriagewayError {
  return new CarriagewayError('labels-unreadable', detail, { cause });
}
