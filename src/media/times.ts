/** Times of pictures, in seconds. */

/**
 * Seconds within which two times of pictures are the same: two microseconds, the grain of WebCodecs' timestamps plus
 * one rounding.
 */
export const SAME_TIME = 2e-6;
