/**
 * Writes a ZIP archive to a stream, entry by entry, without ever holding more than one of them. Entries are stored as
 * they are (pictures are packed already). More than 65,535 entries or 4 GB take the 64-bit records (PKWARE APPNOTE
 * 6.3.10, 4.3.14 and 4.5.3).
 */
import { crc32 } from './crc32';

/** Takes bytes in order; resolves when it can take more. */
export type ByteSink = (bytes: Uint8Array<ArrayBuffer>) => Promise<void>;

interface Entry {
  readonly name: Uint8Array;
  readonly crc: number;
  readonly size: number;
  readonly offset: number;
}

const TEXT = new TextEncoder();

const STORED_VERSION = 20;
const ZIP64_VERSION = 45;
/** Names are UTF-8. */
const UTF8 = 0x0800;
/** The first of January 1980: archives of the same masks are the same bytes. */
const DATE = 0x0021;
const MAX_32 = 0xffffffff;
const MAX_16 = 0xffff;

/** One archive. */
export class ZipWriter {
  readonly #entries: Entry[] = [];
  #offset = 0;

  constructor(private readonly sink: ByteSink) {}

  /** Adds a file. */
  async add(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    const encoded = TEXT.encode(name);
    const entry = { name: encoded, crc: crc32(bytes), size: bytes.length, offset: this.#offset };
    const header = record(30 + encoded.length);
    header.u32(0x04034b50).u16(STORED_VERSION).u16(UTF8).u16(0).u16(0).u16(DATE);
    header.u32(entry.crc).u32(entry.size).u32(entry.size).u16(encoded.length).u16(0).raw(encoded);
    this.#entries.push(entry);
    await this.#write(header.bytes);
    await this.#write(bytes);
  }

  /** Writes the directory; nothing can be added after it. */
  async finish(): Promise<void> {
    const start = this.#offset;
    for (const entry of this.#entries) await this.#write(directoryRecord(entry));
    const size = this.#offset - start;
    const count = this.#entries.length;
    const large = count >= MAX_16 || start >= MAX_32 || size >= MAX_32;
    if (large) {
      const at = this.#offset;
      const end64 = record(56);
      end64.u32(0x06064b50).u64(44).u16(ZIP64_VERSION).u16(ZIP64_VERSION).u32(0).u32(0);
      end64.u64(count).u64(count).u64(size).u64(start);
      await this.#write(end64.bytes);
      const locator = record(20);
      locator.u32(0x07064b50).u32(0).u64(at).u32(1);
      await this.#write(locator.bytes);
    }
    const end = record(22);
    const short = Math.min(count, MAX_16);
    end.u32(0x06054b50).u16(0).u16(0).u16(short).u16(short);
    end.u32(Math.min(size, MAX_32)).u32(Math.min(start, MAX_32)).u16(0);
    await this.#write(end.bytes);
  }

  async #write(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    this.#offset += bytes.length;
    await this.sink(bytes);
  }
}

function directoryRecord({ name, crc, size, offset }: Entry): Uint8Array<ArrayBuffer> {
  const far = offset >= MAX_32;
  const entry = record(46 + name.length + (far ? 12 : 0));
  const version = far ? ZIP64_VERSION : STORED_VERSION;
  entry.u32(0x02014b50).u16(version).u16(version).u16(UTF8).u16(0).u16(0).u16(DATE);
  entry
    .u32(crc)
    .u32(size)
    .u32(size)
    .u16(name.length)
    .u16(far ? 12 : 0)
    .u16(0)
    .u16(0)
    .u16(0)
    .u32(0);
  entry.u32(Math.min(offset, MAX_32)).raw(name);
  if (far) entry.u16(1).u16(8).u64(offset);
  return entry.bytes;
}

/** A record of little-endian numbers, filled from its start. */
function record(size: number): Filler {
  return new Filler(new Uint8Array(size));
}

class Filler {
  #at = 0;
  readonly #view: DataView;

  constructor(readonly bytes: Uint8Array<ArrayBuffer>) {
    this.#view = new DataView(bytes.buffer);
  }

  u16(value: number): this {
    this.#view.setUint16(this.#at, value, true);
    this.#at += 2;
    return this;
  }

  u32(value: number): this {
    this.#view.setUint32(this.#at, value, true);
    this.#at += 4;
    return this;
  }

  u64(value: number): this {
    this.#view.setBigUint64(this.#at, BigInt(value), true);
    this.#at += 8;
    return this;
  }

  raw(bytes: Uint8Array): this {
    this.bytes.set(bytes, this.#at);
    this.#at += bytes.length;
    return this;
  }
}
