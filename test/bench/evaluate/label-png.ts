/**
 * Reads label PNGs: grey or palette pictures whose sample values *are* the class ids. A browser would hand out colours
 * in their place, so the few chunks that matter are read here (W3C, Portable Network Graphics, third edition).
 */
import { inflateSync } from 'node:zlib';
import { ToolError } from '../tool-error.ts';

/** Ids of a label picture, row-major. */
export interface Label {
  readonly width: number;
  readonly height: number;
  readonly ids: Uint8Array;
}

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** Larger than any label there is, small enough that a damaged header cannot exhaust the memory. */
const MAX_SIDE = 16384;

/** Bytes of a chunk beside its data: length, name, checksum. */
const CHUNK_FRAME = 12;

/**
 * Decodes a label.
 * @param bytes the file
 * @param name for messages
 * @throws ToolError when it is not an index or grey PNG of at most eight bits, or is damaged
 */
export function decodeLabel(bytes: Buffer, name: string): Label {
  if (bytes.length < 33 || !bytes.subarray(0, 8).equals(SIGNATURE))
    throw new ToolError(`The label ${name} is not a PNG file.`);
  const width = bytes.readUInt32BE(16);
  const height = bytes.readUInt32BE(20);
  const depth = bytes[24]!;
  const colour = bytes[25]!;
  const interlaced = bytes[28] !== 0;
  if (width === 0 || height === 0 || width > MAX_SIDE || height > MAX_SIDE)
    throw new ToolError(`The label ${name} says it is ${width}×${height} pixels, which cannot be.`);
  if ((colour !== 0 && colour !== 3) || depth > 8)
    throw new ToolError(
      `The label ${name} holds colours; labels are grey or palette PNGs whose values are ids.`,
    );
  if (interlaced) throw new ToolError(`The label ${name} is interlaced; save it without.`);
  const stride = Math.ceil((width * depth) / 8);
  const rows = inflateRows(bytes, (stride + 1) * height, name);
  unfilter(rows, stride, height, name);
  return { width, height, ids: unpack(rows, width, height, depth, stride) };
}

function inflateRows(bytes: Buffer, expected: number, name: string): Uint8Array {
  const data: Buffer[] = [];
  for (let at = 8; at + CHUNK_FRAME <= bytes.length; ) {
    const length = bytes.readUInt32BE(at);
    if (bytes.toString('latin1', at + 4, at + 8) === 'IDAT')
      data.push(bytes.subarray(at + 8, Math.min(at + 8 + length, bytes.length)));
    at += length + CHUNK_FRAME;
  }
  let rows: Buffer | null = null;
  try {
    rows = inflateSync(Buffer.concat(data), { maxOutputLength: expected });
  } catch {
    // Said below, with the file's name.
  }
  if (rows?.length !== expected) throw new ToolError(`The label ${name} is damaged or cut off.`);
  return rows;
}

/** Undoes the five row filters in place. A pixel is at most one byte here, so the left neighbour is one byte away. */
function unfilter(rows: Uint8Array, stride: number, height: number, name: string): void {
  for (let y = 0; y < height; y++) {
    const start = y * (stride + 1) + 1;
    const filter = rows[start - 1]!;
    if (filter > 4) throw new ToolError(`The label ${name} is damaged or cut off.`);
    for (let x = 0; x < stride; x++) {
      const at = start + x;
      const left = x > 0 ? rows[at - 1]! : 0;
      const up = y > 0 ? rows[at - stride - 1]! : 0;
      const corner = x > 0 && y > 0 ? rows[at - stride - 2]! : 0;
      rows[at] = rows[at]! + prediction(filter, left, up, corner);
    }
  }
}

function prediction(filter: number, left: number, up: number, corner: number): number {
  switch (filter) {
    case 1:
      return left;
    case 2:
      return up;
    case 3:
      return (left + up) >> 1;
    case 4: {
      const estimate = left + up - corner;
      const [a, b, c] = [Math.abs(estimate - left), Math.abs(estimate - up), Math.abs(estimate - corner)];
      return a <= b && a <= c ? left : b <= c ? up : corner;
    }
    default:
      return 0;
  }
}

/** One byte for each sample; samples below eight bits lie side by side, the first in the high bits. */
function unpack(rows: Uint8Array, width: number, height: number, depth: number, stride: number): Uint8Array {
  const ids = new Uint8Array(width * height);
  const perByte = 8 / depth;
  const mask = (1 << depth) - 1;
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const byte = rows[y * (stride + 1) + 1 + Math.floor(x / perByte)]!;
      ids[y * width + x] = (byte >> (8 - depth * ((x % perByte) + 1))) & mask;
    }
  return ids;
}
