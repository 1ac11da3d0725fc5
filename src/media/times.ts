/** Times of pictures, in seconds. */

/**
 * Seconds within which two times of pictures are the same: two microseconds, the grain of WebCodecs' timestamps plus
 * one rounding.
 */
export const SAME_TIME = 2e-6;

/** In whole microseconds, as frames say their time: a difference of two fractions would make 4.999… of 5. */
export function wholeMicroseconds(seconds: number): number {
  return Math.round(seconds * 1e6) / 1e6;
}
