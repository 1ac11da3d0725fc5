import fc from 'fast-check';
import { expect, test } from 'vitest';
import { smoothingAfter } from '../../../src/perception/smoothing';

const seconds = fc.double({ min: 0, max: 60, noNaN: true });

test('the longer ago, the more the newest weighs; never nothing, never more than all', () => {
  fc.assert(
    fc.property(seconds, seconds, (a, b) => {
      expect(smoothingAfter(Math.min(a, b))).toBeLessThanOrEqual(smoothingAfter(Math.max(a, b)));
      expect(smoothingAfter(a)).toBeGreaterThan(0);
      expect(smoothingAfter(a)).toBeLessThanOrEqual(1);
    }),
  );
});

test('two short steps leave as much of the old as one long one', () => {
  const rest = (t: number) => 1 - smoothingAfter(t);
  expect(rest(0.1) * rest(0.2)).toBeCloseTo(rest(0.3), 9);
});

test('time that ran backwards is no time', () => {
  expect(smoothingAfter(-3)).toBe(smoothingAfter(0));
});
