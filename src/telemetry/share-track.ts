/**
 * What of a track leaves the page. Places only when they are asked for, and then without the surroundings of where the
 * drive began and ended; what leads there (direction and steering wheel) goes with them.
 */
import { metresBetween, type Place } from './geo';
import { indexAt, momentAt, placeOf, type Track, type TrackPoint } from './track';

/** What is wished. */
export interface TrackShare {
  /** Whether places go along. */
  readonly places: boolean;
  /** Metres around the first and the last place of the recording from which no place goes along. */
  readonly cut: number;
}

/** Most metres that can be cut. */
export const CUT_MAX = 5000;

/** A track with no more in it than was asked for. */
export function sharedTrack(track: Track, { places, cut }: TrackShare): Track {
  if (!places)
    return { ...track, points: track.points.map((point) => ({ ...point, latitude: null, longitude: null })) };
  if (cut <= 0) return track;
  const [from, to] = keptOf(track.points, cut);
  const points = track.points.map((point, i) => (i >= from && i <= to ? point : hidden(point)));
  return { ...track, points };
}

/** The first and last index that lie outside of both surroundings; the first beyond the last where none does. */
function keptOf(points: readonly TrackPoint[], cut: number): readonly [number, number] {
  const placed = points.flatMap((point, i) => (placeOf(point) ? [i] : []));
  const [first, last] = [placed[0], placed.at(-1)];
  if (first === undefined || last === undefined) return [0, points.length - 1];
  const away = (i: number, home: Place): boolean => metresBetween(placeOf(points[i]!)!, home) > cut;
  const from = placed.find((i) => away(i, placeOf(points[first]!)!)) ?? points.length;
  const to = placed.findLast((i) => away(i, placeOf(points[last]!)!)) ?? -1;
  return [from, to];
}

function hidden(point: TrackPoint): TrackPoint {
  return { ...point, latitude: null, longitude: null, heading: null, steering: null };
}

/** What is known of a time, with the places that are left: next to a cut there is none in between. */
export function sharedMoment(track: Track, seconds: number): TrackPoint | null {
  const moment = momentAt(track, seconds);
  if (!moment) return null;
  const at = indexAt(track.points, seconds);
  const [before, after] = [track.points[at], track.points[at + 1]];
  const beside = [before, after].some((point) => point && placeOf(point) === null);
  return beside ? { ...moment, latitude: null, longitude: null } : moment;
}
