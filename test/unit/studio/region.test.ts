import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { IGNORE_POINTS_MAX } from '../../../src/perception/engine';
import {
  bottomStrip,
  middleOfLongestEdge,
  movedPoint,
  regionSchema,
  stripShare,
  withoutPoint,
  withPoint,
} from '../../../src/studio/region/region';

const square = [
  { x: 0.2, y: 0.2 },
  { x: 0.8, y: 0.2 },
  { x: 0.8, y: 0.8 },
  { x: 0.2, y: 0.8 },
];

describe('the strip at the bottom', () => {
  test('has the asked height and is told from other shapes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100 }), (percent) => {
        const strip = bottomStrip(percent / 100);
        expect(stripShare(strip)).toBeCloseTo(percent / 100, 9);
        expect(regionSchema.safeParse(strip).success).toBe(true);
      }),
    );
    expect(bottomStrip(0)).toBeNull();
    expect(stripShare(null)).toBe(0);
    expect(stripShare(square)).toBeNull();
    expect(stripShare(movedPoint(bottomStrip(0.2)!, 0, { x: 0.1, y: 0.8 }))).toBeNull();
  });
});

describe('points', () => {
  test('a new one goes into the nearest edge', () => {
    const { region, index } = withPoint(square, { x: 0.85, y: 0.5 });
    expect(index).toBe(2);
    expect(region[2]).toEqual({ x: 0.85, y: 0.5 });
    expect(region).toHaveLength(5);
  });

  test('the first three are appended', () => {
    let region: readonly { x: number; y: number }[] = [];
    for (const point of square.slice(0, 3)) region = withPoint(region, point).region;
    expect(region).toEqual(square.slice(0, 3));
  });

  test('no more than the shader takes', () => {
    let region: readonly { x: number; y: number }[] = square;
    for (let i = 0; i < 100; i++) region = withPoint(region, middleOfLongestEdge(region)!).region;
    expect(region).toHaveLength(IGNORE_POINTS_MAX);
    expect(withPoint(region, { x: 0.5, y: 0.5 })).toEqual({ region, index: -1 });
  });

  test('stay inside the picture, wherever the pointer goes', () => {
    const far = fc.double({ min: -10, max: 10, noNaN: true });
    fc.assert(
      fc.property(far, far, fc.nat(3), (x, y, index) => {
        expect(regionSchema.safeParse(movedPoint(square, index, { x, y })).success).toBe(true);
        expect(regionSchema.safeParse(withPoint(square, { x, y }).region).success).toBe(true);
      }),
    );
  });

  test('moving one leaves the others', () => {
    expect(movedPoint(square, 1, { x: 0.9, y: 0.1 })).toEqual([
      square[0],
      { x: 0.9, y: 0.1 },
      square[2],
      square[3],
    ]);
  });

  test('fewer than three enclose nothing', () => {
    expect(withoutPoint(square, 0)).toEqual(square.slice(1));
    expect(withoutPoint(square.slice(1), 0)).toBeNull();
  });

  test('the longest edge is halved', () => {
    expect(
      middleOfLongestEdge([
        { x: 0, y: 0 },
        { x: 1, y: 0 },
        { x: 0, y: 0.1 },
      ]),
    ).toEqual({ x: 0.5, y: 0.05 });
    expect(middleOfLongestEdge([{ x: 0, y: 0 }])).toBeNull();
  });
});
