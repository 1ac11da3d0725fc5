/**
 * Writes label maps as PNG files: eight bits a pixel with a palette, so that the number of a pixel is its class and its
 * colour is what people see. Packed by the browser's own deflate: fast-png's takes four times as long for a mask of
 * 1920 × 1080, and exports write one for each frame.
 */
import type { LabelMap } from '../media/timed-frame';

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
const INDEXED = 3;

/** The checksum of chunks: CRC-32 with the polynomial 0xEDB88320 (W3C, PNG, annex D). */
const CHECKSUMS = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c >>> 0;
});

/**
 * Writes a label map.
 * @param colours for each id its colour as #rrggbb; ids beyond them, void among them, are black
 */
export async function encodeLabelPng(
  { width, height, ids }: LabelMap,
  colours: readonly string[],
): Promise<Uint8Array<ArrayBuffer>> {
  const rows = new Uint8Array((width + 1) * height);
  for (let y = 0; y < height; y++) rows.set(ids.subarray(y * width, (y + 1) * width), y * (width + 1) + 1);
  const palette = new Uint8Array(256 * 3);
  colours.forEach((hex, id) => {
    for (let c = 0; c < 3; c++) palette[id * 3 + c] = Number.parseInt(hex.slice(1 + 2 * c, 3 + 2 * c), 16);
  });
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set([8, INDEXED, 0, 0, 0], 8);
  const packed = new Blob([rows]).stream().pipeThrough(new CompressionStream('deflate'));
  const file = new Blob([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('PLTE', palette),
    chunk('IDAT', new Uint8Array(await new Response(packed).arrayBuffer())),
    chunk('IEND', new Uint8Array(0)),
  ]);
  return new Uint8Array(await file.arrayBuffer());
}

function chunk(type: string, body: Uint8Array): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(body.length + 12);
  const view = new DataView(all.buffer);
  view.setUint32(0, body.length);
  for (let i = 0; i < 4; i++) all[4 + i] = type.charCodeAt(i);
  all.set(body, 8);
  let c = 0xffffffff;
  for (const byte of all.subarray(4, 8 + body.length)) c = CHECKSUMS[(c ^ byte) & 0xff]! ^ (c >>> 8);
  view.setUint32(8 + body.length, (c ^ 0xffffffff) >>> 0);
  return all;
}
