/** The tracks of an MP4 as its index lists them (ISO/IEC 14496-12, 8.3), as far as clocks are concerned. */
import { type Box, boxesAt } from './boxes';
import { ByteWindow } from './byte-window';

/** A track. */
export interface MovieTrack {
  readonly id: number;
  readonly kind: 'pictures' | 'sound' | 'other';
  /** Ticks in a second, above 0. */
  readonly scale: number;
  readonly box: Box;
}

const KINDS: Readonly<Record<number, MovieTrack['kind']>> = { 1986618469: 'pictures', 1936684398: 'sound' };

/** Tracks of indices that were read: clock, edit list and times look for theirs one after the other. */
const TRACKS = new WeakMap<Blob, Map<number, Promise<readonly MovieTrack[]>>>();

/** The tracks of an index, in its order; what is damaged is left out. */
export function tracksIn(bytes: ByteWindow, movie: Box): Promise<readonly MovieTrack[]> {
  let known = TRACKS.get(bytes.blob);
  if (!known) {
    known = new Map();
    TRACKS.set(bytes.blob, known);
  }
  let tracks = known.get(movie.from);
  if (!tracks) {
    tracks = readTracks(new ByteWindow(bytes.blob), movie);
    known.set(movie.from, tracks);
  }
  return tracks;
}

async function readTracks(bytes: ByteWindow, movie: Box): Promise<readonly MovieTrack[]> {
  const tracks: MovieTrack[] = [];
  for (const box of await boxesAt(bytes, movie, 'trak')) {
    const [header] = await boxesAt(bytes, box, 'tkhd');
    const [media] = await boxesAt(bytes, box, 'mdia', 'mdhd');
    const [handler] = await boxesAt(bytes, box, 'mdia', 'hdlr');
    if (!header || !media || !handler) continue;
    const head = await bytes.read(header.body, 24);
    const id = wordAfterTimes(head);
    const scale = wordAfterTimes(await bytes.read(media.body, 24));
    const said = await bytes.read(handler.body, 12);
    if (id === null || !scale || said.byteLength < 12) continue;
    tracks.push({ id, kind: KINDS[said.getUint32(8)] ?? 'other', scale, box });
  }
  return tracks;
}

/** Ticks in a second of a movie's own clock, in which edit lists count; null when it does not say. */
export async function movieScale(bytes: ByteWindow, movie: Box): Promise<number | null> {
  const [header] = await boxesAt(bytes, movie, 'mvhd');
  return (header && wordAfterTimes(await bytes.read(header.body, 24))) || null;
}

/** The word behind the two times with which headers begin: of four bytes each, or of eight in version 1. */
function wordAfterTimes(view: DataView): number | null {
  if (view.byteLength < 24) return null;
  return view.getUint32(view.getUint8(0) === 1 ? 20 : 12);
}
