/**
 * Reads PNG files as labels have them: the number or the colour of each pixel, not what a browser would show of it.
 * fast-png undoes filters, depths and interlacing. It unpacks whatever it is given, so a file is measured first: sizes
 * come from the header, and no more is unpacked than a picture of that size has (W3C, PNG, third edition).
 */
import { decode } from 'fast-png';
import { CarriagewayError } from '../errors';
import { type Orientation, uprightPlaces } from '../media/orientation';
import type { Size } from '../media/size';
import { turnOf } from './exif-turn';

/** Value of a pixel that its file leaves open: one that is fully transparent. */
export const OPEN_PIXEL = 0xffffffff;

/** A label picture as its file has it; nothing is interpreted. */
export interface LabelPicture extends Size {
  /** Whether a value is a number, or a colour as 0xRRGGBB. */
  readonly kind: 'numbers' | 'colours';
  /** `width * height` values, row-major; `OPEN_PIXEL` where the picture is transparent. */
  readonly values: Uint8Array | Uint16Array | Uint32Array;
  /** Colour of each number as 0xRRGGBB; null where the file has no palette. */
  readonly palette: readonly number[] | null;
  /** Whether the file notes down how its pixels stand, which they do here. */
  readonly upright?: true;
}

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
/** Largest side that is read, in pixels: that of the videos. */
const SIDE_MAX = 8192;
/** Most bytes of unpacked rows: four channels of eight bits at the largest size. */
const ROWS_MAX = SIDE_MAX * (SIDE_MAX * 4 + 1);
/** Bytes of a chunk beside its data: length, name, checksum. */
const CHUNK_FRAME = 12;
/** Bytes handed to the unpacker at a time: what comes out of them (about a thousand times as many) is bounded, too. */
const PIECE = 1024;
/** Channels of each colour type. */
const CHANNELS: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };
const PALETTE = 3;
/** Chunks that make the picture; all others are left out, and with them what they would unpack to. */
const NEEDED = new Set(['IHDR', 'PLTE', 'tRNS', 'IDAT', 'IEND']);

/** First and second step between pixels of the seven passes of an interlaced picture, and where they begin. */
const PASSES = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

interface Header extends Size {
  readonly depth: number;
  readonly colour: number;
  readonly interlaced: boolean;
}

/**
 * Reads a PNG file of any kind: 1 to 16 bits, grey, palette or colours, with or without transparency.
 * @throws CarriagewayError `labels-unreadable` when it is none, is damaged or cut off, or unpacks to more than it says
 */
export async function readPng(bytes: Uint8Array): Promise<LabelPicture> {
  if (SIGNATURE.some((byte, i) => bytes[i] !== byte)) throw unreadable('not a PNG file');
  const { header, data, kept, turn } = chunksOf(bytes);
  await measure(data, rowBytesOf(header));
  try {
    const picture = pictureOf(decode(joined(kept), { checkCrc: true }), header);
    return turn ? turned(picture, turn) : picture;
  } catch (cause) {
    if (cause instanceof CarriagewayError) throw cause;
    throw unreadable(cause instanceof Error ? cause.message : String(cause), cause);
  }
}

/** Header and packed rows of a file, and the parts of it that make the picture. */
function chunksOf(bytes: Uint8Array): {
  header: Header;
  data: Uint8Array[];
  kept: Uint8Array[];
  turn: Orientation | null;
} {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const kept: Uint8Array[] = [bytes.subarray(0, SIGNATURE.length)];
  const data: Uint8Array[] = [];
  let header: Header | null = null;
  let turn: Orientation | null = null;
  for (let at = SIGNATURE.length; ; ) {
    if (at + CHUNK_FRAME > bytes.length) throw unreadable('cut off');
    const length = view.getUint32(at);
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    const end = at + CHUNK_FRAME + length;
    if (end > bytes.length) throw unreadable('cut off');
    // Another header, or another palette, is no part of any picture.
    if ((header === null) !== (type === 'IHDR')) throw unreadable('damaged');
    if (type === 'IHDR') header = headerOf(view, at + 8, length);
    if (type === 'IDAT') data.push(bytes.subarray(at + 8, at + 8 + length));
    if (type === 'eXIf') turn = turnOf(bytes.subarray(at + 8, at + 8 + length));
    if (NEEDED.has(type)) kept.push(bytes.subarray(at, end));
    if (type === 'IEND') break;
    at = end;
  }
  if (!header || data.length === 0) throw unreadable('no picture in it');
  return { header, data, kept, turn };
}

function headerOf(view: DataView, at: number, length: number): Header {
  if (length !== 13) throw unreadable('damaged');
  const [width, height] = [view.getUint32(at), view.getUint32(at + 4)];
  if (width < 1 || height < 1 || Math.max(width, height) > SIDE_MAX)
    throw unreadable(`${width} × ${height} pixels`);
  const [depth, colour, interlace] = [8, 9, 12].map((o) => view.getUint8(at + o)) as [number, number, number];
  const depths = colour === PALETTE ? [1, 2, 4, 8] : colour === 0 ? [1, 2, 4, 8, 16] : [8, 16];
  if (!CHANNELS[colour] || !depths.includes(depth) || interlace > 1) throw unreadable('damaged');
  if (interlace === 1 && depth < 8)
    throw unreadable('interlaced, with less than eight bits a pixel; save it without interlacing');
  return { width, height, depth, colour, interlaced: interlace === 1 };
}

