/** Reads small pieces of a large file without asking for each of them: a window moves along with the reader. */

/** Bytes held at a time where reading goes on, and where it begins or has jumped: headers lie far apart. */
const WINDOW = 64 * 1024;
const LEAP = 4 * 1024;

/** A window on a file. Reads one after the other, not at once. */
export class ByteWindow {
  #from = 0;
  #bytes: Uint8Array<ArrayBuffer> = new Uint8Array(0);

  constructor(readonly blob: Blob) {}

  /** Bytes from a position on; fewer than `length` at the end of the file. Valid until the next call. */
  async read(at: number, length: number): Promise<DataView> {
    if (at < this.#from || at + length > this.#from + this.#bytes.length) {
      const held = this.#bytes.length;
      const goesOn = held > 0 && at >= this.#from && at <= this.#from + held;
      const size = Math.max(goesOn ? WINDOW : LEAP, length);
      this.#from = at;
      this.#bytes = new Uint8Array(await this.blob.slice(at, at + size).arrayBuffer());
    }
    const start = at - this.#from;
    const there = Math.max(0, Math.min(length, this.#bytes.length - start));
    return new DataView(this.#bytes.buffer, Math.min(start, this.#bytes.length), there);
  }
}
