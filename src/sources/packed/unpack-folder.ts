/**
 * A ZIP in which somebody packed a folder of recordings, of photographs, or of tracks: its files, so that they are opened
 * as those of the folder are. A ZIP of labels stays one. What is stored as it is stays where it is, and is read when it
 * is played; what is deflated is unpacked, within bounds. What is left out is named.
 */
import { CarriagewayError } from '../../errors';
import { type PackedEntry, readArchive } from '../../labels/archive';
import { readLabelName } from '../../labels/reading/label-names';
import {
  ARCHIVE,
  FOREIGN_ARCHIVE,
  FOREIGN_PICTURE,
  FOREIGN_VIDEO,
  MAP,
  PICTURE,
  SHARED_MASKS,
  SMALL_COPY,
  TRACK,
  VIDEO,
} from '../../media/file-kinds';

/** Why a file of an archive is left out. */
export type PackedReason =
  | 'encrypted'
  | 'packing'
  | 'nested'
  | 'foreign'
  | 'damaged'
  | 'too-many'
  | 'too-large'
  | 'too-dense'
  | 'too-long';

/** A file that is left out. */
export interface LeftEntry {
  readonly path: string;
  readonly why: PackedReason;
  /** How it is packed, where nothing here reads that. */
  readonly packing?: string;
}

/** What was in an archive. */
export interface PackedFolder {
  readonly files: readonly { readonly path: string; readonly file: File }[];
  readonly left: readonly LeftEntry[];
  /** Files whose names lead outside of the archive: they are among the others, as if they lay in it. */
  readonly outside: readonly string[];
}

/** Hears how far it is; both in bytes. */
export type UnpackProgress = (done: number, of: number) => void;

/** What one archive may take. */
export interface UnpackLimits {
  /** Files that are opened at most: what one command takes. */
  readonly files: number;
  /** Bytes that are unpacked, all files together; browsers keep them on disk. Stored files are not among them. */
  readonly bytes: number;
  /** Times its packed length that a file of more than `dense` bytes may have: pictures and videos hardly shrink. */
  readonly ratio: number;
  readonly dense: number;
  /** Milliseconds after which nothing more is begun, nor gone on with. */
  readonly time: number;
}

const LIMITS: UnpackLimits = {
  files: 50_000,
  bytes: 2 ** 31,
  ratio: 100,
  dense: 2 ** 26,
  time: 600_000,
};

/** What is of use beside pictures and videos: labels, what their numbers mean, events, tracks. */
const BESIDE = /\.(json|xml|txt|csv|log)$/i;

/** Bytes that are joined to a part on disk: no file is held in memory whole. */
const PART = 2 ** 24;

/** What the head of a stored file counts for in the progress, in bytes. */
const HEAD_COST = 4096;

/** Heads of stored files that are read at once. */
const HEADS = 32;

/**
 * The files of an archive that is to be opened as a folder; null where it holds labels, or nothing that is opened.
 * @param beside whether a recording is open that labels could belong to
 * @throws CarriagewayError `archive-unreadable` where nothing of it can be read
 */
export async function unpackFolder(
  archive: Blob,
  beside: boolean,
  told: UnpackProgress = () => {},
  limits: UnpackLimits = LIMITS,
): Promise<PackedFolder | null> {
  const entries = await readArchive(archive).catch((thrown: unknown) => {
    const detail = thrown instanceof CarriagewayError ? (thrown.detail ?? '') : String(thrown);
    throw new CarriagewayError('archive-unreadable', detail, { cause: thrown });
  });
  if (!isFolder(entries, beside)) return null;
  const left: LeftEntry[] = [];
  const wanted = chosen(entries, left, limits);
  const files = await new Unpacking(wanted, left, told, limits).run();
  const outside = wanted.filter((entry) => entry.outside && files.has(entry)).map(({ name }) => name);
  return {
    // In the archive's order, whichever were read first.
    files: wanted.flatMap((entry) => {
      const file = files.get(entry);
      return file ? [{ path: entry.name, file }] : [];
    }),
    left,
    outside,
  };
}

/** Whether an archive is a folder of recordings, photographs or tracks, and not one of labels. */
function isFolder(entries: readonly PackedEntry[], beside: boolean): boolean {
  const some = (...kinds: readonly RegExp[]): boolean =>
    entries.some(({ name }) => kinds.some((kind) => kind.test(name)));
  if (some(VIDEO, FOREIGN_VIDEO)) return true;
  const pictures = entries.filter(({ name }) => PICTURE.test(name));
  if (pictures.length === 0) return some(TRACK, SHARED_MASKS, MAP) && !some(/\.json$/i);
  const photographs = pictures.filter(({ name }) => readLabelName(name) === null);
  const photographed = new Set(photographs);
  const labels = entries.filter((entry) => /\.(png|json)$/i.test(entry.name) && !photographed.has(entry));
  const coloured = photographs.filter(({ name }) => !/\.png$/i.test(name));
  // Maps of classes are PNG files; an export of ours, or of an editor, says so by what lies beside them.
  const own = some(/(^|\/)(index\.json|labelmap\.txt)$/i);
  return beside
    ? coloured.length > 0 && labels.length === 0 && coloured.length === pictures.length
    : photographs.length > 0 && (coloured.length > 0 || (!own && labels.length === 0));
}

