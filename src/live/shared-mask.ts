/**
 * What a network saw of one vehicle, small enough to be sent twice a second to everybody: drivable share, the road's
 * edges, and the class map as runs of equal cells. A street is a few wide areas, so runs take a tenth of the cells'
 * bytes.
 *
 * Layout, big-endian: u8 version, u8 length of the vehicle's id and the id in ASCII, u16 width, u16 height, u16 drivable
 * share (0 to 65535), u16 age in milliseconds, u8 number of edges, each u8 side (0 left, 1 right), u8 number of points and those (u16 x and y as
 * shares of the picture, 0 to 65535, u8 confidence), then runs of (u8 class, varint length; LEB128) that cover
 * width × height cells row by row.
 */
import { EDGE_POINTS_MAX, EDGES_MAX, type EdgePoint, type RoadEdge } from '../scene/road-edges';
import { isDrivable } from '../taxonomy/classes';
import { ByteReader, ByteWriter } from './bytes';

/** A mask on its way. */
export interface SharedMask {
  readonly vehicle: string;
  readonly width: number;
  readonly height: number;
  /** `width * height` class ids, row-major; 255 is void. */
  readonly classes: Uint8Array;
  /** Drivable share of the picture, 0 to 1. */
  readonly share: number;
  /** The road's edges. */
  readonly edges: readonly RoadEdge[];
  /**
   * Milliseconds, whole, since its picture passed the server, when it is sent: its way from there, its wait and the
   * network's work, as far as they are known; 65,535 at most.
   */
  readonly age: number;
}

const VERSION = 3;

/** Sides in the order of their numbers. */
const SIDES = ['left', 'right'] as const;

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
 * @throws RangeError when it does not fit its size, has too many edges, or takes more than `MASK_BYTES_MAX`
 */
export function encodeMask(mask: SharedMask): Uint8Array<ArrayBuffer> {
  const { vehicle, width, height, classes, share, edges, age } = mask;
  if (classes.length !== width * height || width > SIDE_ACCEPTED || height > SIDE_ACCEPTED)
    throw new RangeError(`${classes.length} cells are not ${width} × ${height}.`);
  const id = new TextEncoder().encode(vehicle);
  if (id.length > 64) throw new RangeError('The vehicle’s id is too long.');
  if (edges.length > EDGES_MAX || edges.some(({ points }) => points.length > EDGE_POINTS_MAX))
    throw new RangeError('The road has too many edges.');
  const out = new ByteWriter();
  out.byte(VERSION);
  out.byte(id.length);
  for (const byte of id) out.byte(byte);
  out.short(width);
  out.short(height);
  out.share(share);
  out.short(Math.min(0xffff, Math.max(0, Math.round(age))));
  out.byte(edges.length);
  for (const { side, points } of edges) {
    out.byte(SIDES.indexOf(side));
    out.byte(points.length);
    for (const { x, y, confidence } of points) {
      out.share(x);
      out.share(y);
      out.byte(Math.round(clamp(confidence) * 255));
    }
  }
  for (let at = 0; at < classes.length; ) {
    const cell = classes[at]!;
    let end = at + 1;
    while (end < classes.length && classes[end] === cell) end++;
    out.byte(cell);
    out.varint(end - at);
    at = end;
  }
  if (out.length > MASK_BYTES_MAX) throw new RangeError(`${out.length} bytes are too many for a mask.`);
  return out.bytes();
}

/** Reads a mask; null for anything that is not one, whoever made it. */
export function decodeMask(bytes: Uint8Array): SharedMask | null {
  if (bytes.length > MASK_BYTES_MAX) return null;
  const from = new ByteReader(bytes);
  try {
    if (from.byte() !== VERSION) return null;
    const length = from.byte();
    if (length < 1 || length > 64) return null;
    const vehicle = new TextDecoder().decode(from.take(length));
    const [width, height, share, age] = [from.short(), from.short(), from.share(), from.short()];
    if (width < 1 || height < 1 || width > SIDE_ACCEPTED || height > SIDE_ACCEPTED) return null;
    const edges = readEdges(from);
    const classes = edges && readClasses(from, width * height);
    return edges && classes && from.ended ? { vehicle, width, height, classes, share, edges, age } : null;
  } catch (thrown) {
    // It was cut off.
    if (thrown instanceof RangeError) return null;
    throw thrown;
  }
}

function readEdges(from: ByteReader): RoadEdge[] | null {
  const count = from.byte();
  if (count > EDGES_MAX) return null;
  const edges: RoadEdge[] = [];
  for (let i = 0; i < count; i++) {
    const side = SIDES[from.byte()];
    const length = from.byte();
    if (!side || length > EDGE_POINTS_MAX) return null;
    const points: EdgePoint[] = [];
    for (let k = 0; k < length; k++)
      points.push({ x: from.share(), y: from.share(), confidence: from.byte() / 255 });
    edges.push({ side, points });
  }
  return edges;
}

function readClasses(from: ByteReader, cells: number): Uint8Array | null {
  const classes = new Uint8Array(cells);
  for (let cell = 0; cell < cells; ) {
    const id = from.byte();
    const run = from.varint();
    if (run === 0 || cell + run > cells) return null;
    classes.fill(id, cell, cell + run);
    cell += run;
  }
  return classes;
}

function clamp(share: number): number {
  return Math.min(1, Math.max(0, share));
}

/** The drivable probability that a class map comes to: certain where the class is. */
export function drivableOf(classes: Uint8Array): Uint8Array {
  return classes.map((id) => (isDrivable(id) ? 255 : 0));
}
