/**
 * A file of which beginning and end are at hand. Each piece that is asked for costs a turn of the browser's, however small
 * it is: where hundreds of files are looked at, both are fetched in one question for several files, and most of what is
 * then asked lies in them.
 */
import { unbacked } from './unbacked';

/** Bytes of the beginning: what kind of file it is. */
const HEAD = 4096;

/** Bytes of the end, where recorders write the index: that of a minute. */
const TAIL = 64 * 1024;

interface Piece {
  readonly from: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** What of a file is fetched: all of a small one, of others beginning and end. */
function rangesOf({ size }: Blob): readonly (readonly [from: number, to: number])[] {
  if (size <= HEAD + TAIL) return [[0, size]];
  return [
    [0, HEAD],
    [size - TAIL, size],
  ];
}

function isOfBrowser(file: Blob): boolean {
  return [Blob.prototype, globalThis.File?.prototype].includes(Object.getPrototypeOf(file));
}

/** A file, or a part of it; what is not at hand is read when it is asked for. */
export class KnownFile extends Blob {
  private constructor(
    private readonly whole: Blob,
    private readonly pieces: readonly Piece[],
    private readonly from: number,
    private readonly to: number,
  ) {
    super();
  }

  /** Fetches beginning and end of a file. */
  static async of(whole: Blob): Promise<KnownFile> {
    const ranges = rangesOf(whole);
    const parts = await Promise.all(ranges.map(([from, to]) => whole.slice(from, to).arrayBuffer()));
    const pieces = ranges.map(([from], i) => ({ from, bytes: new Uint8Array(parts[i]!) }));
    return new KnownFile(whole, pieces, 0, whole.size);
  }

  /**
   * Fetches beginning and end of several files. Never rejects: one that cannot be read is null, and costs the others a
   * question for each.
   */
  static async ofEach(files: readonly Blob[]): Promise<readonly (KnownFile | null)[]> {
    try {
      // The bytes of one that is read from elsewhere are in no part of it.
      if (files.every(isOfBrowser)) return await KnownFile.inOneQuestion(files);
    } catch {
      // Which of them it was is found below.
    }
    return Promise.all(files.map((file) => KnownFile.of(file).catch(() => null)));
  }

  private static async inOneQuestion(files: readonly Blob[]): Promise<readonly KnownFile[]> {
    const ranges = files.map(rangesOf);
    const parts = files.flatMap((file, i) => ranges[i]!.map(([from, to]) => file.slice(from, to)));
    const bytes = new Uint8Array(await new Blob(parts).arrayBuffer());
    let at = 0;
    return files.map((whole, i) => {
      const pieces = ranges[i]!.map(([from, to]) => {
        const start = at;
        at += to - from;
        return { from, bytes: bytes.subarray(start, at) };
      });
      return new KnownFile(whole, pieces, 0, whole.size);
    });
  }

  override get size(): number {
    return this.to - this.from;
  }

  override get type(): string {
    return this.whole.type;
  }

  override slice(start = 0, end: number = this.size): Blob {
    const place = (at: number): number => Math.min(this.size, Math.max(0, at < 0 ? this.size + at : at));
    const from = this.from + place(start);
    const { whole, pieces } = this;
    return unbacked(KnownFile, { whole, pieces, from, to: Math.max(from, this.from + place(end)) });
  }

  override async arrayBuffer(): Promise<ArrayBuffer> {
    const { from, to } = this;
    const known = this.pieces.find((piece) => piece.from <= from && to <= piece.from + piece.bytes.length);
    if (!known) return this.whole.slice(from, to).arrayBuffer();
    return known.bytes.slice(from - known.from, to - known.from).buffer;
  }

  override async text(): Promise<string> {
    return new TextDecoder().decode(await this.arrayBuffer());
  }

  override stream(): ReadableStream<Uint8Array<ArrayBuffer>> {
    return this.whole.slice(this.from, this.to).stream();
  }
}
