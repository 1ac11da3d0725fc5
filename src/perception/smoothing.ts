/** How much of the newest answer goes into the mask, by the time since the one before. */

/**
 * Time constant of the average, seconds. At 10 to 15 masks a second the newest weighs a fifth, over which flicker fell
 * most on drives and on CamVid; at 2 masks a second it weighs three quarters, since much has moved by then that no
 * matcher of motion can follow.
 */
const TIME_CONSTANT = 0.35;

/** The least weight: pictures of nearly the same moment are no reason to stand still. */
const LEAST = 0.05;

/**
 * Weight of the newest probabilities where nothing changes, 0 to 1: that of an exponential average over time,
 * 1 − exp(−t / τ).
 * @param seconds media time since the picture before
 */
export function smoothingAfter(seconds: number): number {
  return Math.max(LEAST, 1 - Math.exp(-Math.max(0, seconds) / TIME_CONSTANT));
}
