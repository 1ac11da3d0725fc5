/** From files to what they say of a drive, whichever way their maker wrote it. Runs in a worker. */

import { readFreeGps } from './formats/free-gps';
import { readGpmf } from './formats/gpmf';
import { readGpx } from './formats/gpx';
import { tracksOf } from './formats/mp4-samples';
import { readNmea } from './formats/nmea';
import { readTeslaSei } from './formats/tesla-sei';
import { type Reading, TEXT_MAX } from './reading';

/**
 * Reads what lies in a video file; null when there is nothing, or nothing that is known here.
 * @param file MP4 or QuickTime; others have no telemetry that is read
 */
export async function readVideo(file: Blob): Promise<Reading | null> {
  const head = new DataView(await file.slice(0, 12).arrayBuffer());
  const type = head.byteLength < 8 ? '' : String.fromCharCode(...[4, 5, 6, 7].map((i) => head.getUint8(i)));
  if (!/^(ftyp|moov|mdat|free|skip|wide|pnot)$/.test(type)) return null;
  const tracks = await tracksOf(file);
  const gpmf = await readGpmf(file, tracks);
  if (gpmf) return gpmf;
  const blocks = await readFreeGps(file);
  return blocks && !blocks.obscured ? blocks : ((await readTeslaSei(file, tracks)) ?? blocks);
}

/** Reads a file beside a video: GPX, or NMEA sentences. Null when it is neither. */
export async function readBeside(file: Blob): Promise<Reading | null> {
  const bytes = new Uint8Array(await file.slice(0, TEXT_MAX).arrayBuffer());
  const text = new TextDecoder(encodingOf(bytes)).decode(bytes);
  return readGpx(text) ?? readNmea(text);
}

/** The encoding of a text, by the mark that it begins with. */
function encodingOf([first, second]: Uint8Array): string {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  return first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
}

/** A place as ISO 6709 writes it (`+27.5916+086.5640+8850/`, degrees, or degrees with minutes and seconds); else null. */
export function parsePlace(text: string): { readonly latitude: number; readonly longitude: number } | null {
  const match = /^\s*([+-])(\d{6}|\d{4}|\d{2})(\.\d+)?([+-])(\d{7}|\d{5}|\d{3})(\.\d+)?/.exec(text);
  if (!match) return null;
  const degrees = (sign: string, digits: string, rest: string | undefined, whole: number): number => {
    const units = [
      digits.slice(0, whole),
      digits.slice(whole, whole + 2),
      digits.slice(whole + 2, whole + 4),
    ];
    const last = units.findLastIndex((unit) => unit !== '');
    const value = units.reduce(
      (sum, unit, i) => sum + (i <= last ? Number(unit + (i === last ? (rest ?? '') : '')) / 60 ** i : 0),
      0,
    );
    return sign === '-' ? -value : value;
  };
  const latitude = degrees(match[1]!, match[2]!, match[3], 2);
  const longitude = degrees(match[4]!, match[5]!, match[6], 3);
  return Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 ? { latitude, longitude } : null;
}
