import { expect, test } from 'vitest';
import { SMOOTHING, smoothingAfter } from '../../../src/perception/smoothing';

test('the weight is the usual one up to ten masks a second, and grows with the gap', () => {
  for (const rate of [60, 30, 15, 10]) expect(smoothingAfter(1e6 / rate)).toBe(SMOOTHING);
  expect(smoothingAfter(0)).toBe(SMOOTHING);
  const rarer = [200_000, 400_000, 1e6, 1e7].map(smoothingAfter);
  for (const [i, weight] of rarer.entries()) {
    expect(weight).toBeGreaterThan(rarer[i - 1] ?? SMOOTHING);
    expect(weight).toBeLessThanOrEqual(1);
  }
  expect(rarer.at(-1)).toBeCloseTo(1, 6);
});

test('a stream that runs backwards is smoothed alike', () => {
  expect(smoothingAfter(-400_000)).toBe(smoothingAfter(400_000));
});
