/** The turn that a picture's EXIF data notes down (Exif 2.32, tag 0x0112; W3C, PNG, third edition, 11.3.4.7 "eXIf"). */
import type { Orientation } from '../media/orientation';

const ORIENTATION = 0x0112;
/** Entries of the first directory that are looked through. */
const ENTRIES_MAX = 256;

const ORIENTATIONS: readonly Orientation[] = [
  { rotation: 0, mirrored: false },
  { rotation: 0, mirrored: true },
  { rotation: 180, mirrored: false },
  { rotation: 180, mirrored: true },
  { rotation: 90, mirrored: true },
  { rotation: 90, mirrored: false },
  { rotation: 270, mirrored: true },
  { rotation: 270, mirrored: false },
];

/** What brings the stored pixels upright; null where nothing is noted, or it makes no sense. @param exif a TIFF file */
export function turnOf(exif: Uint8Array): Orientation | null {
  const view = new DataView(exif.buffer, exif.byteOffset, exif.byteLength);
  if (view.byteLength < 8) return null;
  const order = view.getUint16(0);
  if (order !== 0x4949 && order !== 0x4d4d) return null;
  const little = order === 0x4949;
  const first = view.getUint32(4, little);
  if (first + 2 > view.byteLength) return null;
  const count = Math.min(view.getUint16(first, little), ENTRIES_MAX);
  for (let n = 0; n < count; n++) {
    const at = first + 2 + 12 * n;
    if (at + 12 > view.byteLength) return null;
    if (view.getUint16(at, little) === ORIENTATION)
      return ORIENTATIONS[view.getUint16(at + 8, little) - 1] ?? null;
  }
  return null;
}
