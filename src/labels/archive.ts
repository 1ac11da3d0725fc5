/**
 * ZIP archives of labels, read and written by zip.js (ZIP64, names in UTF-8 and the older code page, split entries).
 * What is said here is what it is given to do: work in this thread, since callers are workers; unpack in small steps,
 * so that an entry that holds more than it says is refused after the first; never hold more than one entry.
 */
import {
  BlobReader,
  configure,
  type Entry,
  type FileEntry,
  Uint8ArrayReader,
  ZipReader,
  ZipWriter,
} from '@zip.js/zip.js/lib/zip-core-custom.js';
import { CarriagewayError } from '../errors';
import { isHidden, plainPath } from '../media/file-names';

// A thousand times as many bytes may come out of a step.
configure({ useWebWorkers: false, chunkSize: 4096 });

/** One file of an archive. */
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
export async function readArchive(blob: Blob): Promise<ArchiveEntry[]> {
  const entries = new Map<string, ArchiveEntry>();
  try {
    const reader = new ZipReader(new BlobReader(blob), { filenameValidation: 'tolerant' });
    for await (const entry of reader.getEntriesGenerator()) {
      const name = nameOf(entry);
      if (entry.directory || isHidden(name)) continue;
      if (entries.size === ENTRIES_MAX) throw unreadable(`more than ${ENTRIES_MAX} files`);
      entries.set(name, { name, size: entry.uncompressedSize, read: () => unpack(entry, name) });
    }
  } catch (thrown) {
    throw thrown instanceof CarriagewayError
      ? thrown
      : unreadable('not a ZIP archive, cut off, or damaged', thrown);
  }
  return [...entries.values()];
}

async function unpack(entry: FileEntry, name: string): Promise<Uint8Array<ArrayBuffer>> {
  const size = entry.uncompressedSize;
  if (size > SIZE_MAX) throw unreadable(`${name}: ${size} bytes`);
  if (entry.encrypted) throw unreadable(`${name} is encrypted`);
  const { compressionMethod: method } = entry;
  if (method !== STORED && method !== DEFLATED)
    throw unreadable(`${name} is packed as ${METHODS[method] ?? `method ${method}`}; pack it as plain ZIP`);
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  const sink = new WritableStream<Uint8Array<ArrayBuffer>>({
    write(part) {
      length += part.length;
      if (length > size) throw unreadable(`${name} holds more than the ${size} bytes it says`);
      parts.push(part);
    },
  });
  try {
    await entry.getData(sink, { checkCrc32: true });
  } catch (cause) {
    throw unreadable(`${name}: ${cause instanceof Error ? cause.message : String(cause)}`, cause);
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

/** Many tools write UTF-8 without saying so; what is none is in the older code page. */
function nameOf(entry: Entry): string {
  let name = entry.filename;
  try {
    name = UTF8.decode(entry.rawFilename);
  } catch {
    // As zip.js read it.
  }
  return plainPath(name);
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
