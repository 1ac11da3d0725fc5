/** A track as GPX 1.1 (topografix.com/GPX/1/1), speed and course as Garmin's track point extension has them. */
import { placeOf, type Track } from './track';

const NAMESPACES = [
  'xmlns="http://www.topografix.com/GPX/1/1"',
  'xmlns:tpx="http://www.garmin.com/xmlschemas/TrackPointExtension/v2"',
].join(' ');

/**
 * The points with a place, as a text; a new segment begins where nothing is known. Null when there is none.
 * @param name of the track, for people
 * @param range seconds of the recording; all without
 */
export function gpxOf(
  track: Track,
  name: string,
  range: { readonly from: number; readonly to: number } | null = null,
): string | null {
  const segments: string[][] = [[]];
  for (const point of track.points) {
    const place = placeOf(point);
    const inside = !range || (point.t >= range.from && point.t <= range.to);
    const open = segments.at(-1)!;
    if (!place || !inside || track.holes.some(({ to }) => to === point.t)) {
      if (open.length > 0) segments.push([]);
      if (!place || !inside) continue;
    }
    const { utc, speed, heading } = point;
    const time = utc === null ? '' : `<time>${new Date(utc).toISOString()}</time>`;
    const told = [
      speed === null ? '' : `<tpx:speed>${speed.toFixed(2)}</tpx:speed>`,
      heading === null ? '' : `<tpx:course>${heading.toFixed(1)}</tpx:course>`,
    ].join('');
    const more = told
      ? `<extensions><tpx:TrackPointExtension>${told}</tpx:TrackPointExtension></extensions>`
      : '';
    segments
      .at(-1)!
      .push(
        `<trkpt lat="${place.latitude.toFixed(7)}" lon="${place.longitude.toFixed(7)}">${time}${more}</trkpt>`,
      );
  }
  const filled = segments.filter((segment) => segment.length > 0);
  if (filled.length === 0) return null;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<gpx version="1.1" creator="Carriageway" ${NAMESPACES}>`,
    `<trk><name>${escaped(name)}</name>`,
    ...filled.map((segment) => `<trkseg>\n${segment.join('\n')}\n</trkseg>`),
    '</trk></gpx>',
    '',
  ].join('\n');
}

/** Text of XML; characters that XML cannot hold are left out. */
function escaped(text: string): string {
  const kept = [...text].filter((letter) => letter >= ' ').join('');
  return kept.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