/** Bytes of all rows with their filter bytes, unpacked. */
function rowBytesOf({ width, height, depth, colour, interlaced }: Header): number {
  const bits = depth * CHANNELS[colour]!;
  const rows = (w: number, h: number): number => (w > 0 && h > 0 ? h * (1 + Math.ceil((w * bits) / 8)) : 0);
  const bytes = interlaced
    ? PASSES.reduce(
        (sum, [x, y, dx, dy]) => sum + rows(Math.ceil((width - x) / dx), Math.ceil((height - y) / dy)),
        0,
      )
    : rows(width, height);
  if (bytes > ROWS_MAX) throw unreadable(`${width} × ${height} pixels of ${bits} bits`);
  return bytes;
}

/** Unpacks without keeping anything. @throws CarriagewayError when it is not exactly `expected` bytes */
async function measure(data: readonly Uint8Array[], expected: number): Promise<void> {
  const pieces = piecesOf(data);
  const source = new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      pull(controller) {
        const { value, done } = pieces.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
    },
    { highWaterMark: 0 },
  );
  const reader = source.pipeThrough(new DecompressionStream('deflate')).getReader();
  let size = 0;
  try {
    while (size <= expected) {
      const { value, done } = await reader.read();
      if (done) break;
      size += value.length;
    }
  } catch (cause) {
    throw unreadable('its data cannot be unpacked', cause);
  } finally {
    await reader.cancel().catch(() => {});
  }
  if (size > expected) throw unreadable('it unpacks to more than a picture of its size');
  if (size < expected) throw unreadable('cut off');
}

function* piecesOf(data: readonly Uint8Array[]): Generator<Uint8Array<ArrayBuffer>, void, undefined> {
  for (const part of data)
    for (let at = 0; at < part.length; at += PIECE)
      yield part.subarray(at, at + PIECE) as Uint8Array<ArrayBuffer>;
}

function pictureOf(png: ReturnType<typeof decode>, { width, height, depth, colour }: Header): LabelPicture {
  const { data } = png;
  const size = { width, height };
  if (colour === PALETTE) {
    if (!png.palette) throw unreadable('its palette is missing');
    const palette = png.palette.map(([r = 0, g = 0, b = 0]) => packed(r, g, b));
    const clear = png.palette.flatMap(([, , , alpha], value) => (alpha === 0 ? [value] : []));
    return { ...size, kind: 'numbers', values: opened(unpacked(data, size, depth), clear), palette };
  }
  if (colour === 0) {
    const clear = png.transparency ? [png.transparency[0]!] : [];
    return { ...size, kind: 'numbers', values: opened(unpacked(data, size, depth), clear), palette: null };
  }
  const values = new Uint32Array(width * height);
  const channels = CHANNELS[colour]!;
  // Colours are compared with eight bits, as all lists have them.
  const shift = depth === 16 ? 8 : 0;
  const clear = png.transparency;
  for (let i = 0; i < values.length; i++) {
    const at = i * channels;
    if (channels % 2 === 0 && data[at + channels - 1] === 0) values[i] = OPEN_PIXEL;
    else if (channels === 2) values[i] = data[at]!;
    else if (clear && clear.length >= 3 && [0, 1, 2].every((c) => data[at + c] === clear[c]))
      values[i] = OPEN_PIXEL;
    else values[i] = packed(data[at]! >> shift, data[at + 1]! >> shift, data[at + 2]! >> shift);
  }
  if (channels === 2) return { ...size, kind: 'numbers', values, palette: null };
  return redOnly({ ...size, kind: 'colours', values, palette: null });
}

/** A picture as its file says that it stands; viewers show it so. */
function turned(picture: LabelPicture, turn: Orientation): LabelPicture {
  const { width, height, values } = picture;
  const upright = values.slice();
  for (const [i, place] of uprightPlaces(picture, turn).entries()) upright[place] = values[i]!;
  const lying = turn.rotation % 180 !== 0;
  return { ...picture, ...(lying ? { width: height, height: width } : {}), values: upright, upright: true };
}

/** Highest number looked for in a red channel; a brighter red is a colour. */
const RED_NUMBER_MAX = 63;

/** A picture in which only the red channel says anything, and little, holds numbers, not colours (CARLA's). */
function redOnly(picture: LabelPicture): LabelPicture {
  const { values } = picture;
  let some = false;
  for (const value of values) {
    if (value === OPEN_PIXEL) continue;
    if ((value & 0xffff) !== 0 || value >> 16 > RED_NUMBER_MAX) return picture;
    some ||= value !== 0;
  }
  if (!some) return picture;
  return { ...picture, kind: 'numbers', values: values.map((v) => (v === OPEN_PIXEL ? v : v >> 16)) };
}

/** Values of which some stand for what is transparent. */
function opened(values: Uint8Array | Uint16Array, clear: readonly number[]): LabelPicture['values'] {
  if (clear.length === 0) return values;
  const hidden = new Set(clear);
  return Uint32Array.from(values, (value) => (hidden.has(value) ? OPEN_PIXEL : value));
}

/** One value for each sample; samples of less than eight bits lie side by side, the first in the high bits. */
function unpacked(
  data: ReturnType<typeof decode>['data'],
  { width, height }: Size,
  depth: number,
): Uint8Array | Uint16Array {
  if (depth === 16) return data instanceof Uint16Array ? data : Uint16Array.from(data);
  if (depth === 8) return data instanceof Uint8Array ? data : Uint8Array.from(data);
  const stride = Math.ceil((width * depth) / 8);
  const perByte = 8 / depth;
  const values = new Uint8Array(width * height);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const byte = data[y * stride + Math.floor(x / perByte)]!;
      values[y * width + x] = (byte >> (8 - depth * ((x % perByte) + 1))) & ((1 << depth) - 1);
    }
  return values;
}

function packed(red: number, green: number, blue: number): number {
  return (red << 16) | (green << 8) | blue;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function unreadable(detail: string, cause?: unknown): CarriagewayError {
  return new CarriagewayError('labels-unreadable', detail, { cause });
}
