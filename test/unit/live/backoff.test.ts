import fc from 'fast-check';
import { expect, test } from 'vitest';
import { JITTER, RETRY_DELAYS, retryDelay } from '../../../src/live/backoff';

test('pauses grow, stay within their jitter, and never end', () => {
  fc.assert(
    fc.property(fc.nat({ max: 1000 }), fc.double({ min: 0, max: 1, noNaN: true }), (attempt, random) => {
      const base = RETRY_DELAYS[Math.min(attempt, RETRY_DELAYS.length - 1)]!;
      const delay = retryDelay(attempt, random);
      expect(delay).toBeGreaterThanOrEqual(Math.floor(base * (1 - JITTER / 2)));
      expect(delay).toBeLessThanOrEqual(Math.ceil(Math.max(base, 250) * (1 + JITTER)));
    }),
  );
  expect(retryDelay(0, 0)).toBe(0);
  expect(RETRY_DELAYS).toEqual([...RETRY_DELAYS].sort((a, b) => a - b));
});

test('many clients do not come back in one moment', () => {
  const delays = Array.from({ length: 11 }, (_, i) => retryDelay(1, i / 10));
  expect(new Set(delays).size).toBe(11);
});
