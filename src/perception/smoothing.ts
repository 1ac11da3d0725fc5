/** How much the newest probabilities weigh in the average over time. */

/**
 * Weight from mask to mask of a stream that keeps up. A fifth is an average over some nine masks; since it follows the
 * motion of the picture it does not trail, and where the picture changes the postprocess raises it to 1 by itself.
 */
export const SMOOTHING = 0.2;

/** Microseconds in which what was seen loses all but 1 / e of its weight: at ten masks a second, `SMOOTHING`. */
const MEMORY = 450_000;

/**
 * Weight of the newest probabilities after a gap: the rarer the masks, the less the one before has to say, and the
 * farther things have moved than can be followed.
 * @param gap microseconds of the stream since the frame before, of either sign
 * @returns `SMOOTHING` to 1
 */
export function smoothingAfter(gap: number): number {
  return Math.max(SMOOTHING, 1 - Math.exp(-Math.abs(gap) / MEMORY));
}
