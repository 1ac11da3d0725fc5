/**
 * How many threads a network gets, found by running it: beyond some number threads wait for each other more than they
 * gain, and where that is depends on the network, the machine and what else runs there.
 */

/** Where the search begins: more than this seldom pays for networks of this size. */
const FIRST_GUESS = 4;

/** A smaller number of threads is taken where it is no slower than this many times the larger one's: cores are shared. */
const SLACK = 1.05;

/**
 * Finds a good number of threads: begins at four (or at `most`), goes down by halves while that is no slower, and if it
 * never went down, up by doubling while that is faster.
 * @param most threads that may be taken, at least 1
 * @param time milliseconds of a run with so many threads
 */
export async function findThreads(most: number, time: (threads: number) => Promise<number>): Promise<number> {
  let best = Math.max(1, Math.min(FIRST_GUESS, most));
  if (most <= 1) return 1;
  let bestTime = await time(best);
  const first = best;
  while (best > 1) {
    const fewer = Math.floor(best / 2);
    const fewerTime = await time(fewer);
    if (fewerTime > bestTime * SLACK) break;
    best = fewer;
    bestTime = Math.min(bestTime, fewerTime);
  }
  if (best < first) return best;
  while (best < most) {
    const more = Math.min(most, best * 2);
    const moreTime = await time(more);
    if (moreTime * SLACK >= bestTime) break;
    best = more;
    bestTime = moreTime;
  }
  return best;
}
