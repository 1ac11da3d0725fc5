/** Archives byte by byte, as other tools write them, and as nobody should. */
import { crc32 } from 'node:zlib';

/** A file, with whatever is to be wrong about it. */
export interface RawEntry {
  readonly name: string;
  /** What it is once it is unpacked. */
  readonly content: Uint8Array;
  /** What stands in the archive; the content where it is left out. */
  readonly packed?: Uint8Array;
  readonly method?: number;
  readonly flags?: number;
  readonly crc?: number;
  /** Lengths as the archive says them. */
  readonly size?: number;
  readonly packedSize?: number;
  /** Where the archive says that it begins. */
  readonly offset?: number;
  readonly changed?: Date;
}

/** An archive of entries, in their order. */
export async function rawZip(
  entries: readonly RawEntry[],
  { zip64 = false }: { readonly zip64?: boolean } = {},
): Promise<Blob> {
  const parts: Uint8Array[] = [];
  let at = 0;
  const add = (...some: Uint8Array[]): void => {
    for (const part of some) {
      parts.push(part);
      at += part.length;
    }
  };
  const directory: Uint8Array[] = [];
  for (const entry of entries) {
    const { content, packed = content, method = 0, flags = 0, changed = new Date(1980, 0, 1) } = entry;
    const { crc = crc32(content), size = content.length, packedSize = packed.length, offset = at } = entry;
    const name = new TextEncoder().encode(entry.name);
    const time = (changed.getHours() << 11) | (changed.getMinutes() << 5) | (changed.getSeconds() >> 1);
    const date = ((changed.getFullYear() - 1980) << 9) | ((changed.getMonth() + 1) << 5) | changed.getDate();
    const far = 0xffffffff;
    const lengths = zip64 ? [far, far] : [packedSize, size];
    const common = [
      ...[of(2, 45), of(2, flags | 0x800), of(2, method), of(2, time), of(2, date), of(4, crc)],
      ...[...lengths.map((length) => of(4, length)), of(2, name.length)],
    ];
    const long = [of(8, size), of(8, packedSize)];
    const local = zip64 ? [of(2, 1), of(2, 16), ...long] : [];
    const central = zip64 ? [of(2, 1), of(2, 24), ...long, of(8, offset)] : [];
    directory.push(
      ...[of(4, 0x02014b50), of(2, 45), ...common, of(2, lengthOf(central))],
      ...[of(2, 0), of(2, 0), of(2, 0), of(4, 0), of(4, zip64 ? far : offset), name, ...central],
    );
    add(of(4, 0x04034b50), ...common, of(2, lengthOf(local)), name, ...local, packed);
  }
  const [begin, length] = [at, lengthOf(directory)];
  add(...directory);
  const count = entries.length;
  if (zip64) {
    const record = at;
    add(of(4, 0x06064b50), of(8, 44), of(2, 45), of(2, 45), of(4, 0), of(4, 0));
    add(of(8, count), of(8, count), of(8, length), of(8, begin));
    add(of(4, 0x07064b50), of(4, 0), of(8, record), of(4, 1));
  }
  const short = zip64 ? [0xffff, 0xffff, 0xffffffff, 0xffffffff] : [count, count, length, begin];
  add(of(4, 0x06054b50), of(2, 0), of(2, 0), of(2, short[0]!), of(2, short[1]!));
  add(of(4, short[2]!), of(4, short[3]!), of(2, 0));
  return new Blob(parts as Uint8Array<ArrayBuffer>[]);
}

function lengthOf(parts: readonly Uint8Array[]): number {
  return parts.reduce((sum, { length }) => sum + length, 0);
}

/** A number of some bytes, the lowest first. */
function of(bytes: number, value: number): Uint8Array {
  return Uint8Array.from({ length: bytes }, (_, n) => Math.floor(value / 2 ** (8 * n)) & 0xff);
}
