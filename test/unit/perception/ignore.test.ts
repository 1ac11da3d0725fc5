/** Regions that are never labelled, joined with parts of the picture that show nothing. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { IGNORE_POINTS_MAX } from '../../../src/perception/engine';
import { insideRegion, withBlanks } from '../../../src/perception/ignore';

const share = fc.integer({ min: 0, max: 20 }).map((n) => n / 20);

test('inside is what lies in the region or in a blank', () => {
  const blanks = fc.subarray(
    [
      { x: 0, y: 0, width: 0.5, height: 0.5 },
      { x: 0, y: 0.5, width: 0.5, height: 0.5 },
      { x: 0.5, y: 0, width: 0.5, height: 0.5 },
    ],
    { maxLength: 1 },
  );
  const region = fc.array(fc.record({ x: share, y: share }), { minLength: 3, maxLength: 4 });
  const point = fc.integer({ min: 0, max: 30 }).map((n) => (n + 0.37) / 31);
  fc.assert(
    fc.property(fc.option(region), blanks, point, point, (own, rects, x, y) => {
      const joined = withBlanks(own, rects);
      const covered = rects.some((r) => x > r.x && x < r.x + r.width && y > r.y && y < r.y + r.height);
      expect(joined !== null && insideRegion(joined, x, y)).toBe(
        covered || (own !== null && insideRegion(own, x, y)),
      );
    }),
    { numRuns: 500 },
  );
});

test('five empty cells of six fit, and no more than may travel', () => {
  const cells = Array.from({ length: 6 }, (_, n) => ({
    x: (n % 3) / 3,
    y: n < 3 ? 0 : 0.5,
    width: 1 / 3,
    height: 0.5,
  }));
  const five = withBlanks(null, cells.slice(1))!;
  expect(five.length).toBeLessThanOrEqual(IGNORE_POINTS_MAX);
  expect(insideRegion(five, 0.1, 0.1)).toBe(false);
  for (const { x, y } of cells.slice(1)) expect(insideRegion(five, x + 0.1, y + 0.1)).toBe(true);
  const own = Array.from({ length: IGNORE_POINTS_MAX }, (_, n) => ({ x: n / 100, y: (n % 2) / 10 }));
  expect(withBlanks(own, cells)).toEqual(own);
});

test('without blanks nothing changes', () => {
  expect(withBlanks(null)).toBeNull();
  const own = [{ x: 0, y: 0 }];
  expect(withBlanks(own, [])).toBe(own);
});
