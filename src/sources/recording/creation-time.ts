/** When a recording began, as MP4 and QuickTime files say it (ISO/IEC 14496-12, 8.2.2 "Movie Header Box"). */

/** Seconds between the epoch of these files, 1904, and that of computers, 1970. */
const EPOCH = 2_082_844_800;

/** Boxes looked at on the top level: a fragmented recording has thousands, its header among the first. */
const BOXES_MAX = 64;

/** Bytes of a box's type and size, of both lengths. */
const HEADER = 16;

/**
 * The time in the movie header, in milliseconds since 1970; null when there is none that can be. Recorders write the
 * time at which they began, by their own clock, and many take their local time for UTC.
 */
export async function creationTime(file: Blob): Promise<number | null> {
  const movie = await findBox(file, 'moov', 0, file.size);
  const header = movie && (await findBox(file, 'mvhd', movie.from, movie.to));
  if (!header) return null;
  const view = new DataView(
    await file.slice(header.from, Math.min(header.to, header.from + 12)).arrayBuffer(),
  );
  if (view.byteLength < 12) return null;
  const seconds = view.getUint8(0) === 1 ? Number(view.getBigUint64(4)) : view.getUint32(4);
  // Nought means "not told"; before 1970 lie clocks that were never set.
  return seconds > EPOCH ? (seconds - EPOCH) * 1000 : null;
}

/** Where a box's content lies between two positions; null when there is none. */
async function findBox(
  file: Blob,
  type: string,
  from: number,
  to: number,
): Promise<{ readonly from: number; readonly to: number } | null> {
  let at = from;
  for (let seen = 0; seen < BOXES_MAX && at + 8 <= to; seen++) {
    const view = new DataView(await file.slice(at, at + HEADER).arrayBuffer());
    if (view.byteLength < 8) return null;
    let size = view.getUint32(0);
    let header = 8;
    if (size === 1 && view.byteLength >= HEADER) {
      size = Number(view.getBigUint64(8));
      header = HEADER;
    }
    if (size === 0) size = to - at;
    if (size < header) return null;
    const name = String.fromCharCode(...[4, 5, 6, 7].map((i) => view.getUint8(i)));
    if (name === type) return { from: at + header, to: Math.min(to, at + size) };
    at += size;
  }
  return null;
}
