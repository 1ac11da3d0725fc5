import { expect, test } from 'vitest';
import { barText } from '../../bench/progress';

test.each([
  [0, 10, 0, /^░{30} 0\/10$/],
  [5, 10, 20, /^█{15}░{15} 5\/10, 20 s left$/],
  [1, 100, 10, /1\/100, 17 min left$/],
  [10, 10, 20, /^█{30} 10\/10$/],
  [0, 0, 0, /^█{30} 0\/0$/],
])('%d of %d after %d s', (done, total, seconds, expected) => {
  expect(barText(done, total, seconds)).toMatch(expected);
});
