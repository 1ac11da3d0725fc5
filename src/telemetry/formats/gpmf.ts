/**
 * GoPro's GPMF (github.com/gopro/gpmf-parser, "GPMF introduction"): nested pieces of a four-letter key, a type, a
 * structure's size and a count, big-endian, each filled up to four bytes. Places lie in streams `GPS5` (HERO5 to 10:
 * latitude, longitude, altitude, speed over ground, speed in space; scaled by `SCAL`; the time of the payload in
 * `GPSU`) and `GPS9` (HERO11 on: the same five, then days since 2000, seconds of the day, dilution and fix). Speeds are
 * metres a second; times are UTC. There is no heading in it.
 */
import { FIXES_MAX, type Fix, momentOf, NO_FIX, type Reading } from '../reading';
import type { Sample, SampleTrack } from './mp4-samples';

/** Nested deeper, it is no telemetry. */
const DEPTH_MAX = 6;
/** Bytes of one payload; a second of all sensors has some 20 KB. */
const PAYLOAD_MAX = 1024 * 1024;
/** Places at most are taken for a second: enough for a curve, and for a map. */
const RATE = 10;
/** A dilution of precision above this is no place (GoPro's own tools cut at 5 to 10), in hundredths as it is stored. */
const DILUTION_MAX = 1000;
/** Milliseconds since 1970 of the day from which GPS9 counts. */
const YEAR_2000 = Date.UTC(2000, 0, 1);

/** A piece: its key, and where its content lies. */
interface Piece {
  readonly key: string;
  readonly type: number;
  readonly size: number;
  readonly count: number;
  readonly view: DataView;
}

/** Reads the track of a file; null when it has no place. */
export async function readGpmf(file: Blob, tracks: readonly SampleTrack[]): Promise<Reading | null> {
  const track = tracks.find(({ coding }) => coding === 'gpmd');
  if (!track) return null;
  const fixes: Fix[] = [];
  let damaged = 0;
  for (const sample of await track.samples()) {
    if (fixes.length >= FIXES_MAX) break;
    if (sample.size === 0 || sample.size > PAYLOAD_MAX || sample.at + sample.size > file.size) {
      damaged++;
      continue;
    }
    const bytes = await file.slice(sample.at, sample.at + sample.size).arrayBuffer();
    fixes.push(...placesOf(new DataView(bytes), sample));
  }
  return fixes.length === 0 ? null : { format: 'gpmf', fixes, clock: 'utc', zone: null, damaged };
}

/** The places of a payload, spread evenly over its time. GPS9 knows more than GPS5 and counts where both are there. */
export function placesOf(payload: DataView, sample: Pick<Sample, 'seconds' | 'duration'>): Fix[] {
  const streams = streamsOf(payload, 0);
  const found = streams.find((pieces) => pieces.has('GPS9')) ?? streams.find((pieces) => pieces.has('GPS5'));
  if (!found) return [];
  const nine = found.get('GPS9');
  const places = nine ?? found.get('GPS5')!;
  const scales = scalesOf(found.get('SCAL'));
  const columns = nine ? 9 : 5;
  if (places.size < (nine ? 32 : 20) || scales.length === 0) return [];
  const clock = nine ? null : utcOf(found.get('GPSU'));
  const locked = nine ? true : (numberIn(found.get('GPSF')) ?? 3) >= 2;
  const sharp = nine ? true : (numberIn(found.get('GPSP')) ?? 0) <= DILUTION_MAX;
  const step = Math.max(1, Math.floor(places.count / Math.max(0.1, sample.duration) / RATE));
  const fixes: Fix[] = [];
  for (let n = 0; n < places.count; n += step) {
    const at = n * places.size;
    const value = (column: number): number => {
      const wide = column < 7;
      const offset = at + (wide ? 4 * column : 28 + 2 * (column - 7));
      const raw = wide ? places.view.getInt32(offset) : places.view.getUint16(offset);
      return raw / (scales[scales.length === 1 ? 0 : column] || 1);
    };
    const into = (n / places.count) * sample.duration;
    const usable = nine ? columns === 9 && value(8) >= 2 && value(7) * 100 <= DILUTION_MAX : locked && sharp;
    fixes.push({
      ...NO_FIX,
      seconds: sample.seconds + into,
      clock: nine
        ? YEAR_2000 + (value(5) * 86_400 + value(6)) * 1000
        : clock === null
          ? null
          : clock + into * 1000,
      latitude: usable ? value(0) : null,
      longitude: usable ? value(1) : null,
      speed: usable ? value(3) : null,
    });
  }
  return fixes;
}

/** The streams (`STRM`) below a piece, each with its own pieces by key. */
function streamsOf(view: DataView, depth: number): Map<string, Piece>[] {
  const streams: Map<string, Piece>[] = [];
  for (const piece of piecesOf(view)) {
    if (piece.type !== 0 || depth >= DEPTH_MAX) continue;
    if (piece.key === 'STRM') streams.push(new Map(piecesOf(piece.view).map((inner) => [inner.key, inner])));
    else streams.push(...streamsOf(piece.view, depth + 1));
  }
  return streams;
}

/** The pieces side by side in some bytes; one that is longer than what is left ends the list. */
function piecesOf(view: DataView): Piece[] {
  const pieces: Piece[] = [];
  for (let at = 0; at + 8 <= view.byteLength; ) {
    const key = String.fromCharCode(...[0, 1, 2, 3].map((i) => view.getUint8(at + i)));
    const [type, size, count] = [view.getUint8(at + 4), view.getUint8(at + 5), view.getUint16(at + 6)];
    const length = size * count;
    if (at + 8 + length > view.byteLength || !/^[\x20-\x7e]{4}$/.test(key)) break;
    pieces.push({
      key,
      type,
      size,
      count,
      view: new DataView(view.buffer, view.byteOffset + at + 8, length),
    });
    at += 8 + Math.ceil(length / 4) * 4;
  }
  return pieces;
}

/** Divisors of each column: of 16 or 32 bits, whole numbers or not. */
function scalesOf(piece: Piece | undefined): number[] {
  if (!piece) return [];
  const unit = piece.size;
  if (unit !== 2 && unit !== 4) return [];
  const broken = String.fromCharCode(piece.type) === 'f';
  return Array.from({ length: Math.min(16, piece.count) }, (_, i) => {
    if (unit === 2) return piece.view.getInt16(2 * i);
    return broken ? piece.view.getFloat32(4 * i) : piece.view.getInt32(4 * i);
  });
}

function numberIn(piece: Piece | undefined): number | null {
  if (!piece || piece.view.byteLength < 2) return null;
  return piece.size === 4 && piece.view.byteLength >= 4 ? piece.view.getUint32(0) : piece.view.getUint16(0);
}

/** `GPSU`: `yymmddhhmmss.sss`. */
function utcOf(piece: Piece | undefined): number | null {
  if (!piece) return null;
  const text = String.fromCharCode(
    ...new Uint8Array(piece.view.buffer, piece.view.byteOffset, piece.view.byteLength).slice(0, 16),
  );
  const match = /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d(?:\.\d+)?)/.exec(text);
  if (!match) return null;
  const [year, month, day, hour, minute, second] = match.slice(1).map(Number);
  return momentOf(2000 + year!, month!, day!, hour!, minute!, second!);
}
