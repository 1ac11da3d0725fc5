import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Rect } from '../../../src/media/size';
import { type LabelWish, placeLabels, placesAround } from '../../../src/overlay/label-places';

const PICTURE = { width: 640, height: 360 };
const PLATE = { width: 40, height: 12 };

const apart = (a: Rect, b: Rect) =>
  a.x >= b.x + b.width || b.x >= a.x + a.width || a.y >= b.y + b.height || b.y >= a.y + a.height;

const wish = (box: Rect, must = false): LabelWish => ({
  size: PLATE,
  places: placesAround(box, PLATE, 2),
  own: box,
  must,
});

test('a label stands above its box; beside the picture’s top below it', () => {
  const box = { x: 300, y: 100, width: 60, height: 40 };
  expect(placeLabels([wish(box)], [box], PICTURE)).toEqual([{ ...PLATE, x: 310, y: 86 }]);
  const high = { ...box, y: 5 };
  expect(placeLabels([wish(high)], [high], PICTURE)).toEqual([{ ...PLATE, x: 310, y: 47 }]);
});

test('two cars behind each other have both their distances, apart', () => {
  const near = { x: 300, y: 150, width: 80, height: 60 };
  const far = { x: 310, y: 152, width: 30, height: 20 };
  const [a, b] = placeLabels([wish(near, true), wish(far, true)], [near, far], PICTURE);
  expect(apart(a!, b!)).toBe(true);
});

test('no label lies on another, on another’s box unless it must, or outside of the picture', () => {
  const box = fc.record({
    x: fc.integer({ min: 0, max: 600 }),
    y: fc.integer({ min: 0, max: 340 }),
    width: fc.integer({ min: 4, max: 200 }),
    height: fc.integer({ min: 4, max: 120 }),
  });
  fc.assert(
    fc.property(fc.array(fc.tuple(box, fc.boolean()), { maxLength: 20 }), (drawn) => {
      const boxes = drawn.map(([each]) => each);
      const plates = placeLabels(
        drawn.map(([each, must]) => wish(each, must)),
        boxes,
        PICTURE,
      );
      for (const [i, plate] of plates.entries()) {
        if (!plate) continue;
        expect(Math.min(plate.x, plate.y)).toBeGreaterThanOrEqual(0);
        expect(plate.x + plate.width).toBeLessThanOrEqual(PICTURE.width);
        expect(plate.y + plate.height).toBeLessThanOrEqual(PICTURE.height);
        for (const other of plates.slice(i + 1)) if (other) expect(apart(plate, other)).toBe(true);
        if (drawn[i]![1]) continue;
        for (const [j, each] of boxes.entries()) if (j !== i) expect(apart(plate, each)).toBe(true);
      }
    }),
  );
});
