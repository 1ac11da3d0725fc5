/** Unpacks what a map file holds, and stops as soon as it is more than it may be. */

/** What is wrong with bytes of a map. */
export class MapDamage extends Error {
  override readonly name = 'MapDamage';
}

/** Kinds of packing as PMTiles numbers them (specification 3, `Compression`). */
export const PACKING = { unknown: 0, none: 1, gzip: 2 } as const;

/**
 * Bytes as they were before they were packed.
 * @param most bytes that they may be
 * @throws MapDamage where they are more, cannot be unpacked, or are packed otherwise
 */
export async function unpack(packed: ArrayBuffer, packing: number, most: number): Promise<ArrayBuffer> {
  if (packing === PACKING.none || packing === PACKING.unknown) {
    if (packed.byteLength > most) throw new MapDamage(`more than ${most} bytes`);
    return packed;
  }
  if (packing !== PACKING.gzip) throw new MapDamage(`packing ${packing}`);
  const reader = new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip')).getReader();
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) break;
      size += value.length;
      if (size > most) throw new MapDamage(`unpacks to more than ${most} bytes`);
      pieces.push(value);
    }
  } catch (thrown) {
    throw thrown instanceof MapDamage ? thrown : new MapDamage('cannot be unpacked', { cause: thrown });
  } finally {
    await reader.cancel().catch(() => {});
  }
  return new Blob(pieces).arrayBuffer();
}
