/** Where and how fast the vehicle was at each moment of a recording. */
import { fullTurn, type Place, turnBetween } from './geo';
import type { TelemetryFormat } from './reading';

/** One moment; null is "not known". */
export interface TrackPoint {
  /** Seconds of the recording; the first may lie a second before it, the last as much behind. */
  readonly t: number;
  /** Milliseconds since 1970, UTC; null where the recorder's zone is not known. */
  readonly utc: number | null;
  /** Degrees, WGS 84; both or neither. */
  readonly latitude: number | null;
  readonly longitude: number | null;
  /** Metres a second, at least 0. */
  readonly speed: number | null;
  /** Degrees clockwise from true north, at least 0 and below 360. */
  readonly heading: number | null;
  /** Degrees of the steering wheel, clockwise positive. */
  readonly steering: number | null;
  readonly brake: boolean | null;
}

/** How a track's time was found. */
export type TrackClock =
  /** The moments lie in the video file and have its own times. */
  | 'file'
  /** By the recorder's clock, which fits the recording's. */
  | 'matched'
  /** The clock fits but for whole quarters of an hour, which were taken for a zone. */
  | 'zone'
  /** Nothing tells: it begins with the recording, as far as anybody knows. */
  | 'assumed';

/** A drive. */
export interface Track {
  /** In order of time; at least one. */
  readonly points: readonly TrackPoint[];
  readonly format: TelemetryFormat;
  /** Name of the file it was read from; empty where it is the video itself. */
  readonly from: string;
  readonly clock: TrackClock;
  /** Minutes by which the recorder's clock is ahead of UTC; null when nothing tells. */
  readonly zone: number | null;
  /** Seconds of the recording for which nothing is known, between points. */
  readonly holes: readonly { readonly from: number; readonly to: number }[];
  /** What was worked out from the places, since the file does not tell it. */
  readonly derived: readonly ('speed' | 'heading')[];
  /** Moments that were left out: damaged, or at places where the vehicle cannot have been. */
  readonly left: number;
}

/** Seconds before the first point and behind the last for which they still hold. */
const EDGE = 1;

/** Index of the last point at or before a time; -1 before the first. */
export function indexAt(points: readonly TrackPoint[], seconds: number): number {
  let [low, high] = [0, points.length - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    if (points[middle]!.t <= seconds + 1e-6) low = middle + 1;
    else high = middle - 1;
  }
  return high;
}

/** What is known of a time: between two points what lies between them; null in holes and beyond both ends. */
export function momentAt({ points, holes }: Track, seconds: number): TrackPoint | null {
  const at = indexAt(points, seconds);
  const [before, after] = [points[at], points[at + 1]];
  if (!before) return after && after.t - seconds <= EDGE ? { ...after, t: seconds } : null;
  if (!after || holes.some(({ from, to }) => from <= seconds && seconds < to))
    return seconds - before.t <= EDGE ? { ...before, t: seconds } : null;
  // A point counts from a hair before its time on; what it says is not drawn beyond it.
  const share = Math.max(0, (seconds - before.t) / (after.t - before.t));
  return between(before, after, share, seconds);
}

function between(a: TrackPoint, b: TrackPoint, share: number, t: number): TrackPoint {
  const mixed = (x: number | null, y: number | null): number | null =>
    x === null || y === null ? (share < 0.5 ? x : y) : x + (y - x) * share;
  const turned = (x: number | null, y: number | null): number | null =>
    x === null || y === null ? (share < 0.5 ? x : y) : fullTurn(x + turnBetween(x, y) * share);
  const placed = placeOf(a) && placeOf(b);
  const near = share < 0.5 ? a : b;
  const east = placed ? turnBetween(a.longitude!, b.longitude!) : 0;
  return {
    t,
    utc: a.utc === null || b.utc === null ? null : a.utc + (b.utc - a.utc) * share,
    latitude: placed ? mixed(a.latitude, b.latitude) : near.latitude,
    longitude: placed ? a.longitude! + east * share : near.longitude,
    speed: mixed(a.speed, b.speed),
    heading: turned(a.heading, b.heading),
    steering: mixed(a.steering, b.steering),
    brake: near.brake,
  };
}

/** The place of a point; null where it has none. */
export function placeOf({ latitude, longitude }: TrackPoint): Place | null {
  return latitude === null || longitude === null ? null : { latitude, longitude };
}
