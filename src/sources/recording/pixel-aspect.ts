/** Whether a container says how wide its pixels are: where it does, what the coded pictures say of it does not count. */
import { type InputFormat, type InputVideoTrack, IsobmffInputFormat, MPEG_TS } from 'mediabunny';
import { boxesAt, boxesIn, topBoxes } from './clock/boxes';
import { ByteWindow } from './clock/byte-window';
import { tracksIn } from './clock/movie-tracks';

/** Bytes of a list of sample entries, and of an entry of pictures, before the boxes in them (ISO/IEC 14496-12, 8.5.2, 12.1.3). */
const LIST_HEAD = 8;
const ENTRY_HEAD = 78;

/** Whether it does: Matroska always, an MP4 where it has a `pasp` box, a transport stream never. */
export async function saysPixelAspect(
  format: InputFormat,
  blob: Blob,
  track: InputVideoTrack,
): Promise<boolean> {
  if (format === MPEG_TS) return false;
  if (!(format instanceof IsobmffInputFormat)) return true;
  const movie = (await topBoxes(blob)).find(({ type, to }) => type === 'moov' && to <= blob.size);
  if (!movie) return false;
  const bytes = new ByteWindow(blob);
  const found = (await tracksIn(bytes, movie)).find(({ id }) => id === track.id);
  const [list] = found ? await boxesAt(bytes, found.box, 'mdia', 'minf', 'stbl', 'stsd') : [];
  const [entry] = list ? await boxesIn(bytes, list.body + LIST_HEAD, list.to) : [];
  if (!entry) return false;
  const inside = await boxesIn(bytes, entry.body + ENTRY_HEAD, entry.to);
  return inside.some(({ type }) => type === 'pasp');
}
