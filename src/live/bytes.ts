/** Writes and reads the few kinds of numbers that messages in bytes are made of; big-endian, as networks have it. */

/** A message in the making. */
export class ByteWriter {
  readonly #out: number[] = [];

  get length(): number {
    return this.#out.length;
  }

  /** @param value 0 to 255 */
  byte(value: number): void {
    this.#out.push(value & 255);
  }

  /** @param value 0 to 65535 */
  short(value: number): void {
    this.#out.push((value >> 8) & 255, value & 255);
  }

  /** A share of one in two bytes. @param value what is outside 0 to 1 is taken for the nearer end */
  share(value: number): void {
    this.short(Math.round(Math.min(1, Math.max(0, value)) * 65_535));
  }

  /** A whole number in as few bytes as it needs (LEB128). @param value 0 to 2³¹ - 1 */
  varint(value: number): void {
    let rest = value;
    for (; rest > 127; rest >>>= 7) this.#out.push((rest & 127) | 128);
    this.#out.push(rest);
  }

  bytes(): Uint8Array<ArrayBuffer> {
    return Uint8Array.from(this.#out);
  }
}

/** A message being read. Every method throws a `RangeError` past its end. */
export class ByteReader {
  #at = 0;

  constructor(private readonly data: Uint8Array) {}

  /** Whether all of it was read. */
  get ended(): boolean {
    return this.#at === this.data.length;
  }

  byte(): number {
    const value = this.data[this.#at];
    if (value === undefined) throw new RangeError('The message ends here.');
    this.#at++;
    return value;
  }

  short(): number {
    return this.byte() * 256 + this.byte();
  }

  share(): number {
    return this.short() / 65_535;
  }

  /** @throws RangeError also for a number of more than three bytes: nothing here counts so far */
  varint(): number {
    let value = 0;
    for (let shift = 0; shift <= 14; shift += 7) {
      const byte = this.byte();
      value |= (byte & 127) << shift;
      if (byte < 128) return value;
    }
    throw new RangeError('The number is too long.');
  }

  take(length: number): Uint8Array {
    if (this.#at + length > this.data.length) throw new RangeError('The message ends here.');
    this.#at += length;
    return this.data.subarray(this.#at - length, this.#at);
  }
}
