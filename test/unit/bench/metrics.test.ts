import { expect, test } from 'vitest';
import { medianOf } from '../../bench/metrics';

test('the median is the middle, or between the two middle ones', () => {
  expect(medianOf([5, 1, 9])).toBe(5);
  expect(medianOf([4, 1, 9, 2])).toBe(3);
});

test('of nothing there is no median', () => {
  expect(medianOf([])).toBeNull();
});
