/**
 * A file of which beginning and end are at hand. Each piece that is asked for costs a turn of the browser's, however small
 * it is: where hundreds of files are looked at, both are fetched at once, and most of what is then asked lies in them.
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
    const { size } = whole;
    const tail = Math.max(Math.min(HEAD, size), size - TAIL);
    const [first, last] = await Promise.all(
      [whole.slice(0, HEAD), whole.slice(tail)].map((part) => part.arrayBuffer()),
    );
    const pieces = [
      { from: 0, bytes: new Uint8Array(first!) },
      { from: tail, bytes: new Uint8Array(last!) },
    ];
    return new KnownFile(whole, pieces, 0, size);
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
