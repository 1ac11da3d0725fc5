import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dashesOf, type SketchPoint } from '../../../src/overlay/sketch';

const lengthOf = (line: readonly SketchPoint[]) =>
  line.slice(1).reduce((sum, { x, y }, i) => sum + Math.hypot(x - line[i]!.x, y - line[i]!.y), 0);

test('dashes are as long as the gaps, cover half of the line, and end', () => {
  const coordinate = fc.double({ min: -100, max: 100, noNaN: true });
  const line = fc.array(fc.record({ x: coordinate, y: coordinate }), { minLength: 2, maxLength: 30 });
  fc.assert(
    fc.property(line, fc.double({ min: 0.7, max: 20, noNaN: true }), (points, length) => {
      const whole = lengthOf(points);
      fc.pre(whole / length < 700);
      const dashes = dashesOf(points, length);
      const drawn = dashes.map(lengthOf);
      // Only the last one may be cut short.
      for (const dash of drawn.slice(0, -1)) expect(dash).toBeCloseTo(length, 5);
      const sum = drawn.reduce((a, b) => a + b, 0);
      expect(Math.abs(sum - whole / 2)).toBeLessThanOrEqual(length / 2 + 1e-6);
    }),
  );
});

test('steps that do not add up to a dash, and lines without end, are cut all the same', () => {
  const tenths = Array.from({ length: 2000 }, (_, i) => ({ x: i * 0.1, y: 0 }));
  expect(dashesOf(tenths, 0.8).length).toBeGreaterThan(100);
  const endless = [
    { x: 0, y: 0 },
    { x: 1e12, y: 0 },
  ];
  expect(dashesOf(endless, 1).length).toBeLessThanOrEqual(401);
  expect(dashesOf([], 1)).toEqual([]);
});
