/** A file of which some bytes are other ones, for files that are read piece by piece from elsewhere. */

/** Bytes that stand in place of others. */
export interface Patch {
  readonly at: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Bytes of a piece of a stream. */
const PIECE = 1024 * 1024;

/** A file, or a part of it, with patches laid over what is read. */
export class PatchedFile extends Blob {
  /** @param patches in order of their places */
  constructor(
    private readonly whole: Blob,
    private readonly patches: readonly Patch[],
    private readonly from = 0,
    private readonly to: number = whole.size,
  ) {
    super();
  }

  override get size(): number {
    return this.to - this.from;
  }

  override slice(start = 0, end: number = this.size): Blob {
    const place = (at: number) => Math.min(this.size, Math.max(0, at < 0 ? this.size + at : at));
    const from = this.from + place(start);
    return new PatchedFile(this.whole, this.patches, from, Math.max(from, this.from + place(end)));
  }

  override async arrayBuffer(): Promise<ArrayBuffer> {
    return this.#read(this.from, this.to);
  }

  override async text(): Promise<string> {
    return new TextDecoder().decode(await this.arrayBuffer());
  }

  override stream(): ReadableStream<Uint8Array<ArrayBuffer>> {
    let at = this.from;
    return new ReadableStream(
      {
        pull: async (controller) => {
          const end = Math.min(this.to, at + PIECE);
          if (at < end) controller.enqueue(new Uint8Array(await this.#read(at, end)));
          at = end;
          if (at >= this.to) controller.close();
        },
      },
      { highWaterMark: 0 },
    );
  }

  async #read(from: number, to: number): Promise<ArrayBuffer> {
    const buffer = await this.whole.slice(from, to).arrayBuffer();
    const bytes = new Uint8Array(buffer);
    for (const { at, bytes: other } of this.patches) {
      if (at + other.length <= from || at >= to) continue;
      const skipped = Math.max(0, from - at);
      bytes.set(other.subarray(skipped, Math.min(other.length, to - at)), at + skipped - from);
    }
    return buffer;
  }
}
