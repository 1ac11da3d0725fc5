/** Elements of Matroska and WebM files (RFC 8794): where they lie, and the few that tell times. */
import type { ByteWindow } from './byte-window';

/** Elements by name, with the marker bits of their ids. */
export const ID = {
  head: 0x1a45dfa3,
  segment: 0x18538067,
  info: 0x1549a966,
  scale: 0x2ad7b1,
  tracks: 0x1654ae6b,
  cluster: 0x1f43b675,
  timestamp: 0xe7,
  simpleBlock: 0xa3,
  blockGroup: 0xa0,
  block: 0xa1,
} as const;

/** Elements that end a cluster or segment of unknown length: those of the levels above. */
const UPPER: ReadonlySet<number> = new Set([
  ...[ID.head, ID.segment, ID.cluster, ID.info, ID.tracks],
  // Index, what is where, tags, chapters, attachments.
  ...[0x1c53bb6b, 0x114d9b74, 0x1254c367, 0x1043a770, 0x1941a469],
]);

/** An element: `from` is where its id begins, `body` where its content does, `to` where the next one begins. */
export interface Element {
  readonly id: number;
  readonly from: number;
  readonly body: number;
  readonly to: number;
}

/** More elements than this on one level are not looked at. */
const ELEMENTS_MAX = 200_000;

/** The elements between two positions, in order, `most` of them; bytes that are none end the list. */
export async function elementsIn(
  bytes: ByteWindow,
  from: number,
  to: number,
  most = ELEMENTS_MAX,
): Promise<Element[]> {
  const found: Element[] = [];
  for (let at = from; at < to && found.length < most; ) {
    const view = await bytes.read(at, 12);
    const idLength = lengthAt(view, 0);
    if (idLength === null || idLength > 4) break;
    const id = numberAt(view, 0, idLength);
    const sizeLength = lengthAt(view, idLength);
    if (sizeLength === null) break;
    const body = at + idLength + sizeLength;
    const size = sizeAt(view, idLength, sizeLength);
    const end = size === null ? await endOf(bytes, id, body, to) : body + size;
    found.push({ id, from: at, body, to: end });
    at = end;
  }
  return found;
}

/** Where an element of unknown length ends: at the next of a level above it. */
async function endOf(bytes: ByteWindow, id: number, body: number, to: number): Promise<number> {
  if (id === ID.segment) return to;
  let at = body;
  for (let seen = 0; at < to && seen < ELEMENTS_MAX; seen++) {
    const view = await bytes.read(at, 12);
    const idLength = lengthAt(view, 0);
    if (idLength === null || idLength > 4) return to;
    if (UPPER.has(numberAt(view, 0, idLength))) return at;
    const sizeLength = lengthAt(view, idLength);
    if (sizeLength === null) return to;
    at += idLength + sizeLength + (sizeAt(view, idLength, sizeLength) ?? to);
  }
  return Math.min(at, to);
}

/** A number of an element's content. */
export async function readUnsigned(bytes: ByteWindow, { body, to }: Element): Promise<number> {
  const view = await bytes.read(body, Math.min(8, to - body));
  return numberAt(view, 0, view.byteLength);
}

/** An element with a number of eight bytes. */
export function writeElement(id: number, value: number): Uint8Array<ArrayBuffer> {
  const content = new Uint8Array(8);
  new DataView(content.buffer).setBigUint64(0, BigInt(Math.round(value)));
  return Uint8Array.of(...idBytes(id), 0x88, ...content);
}

/** Id and length of an element whose content follows; null for an unknown length. */
export function writeSize(id: number, size: number | null): Uint8Array<ArrayBuffer> {
  const length = new Uint8Array(8);
  new DataView(length.buffer).setBigUint64(0, BigInt(size ?? 2 ** 52));
  if (size === null) length.fill(0xff);
  length[0] = 0x01;
  return Uint8Array.of(...idBytes(id), ...length);
}

function idBytes(id: number): number[] {
  const bytes: number[] = [];
  for (let rest = id; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return bytes;
}

/** Bytes of a number of variable length, by the leading bits of its first; null when there are none. */
function lengthAt(view: DataView, at: number): number | null {
  if (at >= view.byteLength) return null;
  const length = Math.clz32(view.getUint8(at)) - 23;
  return length <= 8 && at + length <= view.byteLength ? length : null;
}

/** A length without its leading bits; null for the unknown one, all of whose bits are set. */
function sizeAt(view: DataView, at: number, length: number): number | null {
  const most = 0xff >> length;
  let value = view.getUint8(at) & most;
  let all = value === most;
  for (let i = 1; i < length; i++) {
    const byte = view.getUint8(at + i);
    all &&= byte === 0xff;
    // The leading bit is gone by now: with it, a double would round the last bits of eight bytes away.
    value = value * 256 + byte;
  }
  return all ? null : value;
}

function numberAt(view: DataView, at: number, length: number): number {
  let value = 0;
  for (let i = 0; i < length; i++) value = value * 256 + view.getUint8(at + i);
  return value;
}
