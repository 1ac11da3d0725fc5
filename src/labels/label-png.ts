/**
 * Label maps as PNG files: eight bits a pixel with a palette, so that the number of a pixel is its class and its colour
 * is what people see. Written and read here, since a browser's own decoder gives colours and forgets the numbers.
 */
import { CarriagewayError } from '../errors';
import type { LabelMap } from '../media/timed-frame';
import { crc32 } from './crc32';

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
const INDEXED = 3;
const GREY = 0;
/** Largest side that is read, in pixels: that of the videos. */
const SIDE_MAX = 8192;

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
  return joined([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('PLTE', palette),
    chunk('IDAT', await through(rows, new CompressionStream('deflate'))),
    chunk('IEND', new Uint8Array(0)),
  ]);
}

/**
 * Reads a label map: eight bits a pixel, with a palette or grey, not interlaced.
 * @throws CarriagewayError `labels-unreadable`
 */
export async function decodeLabelPng(bytes: Uint8Array): Promise<LabelMap> {
  if (SIGNATURE.some((byte, i) => bytes[i] !== byte)) throw unreadable('not a PNG file');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let size: { width: number; height: number } | null = null;
  const data: Uint8Array[] = [];
  for (let at = SIGNATURE.length; at + 12 <= bytes.length; ) {
    const length = view.getUint32(at);
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    const body = bytes.subarray(at + 8, at + 8 + length);
    if (at + 12 + length > bytes.length) throw unreadable('cut off');
    if (crc32(bytes.subarray(at + 4, at + 8 + length)) !== view.getUint32(at + 8 + length))
      throw unreadable('damaged');
    if (type === 'IHDR') size = readHeader(body);
    else if (type === 'IDAT') data.push(body);
    else if (type === 'IEND') break;
    at += 12 + length;
  }
  if (!size || data.length === 0) throw unreadable('no picture in it');
  let rows: Uint8Array;
  try {
    rows = await through(joined(data), new DecompressionStream('deflate'));
  } catch {
    throw unreadable('its data cannot be unpacked');
  }
  return { ...size, ids: unfilter(rows, size.width, size.height) };
}

function readHeader(body: Uint8Array): { width: number; height: number } {
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  if (body.length < 13) throw unreadable('cut off');
  const [width, height] = [view.getUint32(0), view.getUint32(4)];
  if (width < 1 || height < 1 || Math.max(width, height) > SIDE_MAX)
    throw unreadable(`${width} × ${height} pixels`);
  const [depth, colour, , , interlace] = body.subarray(8, 13);
  if (depth !== 8 || (colour !== INDEXED && colour !== GREY) || interlace !== 0)
    throw unreadable('labels are eight bits a pixel, with a palette or grey');
  return { width, height };
}

/** Undoes the filters of rows with one byte a pixel (RFC 2083, section 6). */
function unfilter(rows: Uint8Array, width: number, height: number): Uint8Array {
  if (rows.length < (width + 1) * height) throw unreadable('cut off');
  const ids = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    const from = y * (width + 1);
    const filter = rows[from]!;
    const at = y * width;
    for (let x = 0; x < width; x++) {
      const left = x > 0 ? ids[at + x - 1]! : 0;
      const up = y > 0 ? ids[at + x - width]! : 0;
      const corner = x > 0 && y > 0 ? ids[at + x - width - 1]! : 0;
      ids[at + x] = rows[from + 1 + x]! + predicted(filter, left, up, corner);
    }
  }
  return ids;
}

function predicted(filter: number, left: number, up: number, corner: number): number {
  switch (filter) {
    case 0:
      return 0;
    case 1:
      return left;
    case 2:
      return up;
    case 3:
      return (left + up) >> 1;
    case 4: {
      const guess = left + up - corner;
      const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)];
      return a <= b && a <= c ? left : b <= c ? up : corner;
    }
    default:
      throw unreadable(`unknown filter ${filter}`);
  }
}

function chunk(type: string, body: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(12 + body.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, body.length);
  for (let i = 0; i < 4; i++) bytes[4 + i] = type.charCodeAt(i);
  bytes.set(body, 8);
  view.setUint32(8 + body.length, crc32(bytes.subarray(4, 8 + body.length)));
  return bytes;
}

/** The parts one behind the other. */
function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** All bytes that come out of a stream when these go in. */
export async function through(
  bytes: Uint8Array,
  stream: CompressionStream | DecompressionStream,
): Promise<Uint8Array<ArrayBuffer>> {
  const piped = new Blob([bytes as Uint8Array<ArrayBuffer>]).stream().pipeThrough(stream);
  return new Uint8Array(await new Response(piped).arrayBuffer());
}

function unreadable(detail: string): CarriagewayError {
  return new CarriagewayError('labels-unreadable', detail);
}
