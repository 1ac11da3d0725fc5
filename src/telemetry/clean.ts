/** Takes out of a row of moments what cannot be, and works out what places alone tell. */
import { middleOf } from '../media/middle';
import { bearing, fullTurn, metresBetween } from './geo';
import { placeOf, type TrackPoint } from './track';

/** Metres a second that no road vehicle drives: a place or speed beyond is a fault of the receiver. */
const SPEED_MAX = 120;
/** Metres by which a standing receiver wanders; nearer than this no direction is told by places. */
const WANDER = 3;
/** So many places that agree with each other are where the vehicle was, however far apart from the others. */
const AGREED = 5;
/** Rows of places that are held open at once, and looked at for the longest: receivers jump to and fro, not everywhere. */
const ROWS_OPEN = 8;
const ROWS_MAX = 10_000;
/** Degrees of a steering wheel: three whole turns either way are more than any has. */
const STEERING_MAX = 1080;
/** Seconds over which speed and direction are worked out from places. */
const SPAN = 1;
/** Two points nearer than this in time are one, in seconds. */
const SAME = 1e-3;

/** Moments as they were read: nothing about them is believed. */
export type LoosePoint = TrackPoint;

/**
 * Points in order of time, at least a thousandth of a second apart, with possible values alone.
 * @returns `left` is how many places were taken out
 */
export function cleaned(loose: readonly LoosePoint[]): { points: TrackPoint[]; left: number } {
  const sane = loose.filter(({ t }) => Number.isFinite(t)).map(possible);
  const ordered = sane
    .toSorted((a, b) => a.t - b.t)
    .filter(({ t }, i, all) => i === 0 || t - all[i - 1]!.t >= SAME);
  const points = withoutStrays(ordered).filter(tellsSomething);
  const placed = (some: readonly LoosePoint[]): number =>
    some.reduce((sum, { latitude }) => sum + Number(latitude !== null), 0);
  return { points, left: placed(loose) - placed(points) };
}

function possible(point: LoosePoint): TrackPoint {
  const { latitude, longitude, speed, heading, steering, utc } = point;
  const placed =
    within(latitude, -90, 90) &&
    within(longitude, -180, 180) &&
    // Where receivers are that know nothing: no road goes there.
    !(Math.abs(latitude) < 1e-4 && Math.abs(longitude) < 1e-4);
  return {
    ...point,
    utc: utc !== null && Number.isFinite(utc) ? utc : null,
    latitude: placed ? latitude : null,
    longitude: placed ? longitude : null,
    // Reversing is told below nought by some.
    speed: within(speed, -SPEED_MAX, SPEED_MAX) ? Math.abs(speed) : null,
    heading: within(heading, -360, 360) ? fullTurn(heading) : null,
    steering: within(steering, -STEERING_MAX, STEERING_MAX) ? steering : null,
  };
}

function within(value: number | null, from: number, to: number): value is number {
  return value !== null && value >= from && value <= to;
}

function tellsSomething({ latitude, speed, heading, steering, brake }: TrackPoint): boolean {
  return latitude !== null || speed !== null || heading !== null || steering !== null || brake !== null;
}

/**
 * Takes the places of points away to which nobody drives; what else they say stays. Points are gathered in rows along
 * which a vehicle can drive; rows of a few points beside a longer one are strays, wherever they lie.
 */
function withoutStrays(points: readonly TrackPoint[]): TrackPoint[] {
  const rows: { last: TrackPoint; readonly members: number[] }[] = [];
  for (const [i, point] of points.entries()) {
    if (!placeOf(point)) continue;
    const row = rows.slice(-ROWS_OPEN).findLast(({ last }) => reachable(last, point));
    if (row) {
      row.last = point;
      row.members.push(i);
    } else rows.push({ last: point, members: [i] });
  }
  const longest = Math.max(0, ...rows.slice(0, ROWS_MAX).map(({ members }) => members.length));
  const enough = Math.min(AGREED, longest);
  const kept = new Set(
    rows.filter(({ members }) => members.length >= enough).flatMap(({ members }) => members),
  );
  return points.map((point, i) => (kept.has(i) ? point : { ...point, latitude: null, longitude: null }));
}

/** Whether a vehicle can have driven from one place to the other. */
function reachable(a: TrackPoint, b: TrackPoint): boolean {
  // Receivers round their clocks and wander: both give some room.
  const most = SPEED_MAX * (Math.abs(b.t - a.t) + 0.1) + 10 * WANDER;
  return metresBetween(placeOf(a)!, placeOf(b)!) <= most;
}

/** Speed and heading from places, for tracks without any; which of the two is told back. */
export function completed(points: readonly TrackPoint[]): {
  points: readonly TrackPoint[];
  derived: readonly ('speed' | 'heading')[];
} {
  const places = points.filter(({ latitude }) => latitude !== null).length;
  const derived = (['speed', 'heading'] as const).filter(
    (name) => places > 1 && points.every((point) => point[name] === null),
  );
  if (derived.length === 0) return { points, derived };
  let [from, to] = [0, 0];
  const filled = points.map((point) => {
    const wanted = placeOf(point);
    if (!wanted) return point;
    while (points[from + 1] && points[from + 1]!.t <= point.t - SPAN / 2) from++;
    to = Math.max(to, from);
    while (points[to + 1] && points[to]!.t < point.t + SPAN / 2) to++;
    const [a, b] = [firstPlaced(points, from, to, 1), firstPlaced(points, to, from, -1)];
    if (!a || !b || b.t - a.t < SPAN / 4 || b.t - a.t > 20 * SPAN) return point;
    const metres = metresBetween(placeOf(a)!, placeOf(b)!);
    const speed = metres / (b.t - a.t);
    return {
      ...point,
      ...(derived.includes('speed') && speed <= SPEED_MAX ? { speed } : {}),
      ...(derived.includes('heading') && metres >= WANDER
        ? { heading: bearing(placeOf(a)!, placeOf(b)!) }
        : {}),
    };
  });
  return { points: filled, derived };
}

/** The first point with a place from one index towards another. */
function firstPlaced(
  points: readonly TrackPoint[],
  from: number,
  to: number,
  step: 1 | -1,
): TrackPoint | null {
  for (let i = from; step > 0 ? i <= to : i >= to; i += step) {
    const point = points[i];
    if (point && point.latitude !== null) return point;
  }
  return null;
}

/** Seconds between points from which on nothing is known between them. */
const HOLE = { least: 5, most: 30, usual: 4 } as const;

/** Where a row of points is silent for much longer than it usually is. */
export function holesOf(points: readonly TrackPoint[]): { from: number; to: number }[] {
  const steps = points.slice(1).map(({ t }, i) => t - points[i]!.t);
  const median = middleOf(steps) ?? 0;
  const longest = Math.min(HOLE.most, Math.max(HOLE.least, HOLE.usual * median));
  return steps.flatMap((step, i) => (step > longest ? [{ from: points[i]!.t, to: points[i + 1]!.t }] : []));
}