/** The entries that are opened; what is not, and should be named, goes to `left`. */
function chosen(entries: readonly PackedEntry[], left: LeftEntry[], limits: UnpackLimits): PackedEntry[] {
  const wanted: PackedEntry[] = [];
  for (const entry of entries) {
    const { name: path, packing } = entry;
    const is = (...kinds: readonly RegExp[]): boolean => kinds.some((kind) => kind.test(path));
    if (is(ARCHIVE, FOREIGN_ARCHIVE)) left.push({ path, why: 'nested' });
    else if (is(FOREIGN_VIDEO, FOREIGN_PICTURE)) left.push({ path, why: 'foreign' });
    else if (!is(PICTURE, VIDEO, SMALL_COPY, TRACK, SHARED_MASKS, MAP, BESIDE)) continue;
    else if (typeof packing === 'object')
      left.push(
        packing.unread === 'encrypted'
          ? { path, why: 'encrypted' }
          : { path, why: 'packing', packing: packing.unread },
      );
    else if (wanted.length === limits.files) left.push({ path, why: 'too-many' });
    else wanted.push(entry);
  }
  return wanted;
}

/** One unpacking of many files. */
class Unpacking {
  readonly #files = new Map<PackedEntry, File>();
  readonly #end: number;
  readonly #of: number;
  #done = 0;
  #bytes = 0;

  constructor(
    private readonly wanted: readonly PackedEntry[],
    private readonly left: LeftEntry[],
    private readonly told: UnpackProgress,
    private readonly limits: UnpackLimits,
  ) {
    this.#end = performance.now() + limits.time;
    this.#of = wanted.reduce((sum, entry) => sum + costOf(entry), 0);
  }

  async run(): Promise<ReadonlyMap<PackedEntry, File>> {
    this.told(0, this.#of);
    const stored = this.wanted.filter(({ packing }) => packing === 'stored');
    for (let at = 0; at < stored.length; at += HEADS)
      await Promise.all(stored.slice(at, at + HEADS).map((entry) => this.#keep(entry, () => entry.slice())));
    for (const entry of this.wanted) {
      if (entry.packing !== 'deflated') continue;
      const why = this.#refusal(entry);
      if (why) {
        this.#leave(entry, why);
        this.#done += costOf(entry);
      } else await this.#keep(entry, () => this.#unpack(entry));
    }
    return this.#files;
  }

  #refusal({ size, packedSize }: PackedEntry): PackedReason | null {
    if (performance.now() > this.#end) return 'too-long';
    if (size > this.limits.dense && size > this.limits.ratio * packedSize) return 'too-dense';
    return this.#bytes + size > this.limits.bytes ? 'too-large' : null;
  }

  async #keep(entry: PackedEntry, read: () => Promise<Blob>): Promise<void> {
    const before = this.#done;
    try {
      const name = entry.name.slice(entry.name.lastIndexOf('/') + 1);
      this.#files.set(entry, new File([await read()], name, { lastModified: entry.changed }));
    } catch (thrown) {
      this.#leave(entry, thrown instanceof TooLong ? 'too-long' : 'damaged');
    }
    // Stored ones are read side by side, and count one after the other.
    if (entry.packing === 'stored') this.#done += HEAD_COST;
    else this.#done = before + costOf(entry);
    this.told(this.#done, this.#of);
  }

  #leave({ name: path }: PackedEntry, why: PackedReason): void {
    this.left.push({ path, why });
  }

  /** A file, unpacked in parts that a browser may lay aside. */
  async #unpack(entry: PackedEntry): Promise<Blob> {
    const parts: Blob[] = [];
    let pieces: Uint8Array<ArrayBuffer>[] = [];
    let held = 0;
    const join = (): void => {
      parts.push(new Blob(pieces));
      pieces = [];
      held = 0;
    };
    await entry.unpack((piece) => {
      if (performance.now() > this.#end) throw new TooLong();
      pieces.push(piece);
      held += piece.length;
      this.#done += piece.length;
      if (held < PART) return;
      join();
      this.told(this.#done, this.#of);
    });
    join();
    const whole = new Blob(parts);
    // A browser that has no room for it says so only when it is read; and what was read outlives this thread.
    if (whole.size > 0) await whole.slice(-1).arrayBuffer();
    this.#bytes += whole.size;
    return whole;
  }
}

/** Time is over in the middle of a file. */
class TooLong extends Error {}

function costOf({ packing, size }: PackedEntry): number {
  return packing === 'stored' ? HEAD_COST : size;
}
