/** What a shader has built in, for pixels that the processor paints. */

/** Hermite step from 0 at `low` to 1 at `high`. */
export function smoothstep(low: number, high: number, x: number): number {
  const t = Math.min(1, Math.max(0, (x - low) / (high - low)));
  return t * t * (3 - 2 * t);
}

/** Coverage of a line `width` pixels wide at a distance from its middle. */
export function strokeAt(distance: number, width: number): number {
  return 1 - smoothstep(width / 2 - 0.5, width / 2 + 0.5, distance);
}

/** Four channels of 0 to 1 as the bytes of a number, red lowest. */
export function packed(red: number, green: number, blue: number, alpha: number): number {
  const byte = (value: number) => Math.round(Math.min(1, Math.max(0, value)) * 255);
  return (byte(red) | (byte(green) << 8) | (byte(blue) << 16) | (byte(alpha) << 24)) >>> 0;
}
