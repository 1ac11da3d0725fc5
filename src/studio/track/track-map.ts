/** The track as a map: north up, drawn to scale in the projection of web maps, so that tiles may lie under it. */
import type { FrameRecord } from '../../jobs/frame-record';
import { recordAt } from '../../jobs/timeline';
import { placeOf, type Track, type TrackPoint } from '../../telemetry/track';
import type { TrackColour } from './telemetry-state';

/** Size of the drawing, in its own units; it is scaled to the panel. */
export const MAP = { width: 320, height: 200, margin: 16 } as const;

/** Circumference of the earth at the equator in metres, as web maps have it (WGS 84). */
const EQUATOR = 2 * Math.PI * 6_378_137;

/** Colours of values, from low to high: each lighter than the one before, so that they are told apart without hue. */
export const RAMP = ['#5867d8', '#3d93c9', '#2bc4b6', '#93dc7d', '#f5ec71'] as const;

/** Units between two points of the line that is drawn. */
const GRAIN = 1.2;

/** A track laid out. */
export interface TrackMap {
  /** Points that have a place, with where they are drawn. */
  readonly dots: readonly { readonly point: TrackPoint; readonly x: number; readonly y: number }[];
  /** Lines of one colour each, as SVG paths; `step` is the place in `RAMP`, -1 where the value is not known. */
  readonly lines: readonly { readonly step: number; readonly path: string }[];
  /** The values at both ends of the ramp; null where none is known. */
  readonly values: { readonly low: number; readonly high: number } | null;
  /** Where the world lies: a point of the unit square of web maps at the drawing's corner, and units of it per unit. */
  readonly corner: { readonly x: number; readonly y: number };
  readonly scale: number;
  /** A length in metres that makes a good bar, and its length in units. */
  readonly bar: { readonly metres: number; readonly units: number };
}

/** A place in the unit square of web maps (EPSG:3857 from its upper left corner). */
function mercator(latitude: number, longitude: number): readonly [number, number] {
  const sine = Math.sin((Math.max(-85, Math.min(85, latitude)) * Math.PI) / 180);
  return [longitude / 360 + 0.5, 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)];
}

/** Lays a track out; null without a place. @param records of an analysis, for the drivable share */
export function layMap(track: Track, colour: TrackColour, records: readonly FrameRecord[]): TrackMap | null {
  const placed = track.points.flatMap((point) => {
    const place = placeOf(point);
    return place ? [{ point, at: mercator(place.latitude, place.longitude), place }] : [];
  });
  const [first] = placed;
  if (!first) return null;
  // Across the date line the world goes on.
  const world = placed.map(({ point, at: [x, y] }) => ({ point, x: x - Math.round(x - first.at[0]), y }));
  const [left, right] = rangeOf(world.map(({ x }) => x));
  const [top, bottom] = rangeOf(world.map(({ y }) => y));
  const inner = { width: MAP.width - 2 * MAP.margin, height: MAP.height - 2 * MAP.margin };
  const groundAt = EQUATOR * Math.cos((first.place.latitude * Math.PI) / 180);
  // A car that stands is not magnified until the receiver's noise fills the map: 50 m at least are shown.
  const scale = Math.max(
    (right - left) / inner.width,
    (bottom - top) / inner.height,
    50 / groundAt / inner.width,
  );
  const corner = {
    x: (left + right) / 2 - (scale * MAP.width) / 2,
    y: (top + bottom) / 2 - (scale * MAP.height) / 2,
  };
  const dots = world.map(({ point, x, y }) => ({
    point,
    x: (x - corner.x) / scale,
    y: (y - corner.y) / scale,
  }));
  const worth = (point: TrackPoint): number | null =>
    colour === 'speed' ? point.speed : (near(records, point.t)?.drivable ?? null);
  const known = dots.flatMap(({ point }) => worth(point) ?? []);
  const [low, high] = rangeOf(known);
  return {
    dots,
    lines: linesOf(track, dots, (point) => stepOf(worth(point), low, high)),
    values: known.length > 0 ? { low, high } : null,
    corner,
    scale,
    bar: barOf(scale * groundAt),
  };
}

/** A record of the very moment: one of another, where the analysis has not come yet, says nothing of it. */
function near(records: readonly FrameRecord[], seconds: number): FrameRecord | null {
  const record = recordAt(records, seconds);
  return record && seconds - record.t < 1 ? record : null;
}

function rangeOf(values: readonly number[]): readonly [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return [low, high];
}

function stepOf(value: number | null, low: number, high: number): number {
  if (value === null) return -1;
  const share = high > low ? (value - low) / (high - low) : 0;
  return Math.min(RAMP.length - 1, Math.floor(share * RAMP.length));
}

/** Lines along the dots; they break where nothing is known. */
function linesOf(
  { holes }: Track,
  dots: TrackMap['dots'],
  step: (point: TrackPoint) => number,
): TrackMap['lines'] {
  const ends = new Set(holes.map(({ to }) => to));
  const lines: { step: number; path: string }[] = [];
  let last = dots[0]!;
  for (const [i, dot] of dots.entries()) {
    const broken = ends.has(dot.point.t);
    if (i > 0 && i < dots.length - 1 && !broken && Math.hypot(dot.x - last.x, dot.y - last.y) < GRAIN)
      continue;
    const at = `${dot.x.toFixed(1)} ${dot.y.toFixed(1)}`;
    const colour = step(dot.point);
    const line = lines.at(-1);
    if (!line || broken) lines.push({ step: colour, path: `M${at}` });
    else if (line.step === colour) line.path += `L${at}`;
    else lines.push({ step: colour, path: `M${last.x.toFixed(1)} ${last.y.toFixed(1)}L${at}` });
    last = dot;
  }
  return lines;
}

/** The longest of 1, 2 or 5 times a power of ten metres that is no longer than a quarter of the map. */
function barOf(metresPerUnit: number): TrackMap['bar'] {
  const most = (metresPerUnit * MAP.width) / 4;
  const power = 10 ** Math.floor(Math.log10(most));
  const metres = ([5, 2, 1].find((factor) => factor * power <= most) ?? 1) * power;
  return { metres, units: metres / metresPerUnit };
}

/** The time of the drawn point nearest to a place of the drawing; of equally near ones the first. */
export function timeNear({ dots }: TrackMap, x: number, y: number): number {
  let best = { distance: Number.POSITIVE_INFINITY, t: 0 };
  for (const dot of dots) {
    const distance = Math.hypot(dot.x - x, dot.y - y);
    if (distance < best.distance) best = { distance, t: dot.point.t };
  }
  return best.t;
}

/** Where a place is drawn on a map. */
export function drawnAt(
  { corner, scale, dots }: TrackMap,
  { latitude, longitude }: { readonly latitude: number; readonly longitude: number },
): { readonly x: number; readonly y: number } {
  const [x, y] = mercator(latitude, longitude);
  const near = corner.x + dots[0]!.x * scale;
  return { x: (x - Math.round(x - near) - corner.x) / scale, y: (y - corner.y) / scale };
}
