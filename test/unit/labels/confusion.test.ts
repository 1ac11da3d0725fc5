import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Confusion, meanOf } from '../../../src/labels/confusion';

/**
 * By hand, rows the truth: class 0 is right 2×, taken for 1 once; class 1 right 3×; class 2 taken for 1 once, for
 * nothing once. 255 in the truth is not counted.
 */
function example(): Confusion {
  const confusion = new Confusion(3);
  confusion.add(Uint8Array.of(0, 0, 0, 1, 1, 1, 2, 2, 255), Uint8Array.of(0, 0, 1, 1, 1, 1, 1, 255, 0));
  return confusion;
}

describe('a confusion matrix worked out by hand', () => {
  test('counts pairs', () => {
    const c = example();
    expect([c.at(0, 0), c.at(0, 1), c.at(1, 1), c.at(2, 1), c.at(2, 3)]).toEqual([2, 1, 3, 1, 1]);
    expect(c.at(2, 2)).toBe(0);
  });

  test('gives the intersection over the union of each class', () => {
    // 0: 2 of 3; 1: 3 of 3 + 1 + 1; 2: 0 of 2
    expect(example().iou()).toEqual([2 / 3, 3 / 5, 0]);
    expect(meanOf(example().iou())).toBeCloseTo((2 / 3 + 3 / 5) / 3, 12);
  });

  test('gives the accuracy over what is labelled', () => {
    expect(example().accuracy()).toBeCloseTo(5 / 8, 12);
  });

  test('gives precision and recall of each class', () => {
    // Taken for 1: three of class 1, one of 0, one of 2. For nothing but themselves: class 0.
    expect(example().precision()).toEqual([1, 3 / 5, null]);
    expect(example().recall()).toEqual([2 / 3, 1, 0]);
  });

  test('takes counts from elsewhere', () => {
    const c = new Confusion(2);
    c.count(0, 1, 3);
    c.count(0, 9, 2);
    expect([c.at(0, 1), c.at(0, 2)]).toEqual([3, 2]);
  });

  test('merges classes: a mistake inside a group is none', () => {
    const merged = example().merged([[0, 1], [2]]);
    expect(merged.at(0, 0)).toBe(6);
    expect(merged.at(1, 0)).toBe(1);
    expect(merged.at(1, 2)).toBe(1);
    expect(merged.iou()).toEqual([6 / 7, 0]);
  });
});

test('a class that occurs nowhere has no IoU and does not lower the mean', () => {
  const confusion = new Confusion(3);
  confusion.add(Uint8Array.of(0, 0), Uint8Array.of(0, 0));
  expect(confusion.iou()).toEqual([1, null, null]);
  expect(meanOf(confusion.iou())).toBe(1);
});

test('a class that is only guessed scores zero', () => {
  const confusion = new Confusion(2);
  confusion.add(Uint8Array.of(0, 0), Uint8Array.of(0, 1));
  expect(confusion.iou()).toEqual([0.5, 0]);
});

test('nothing scored gives nothing', () => {
  expect(new Confusion(2).accuracy()).toBeNull();
  expect(meanOf([null, null])).toBeNull();
});

test('a truth of another size or with an unknown id is refused', () => {
  expect(() => new Confusion(2).add(Uint8Array.of(0), Uint8Array.of(0, 0))).toThrow(RangeError);
  expect(() => new Confusion(2).add(Uint8Array.of(2), Uint8Array.of(0))).toThrow('unknown id 2');
});

test('a perfect guess scores one, whatever the labels are', () => {
  fc.assert(
    fc.property(fc.uint8Array({ min: 0, max: 4, minLength: 1 }), (ids) => {
      const confusion = new Confusion(5);
      confusion.add(ids, ids);
      expect(confusion.accuracy()).toBe(1);
      expect(meanOf(confusion.iou())).toBe(1);
    }),
  );
});

test('the order of pictures does not matter', () => {
  const pixels = fc.uint8Array({ min: 0, max: 3, minLength: 6, maxLength: 6 });
  fc.assert(
    fc.property(pixels, pixels, pixels, pixels, (t1, g1, t2, g2) => {
      const one = new Confusion(4);
      one.add(t1, g1);
      one.add(t2, g2);
      const other = new Confusion(4);
      other.add(t2, g2);
      other.add(t1, g1);
      expect(other.iou()).toEqual(one.iou());
    }),
  );
});
