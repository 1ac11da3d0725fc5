/**
 * When to try again: at once, then with growing pauses, and never all clients in the same moment.
 */

/** Milliseconds before each try; the last one repeats. The first break is usually a hiccup. */
export const RETRY_DELAYS: readonly number[] = [0, 1000, 2000, 3000, 5000, 7000];

/** Share of a pause that is left to chance, so that a server that comes back is not run over. */
export const JITTER = 0.4;

/**
 * Pause before a try.
 * @param attempt tries so far, from 0
 * @param random 0 to 1
 * @returns milliseconds; the first try of all waits for a short moment of chance only
 */
export function retryDelay(attempt: number, random: number): number {
  const base = RETRY_DELAYS[Math.min(attempt, RETRY_DELAYS.length - 1)]!;
  return Math.round(base * (1 - JITTER / 2) + Math.max(base, 250) * JITTER * random);
}
