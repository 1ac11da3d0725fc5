/**
 * Shared masks as they are kept beside a recording: a head with the name of its camera, then each mask with the moment
 * that it shows. Files that are laid one behind the other are one file again.
 *
 * Layout, big-endian. Head: `CWM1`, u8 length of the name and the name in UTF-8. Mask: `m`, f64 milliseconds since 1970,
 * u16 length and the bytes of `encodeMask`.
 */

/** What a file begins with. */
export const MASK_FILE_MAGIC = 'CWM1';

/** Ending of its name. */
export const MASK_FILE_ENDING = '.masks';

const MAGIC = new TextEncoder().encode(MASK_FILE_MAGIC);
const MARK = 'm'.charCodeAt(0);

/** Bytes in front of a mask's own. */
const RECORD_HEAD = 1 + 8 + 2;

/** A mask as it was kept. */
export interface KeptMask {
  /** Whose picture it is of, as files name it. */
  readonly camera: string;
  /** When that picture was taken, in milliseconds since 1970. */
  readonly clock: number;
  /** See `decodeMask`. */
  readonly bytes: Uint8Array;
}

/** What stands in front of a camera's masks. @throws RangeError for a name of more than 255 bytes */
export function maskFileHead(camera: string): Uint8Array<ArrayBuffer> {
  const name = new TextEncoder().encode(camera);
  if (name.length > 255) throw new RangeError('The name of the camera is too long.');
  return Uint8Array.of(...MAGIC, name.length, ...name);
}

/** One mask. @throws RangeError for more than 65,535 bytes */
export function maskRecord(clock: number, bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  if (bytes.length > 0xffff) throw new RangeError('The mask is too long.');
  const record = new Uint8Array(RECORD_HEAD + bytes.length);
  const view = new DataView(record.buffer);
  view.setUint8(0, MARK);
  view.setFloat64(1, clock);
  view.setUint16(9, bytes.length);
  record.set(bytes, RECORD_HEAD);
  return record;
}

/**
 * The masks of a file, in the order in which they were kept. What was cut off, or makes no sense, is left out up to the
 * next head.
 */
export function* readMaskFile(data: Uint8Array): Generator<KeptMask, void, undefined> {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  let camera: string | null = null;
  for (let at = 0; at < data.length; ) {
    if (startsHead(data, at)) {
      const length = data[at + MAGIC.length] ?? 0;
      const from = at + MAGIC.length + 1;
      camera = new TextDecoder().decode(data.subarray(from, from + length));
      at = from + length;
      continue;
    }
    const length = data[at] === MARK && at + RECORD_HEAD <= data.length ? view.getUint16(at + 9) : null;
    const end = at + RECORD_HEAD + (length ?? 0);
    if (camera === null || length === null || end > data.length) {
      at = nextHead(data, at + 1);
      continue;
    }
    const clock = view.getFloat64(at + 1);
    if (Number.isFinite(clock)) yield { camera, clock, bytes: data.subarray(at + RECORD_HEAD, end) };
    at = end;
  }
}

function startsHead(data: Uint8Array, at: number): boolean {
  return MAGIC.every((byte, i) => data[at + i] === byte);
}

function nextHead(data: Uint8Array, from: number): number {
  for (let at = from; at < data.length; at++) if (startsHead(data, at)) return at;
  return data.length;
}
