/** Boxes of MP4 and QuickTime files (ISO/IEC 14496-12, 4.2): where they lie, nothing of what they mean. */
import { ByteWindow } from './byte-window';
import { type Patch, PatchedFile } from './patched-file';

/** A box: `from` is where its header begins, `body` where its content does, `to` where the next one begins. */
export interface Box {
  readonly type: string;
  readonly from: number;
  readonly body: number;
  readonly to: number;
}

/** More boxes than this on one level are not looked at: an hour of fragments of a tenth of a second. */
const BOXES_MAX = 100_000;

/** Bytes of a header of 64 bits. */
const HEADER = 16;

/**
 * The boxes between two positions, in order. One that says to be longer than what is left is the last, with `to` beyond
 * the end; bytes that are no box end the list.
 */
export async function boxesIn(bytes: ByteWindow, from: number, to: number): Promise<Box[]> {
  const boxes: Box[] = [];
  for (let at = from; at + 8 <= to && boxes.length < BOXES_MAX; ) {
    const view = await bytes.read(at, HEADER);
    if (view.byteLength < 8) break;
    const type = String.fromCharCode(...[4, 5, 6, 7].map((i) => view.getUint8(i)));
    let size = view.getUint32(0);
    let header = 8;
    if (size === 1 && view.byteLength >= HEADER) {
      size = Number(view.getBigUint64(8));
      header = HEADER;
    } else if (size === 0) size = to - at;
    if (size < header || !/^[\x20-\x7e\xa9]{4}$/.test(type)) break;
    boxes.push({ type, from: at, body: at + header, to: at + size });
    at += size;
  }
  return boxes;
}

/** Boxes of files that were looked at: several look for something of their own in them. */
const TOP = new WeakMap<Blob, Promise<readonly Box[]>>();

/** The boxes of a file that are in no other, in order. */
export function topBoxes(blob: Blob): Promise<readonly Box[]> {
  let boxes = TOP.get(blob);
  if (!boxes) {
    boxes = boxesIn(new ByteWindow(blob), 0, blob.size);
    TOP.set(blob, boxes);
  }
  return boxes;
}

/** The boxes of a kind within another, along a path of kinds. */
export async function boxesAt(bytes: ByteWindow, within: Box, ...path: readonly string[]): Promise<Box[]> {
  let found = [within];
  for (const type of path) {
    const next: Box[] = [];
    for (const box of found)
      next.push(...(await boxesIn(bytes, box.body, box.to)).filter((inner) => inner.type === type));
    found = next;
  }
  return found;
}

/** A file with some of its bytes replaced by as many others. @param patches in order of their places */
export function patched(blob: Blob, patches: readonly Patch[]): Blob {
  // The bytes of one that is read from elsewhere are in no part of it.
  if (![Blob.prototype, globalThis.File?.prototype].includes(Object.getPrototypeOf(blob)))
    return new PatchedFile(blob, patches);
  const parts: BlobPart[] = [];
  let from = 0;
  for (const { at, bytes } of patches) {
    parts.push(blob.slice(from, at), bytes);
    from = at + bytes.length;
  }
  return new Blob([...parts, blob.slice(from)], { type: blob.type });
}
