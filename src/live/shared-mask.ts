/**
 * What a network saw of one vehicle, small enough to be sent twice a second to everybody: the class map as runs of
 * equal cells. A street is a few wide areas, so runs take a tenth of the cells' bytes.
 *
 * Layout, big-endian: u8 version, u8 length of the vehicle's id and the id in ASCII, u16 width, u16 height, u16 drivable
 * share (0 to 65535), then runs of (u8 class, varint length; LEB128) that cover width × height cells row by row.
 */
import { isDrivable } from '../taxonomy/classes';

/** A mask on its way. */
export interface SharedMask {
  readonly vehicle: string;
  readonly width: number;
  readonly height: number;
  /** `width * height` class ids, row-major; 255 is void. */
  readonly classes: Uint8Array;
  /** Drivable share of the picture, 0 to 1. */
  readonly share: number;
}

const VERSION = 1;

/** Longest side of a shared map in cells: 2 % of the picture's width a cell, as fine as a thumbnail shows. */
const SIDE_MAX = 96;

/** Longest side that is taken from others. */
const SIDE_ACCEPTED = 512;

/** Bytes of one mask at most, as the server takes them. */
export const MASK_BYTES_MAX = 16 * 1024;

/** Fewer cells by taking every n-th; class ids cannot be averaged. */
export function thinned(mask: SharedMask): SharedMask {
  const step = Math.ceil(Math.max(mask.width, mask.height) / SIDE_MAX);
  if (step <= 1) return mask;
  const width = Math.floor(mask.width / step);
  const height = Math.floor(mask.height / step);
  const classes = new Uint8Array(width * height);
  // The middle of each block stands for it.
  const middle = Math.floor(step / 2);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      classes[y * width + x] = mask.classes[(y * step + middle) * mask.width + x * step + middle]!;
  return { ...mask, width, height, classes };
}

/**
 * Writes a mask down.
 * @throws RangeError when it does not fit its size, or takes more than `MASK_BYTES_MAX`
 */
export function encodeMask({ vehicle, width, height, classes, share }: SharedMask): Uint8Array<ArrayBuffer> {
  if (classes.length !== width * height || width > SIDE_ACCEPTED || height > SIDE_ACCEPTED)
    throw new RangeError(`${classes.length} cells are not ${width} × ${height}.`);
  const id = new TextEncoder().encode(vehicle);
  if (id.length > 64) throw new RangeError('The vehicle’s id is too long.');
  const out: number[] = [VERSION, id.length, ...id];
  const push16 = (value: number): void => {
    out.push((value >> 8) & 255, value & 255);
  };
  push16(width);
  push16(height);
  push16(Math.round(Math.min(1, Math.max(0, share)) * 65_535));
  for (let at = 0; at < classes.length; ) {
    const cell = classes[at]!;
    let end = at + 1;
    while (end < classes.length && classes[end] === cell) end++;
    out.push(cell);
    let run = end - at;
    for (; run > 127; run >>>= 7) out.push((run & 127) | 128);
    out.push(run);
    at = end;
  }
  if (out.length > MASK_BYTES_MAX) throw new RangeError(`${out.length} bytes are too many for a mask.`);
  return Uint8Array.from(out);
}

/** Reads a mask; null for anything that is not one, whoever made it. */
export function decodeMask(bytes: Uint8Array): SharedMask | null {
  let at = 0;
  const next = (): number => bytes[at++] ?? -1;
  if (bytes.length > MASK_BYTES_MAX || next() !== VERSION) return null;
  const length = next();
  if (length < 1 || length > 64 || bytes.length < 2 + length + 6) return null;
  const vehicle = new TextDecoder().decode(bytes.subarray(at, at + length));
  at += length;
  const read16 = (): number => next() * 256 + next();
  const [width, height, share] = [read16(), read16(), read16()];
  if (width < 1 || height < 1 || width > SIDE_ACCEPTED || height > SIDE_ACCEPTED) return null;
  const classes = new Uint8Array(width * height);
  let cell = 0;
  while (cell < classes.length) {
    const id = next();
    let run = 0;
    let shift = 0;
    let byte: number;
    do {
      byte = next();
      // The largest map has 18 bits of cells.
      if (byte < 0 || shift > 14) return null;
      run |= (byte & 127) << shift;
      shift += 7;
    } while (byte & 128);
    if (id < 0 || run === 0 || cell + run > classes.length) return null;
    classes.fill(id, cell, cell + run);
    cell += run;
  }
  return at === bytes.length ? { vehicle, width, height, classes, share: share / 65_535 } : null;
}

/** The drivable probability that a class map comes to: certain where the class is. */
export function drivableOf(classes: Uint8Array): Uint8Array {
  return classes.map((id) => (isDrivable(id) ? 255 : 0));
}
