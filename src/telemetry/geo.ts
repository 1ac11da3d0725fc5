/** Distances and directions on the earth, as exact as a drive needs them. Angles are degrees, lengths metres. */

/** Mean radius of the earth in metres (IUGG). */
const RADIUS = 6_371_008.8;

const RADIANS = Math.PI / 180;

/** A place in WGS 84, degrees: north and east are positive. */
export interface Place {
  readonly latitude: number;
  readonly longitude: number;
}

/** Metres between two places along the sphere (haversine). */
export function metresBetween(a: Place, b: Place): number {
  const [up, across] = [(b.latitude - a.latitude) * RADIANS, (b.longitude - a.longitude) * RADIANS];
  const chord =
    Math.sin(up / 2) ** 2 +
    Math.cos(a.latitude * RADIANS) * Math.cos(b.latitude * RADIANS) * Math.sin(across / 2) ** 2;
  return 2 * RADIUS * Math.asin(Math.min(1, Math.sqrt(chord)));
}

/** Direction from one place to another at the first: degrees clockwise from north, at least 0 and below 360. */
export function bearing(from: Place, to: Place): number {
  const [a, b] = [from.latitude * RADIANS, to.latitude * RADIANS];
  const across = (to.longitude - from.longitude) * RADIANS;
  const y = Math.sin(across) * Math.cos(b);
  const x = Math.cos(a) * Math.sin(b) - Math.sin(a) * Math.cos(b) * Math.cos(across);
  return fullTurn(Math.atan2(y, x) / RADIANS);
}

/** An angle as one of at least 0 and below 360 degrees. */
export function fullTurn(degrees: number): number {
  const turned = ((degrees % 360) + 360) % 360;
  // A tiny angle below nought rounds to a whole turn.
  return turned === 360 ? 0 : turned;
}

/** The shorter way from one direction to another, -180 to 180 degrees. */
export function turnBetween(from: number, to: number): number {
  return fullTurn(to - from + 180) - 180;
}
