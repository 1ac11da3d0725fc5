/**
 * Time to obstacle, from how the free distance shrinks: a weighted line through the last second's distances. Only
 * while something that could be hit ends the free ground, and only when the line clearly falls.
 */
import { type FreeStretch, isObstacle } from './free-space';

/** Seconds of history: long enough to beat the noise of a cell, short enough to follow braking. */
const WINDOW = 1.2;
/** Fewer samples, or less time between the first and the last, give no line. */
const FEWEST = 5;
const SHORTEST = 0.4;
/** A new distance off the line by more than this share, or so many standard deviations, is another thing. */
const JUMP_SHARE = 0.25;
const JUMP_SIGMAS = 3;
/** Slower than this is standing still, m/s. */
const SLOWEST = 0.5;

/** How the free distance changes in one stream. */
export class TimeToObstacle {
  #samples: { seconds: number; distance: number; sigma: number }[] = [];

  /** Forgets the past. */
  reset(): void {
    this.#samples = [];
  }

  /**
   * Takes a frame's free stretch.
   * @param seconds media time, not before the last call's
   * @returns seconds until the free distance reaches zero at its present rate; null when nothing says that it will
   */
  update(stretch: FreeStretch | null, seconds: number): number | null {
    if (!stretch || !isObstacle(stretch.end)) {
      this.reset();
      return null;
    }
    const { distance, sigma } = stretch;
    const last = this.#samples.at(-1);
    const limit = Math.max(JUMP_SIGMAS * sigma, JUMP_SHARE * distance);
    if (last && Math.abs(distance - last.distance) > limit) this.reset();
    this.#samples.push({ seconds, distance, sigma: Math.max(sigma, 0.05) });
    this.#samples = this.#samples.filter((sample) => seconds - sample.seconds <= WINDOW);
    const first = this.#samples[0]!;
    if (this.#samples.length < FEWEST || seconds - first.seconds < SHORTEST) return null;
    const { slope, slopeSigma } = lineThrough(this.#samples);
    if (slope > -SLOWEST || -slope < 2 * slopeSigma) return null;
    return distance / -slope;
  }
}

/** Weighted line; the slope's standard deviation comes from the residuals, since errors of pitch are common to all. */
function lineThrough(samples: readonly { seconds: number; distance: number; sigma: number }[]): {
  slope: number;
  slopeSigma: number;
} {
  let [w, wt, wd] = [0, 0, 0];
  for (const { seconds, distance, sigma } of samples) {
    const weight = 1 / sigma ** 2;
    w += weight;
    wt += weight * seconds;
    wd += weight * distance;
  }
  const [meanTime, meanDistance] = [wt / w, wd / w];
  let [tt, td] = [0, 0];
  for (const { seconds, distance, sigma } of samples) {
    tt += (seconds - meanTime) ** 2 / sigma ** 2;
    td += ((seconds - meanTime) * (distance - meanDistance)) / sigma ** 2;
  }
  const slope = td / tt;
  let squares = 0;
  for (const { seconds, distance, sigma } of samples)
    squares += ((distance - meanDistance - slope * (seconds - meanTime)) / sigma) ** 2;
  return { slope, slopeSigma: Math.sqrt(squares / (samples.length - 2) / tt) };
}
