/**
 * What the beginning of a picture's file says of it before anything is decoded: its size, so that one that is too large
 * is refused without unpacking it, and whether it moves. Layouts: PNG (W3C, third edition), JPEG (ITU-T T.81, B.2.2), GIF89a,
 * WebP (RFC 9649), BMP, AVIF (ISO/IEC 23008-12, `ispe`).
 */
import type { Size } from '../../media/size';

/** What is known of a picture. */
export interface PictureHead {
  /** As it is stored, in pixels; null where its beginning does not tell. */
  readonly size: Size | null;
  /** Whether it holds further pictures that follow each other. */
  readonly moves: boolean;
}

/** Bytes that are looked at: cameras put previews and colour profiles in front. */
const HEAD = 65_536;

/** Reads the beginning of a picture. Never rejects: of what cannot be read nothing is known. */
export async function pictureHead(file: Blob): Promise<PictureHead> {
  try {
    return headOf(new Uint8Array(await file.slice(0, HEAD).arrayBuffer()));
  } catch {
    // Gone, or cut off within what was to be read.
    return UNKNOWN;
  }
}

const UNKNOWN: PictureHead = { size: null, moves: false };

function headOf(bytes: Uint8Array): PictureHead {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const text = (at: number, length: number): string =>
    String.fromCharCode(...bytes.subarray(at, at + length));
  if (text(0, 4) === '\x89PNG')
    return { size: sizeOf(view.getUint32(16), view.getUint32(20)), moves: movesPng(view) };
  if (text(0, 4) === 'GIF8')
    return { size: sizeOf(view.getUint16(6, true), view.getUint16(8, true)), moves: movesGif(bytes) };
  if (text(0, 4) === 'RIFF' && text(8, 4) === 'WEBP') return webp(view, text(12, 4));
  if (text(0, 2) === 'BM')
    return { size: sizeOf(view.getInt32(18, true), Math.abs(view.getInt32(22, true))), moves: false };
  if (text(4, 4) === 'ftyp') return avif(view, text(8, 24));
  if (view.getUint16(0) === 0xffd8) return { size: jpegSize(view), moves: false };
  return UNKNOWN;
}

function sizeOf(width: number, height: number): Size {
  return { width, height };
}

/** The control chunk of an animation stands in front of the picture. */
function movesPng(view: DataView): boolean {
  for (let at = 8; at + 8 <= view.byteLength; at += 12 + view.getUint32(at)) {
    const type = view.getUint32(at + 4);
    if (type === 0x6163544c) return true;
    if (type === 0x49444154) return false;
  }
  return false;
}

/** Repeats, or stands for a while before the next picture. */
function movesGif(bytes: Uint8Array): boolean {
  const text = new TextDecoder('latin1').decode(bytes);
  if (text.includes('NETSCAPE2.0')) return true;
  const control = text.indexOf('!\xf9\x04');
  return control >= 0 && (bytes[control + 4] !== 0 || bytes[control + 5] !== 0);
}

function webp(view: DataView, kind: string): PictureHead {
  const three = (at: number): number => view.getUint16(at, true) | (view.getUint8(at + 2) << 16);
  if (kind === 'VP8X')
    return { size: sizeOf(three(24) + 1, three(27) + 1), moves: (view.getUint8(20) & 2) !== 0 };
  if (kind === 'VP8L') {
    const bits = view.getUint32(21, true);
    return { size: sizeOf((bits & 0x3fff) + 1, ((bits >>> 14) & 0x3fff) + 1), moves: false };
  }
  return { size: sizeOf(view.getUint16(26, true) & 0x3fff, view.getUint16(28, true) & 0x3fff), moves: false };
}

/** The largest of its sizes: tiles and previews have theirs. */
function avif(view: DataView, brands: string): PictureHead {
  let size: Size | null = null;
  for (let at = 0; at + 16 <= view.byteLength; at++) {
    if (view.getUint32(at) !== 0x69737065) continue;
    const found = sizeOf(view.getUint32(at + 8), view.getUint32(at + 12));
    if (!size || Math.max(found.width, found.height) > Math.max(size.width, size.height)) size = found;
  }
  return { size, moves: brands.includes('avis') };
}

/** Size in the header of the frame, which stands behind other segments. */
function jpegSize(view: DataView): Size | null {
  for (let at = 2; at + 9 <= view.byteLength; ) {
    const marker = view.getUint8(at + 1);
    if (view.getUint8(at) !== 0xff) return null;
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return sizeOf(view.getUint16(at + 7), view.getUint16(at + 5));
    at += 2 + view.getUint16(at + 2);
  }
  return null;
}
