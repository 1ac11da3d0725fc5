import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { uprightSize } from '../../../src/media/size';
import {
  cappedSize,
  letterbox,
  PICTURE_SIDE_MAX,
  remainingTurn,
  stageLayout,
  TURN_MAPS,
  tapOffset,
} from '../../../src/overlay/placement';

const side = fc.integer({ min: 1, max: 5000 });
const size = fc.record({ width: side, height: side });
const turn = fc.constantFrom(0, 90, 180, 270);

describe('stageLayout', () => {
  const places = fc.constantFrom('off' as const, 'inset' as const, 'docked' as const);

  test('picture and view lie on the canvas; a docked one never covers the picture, an inset lies on it', () => {
    fc.assert(
      fc.property(size, size, places, (canvas, picture, place) => {
        fc.pre(Math.min(canvas.width, canvas.height) >= 60);
        const { picture: rect, bird } = stageLayout(canvas, picture, place);
        for (const { x, y, width, height } of bird ? [rect, bird] : [rect]) {
          expect(Math.min(x, y)).toBeGreaterThanOrEqual(-1);
          expect(x + width).toBeLessThanOrEqual(canvas.width + 1);
          expect(y + height).toBeLessThanOrEqual(canvas.height + 1);
        }
        expect(bird === null).toBe(place === 'off');
        if (!bird) {
          expect(rect).toEqual(letterbox(canvas, picture));
          return;
        }
        const apart = rect.x + rect.width <= bird.x || rect.y + rect.height <= bird.y;
        if (place === 'docked') expect(apart).toBe(true);
        else expect(bird.width).toBeLessThanOrEqual(Math.max(1, rect.width / 2));
      }),
    );
  });

  test('an inset lies on a picture that is narrower than the inset’s margin, too', () => {
    const { picture, bird } = stageLayout({ width: 60, height: 1260 }, { width: 1, height: 110 }, 'inset');
    expect(bird!.x).toBeGreaterThanOrEqual(picture.x);
    expect(bird!.x + bird!.width).toBeLessThanOrEqual(picture.x + picture.width);
  });
});

describe('letterbox', () => {
  test('fits, is centred, touches two borders and keeps the aspect to a pixel', () => {
    fc.assert(
      fc.property(size, size, (canvas, picture) => {
        const rect = letterbox(canvas, picture);
        expect(rect.x).toBeGreaterThanOrEqual(0);
        expect(rect.y).toBeGreaterThanOrEqual(0);
        expect(rect.x + rect.width).toBeLessThanOrEqual(canvas.width);
        expect(rect.y + rect.height).toBeLessThanOrEqual(canvas.height);
        expect(rect.width === canvas.width || rect.height === canvas.height).toBe(true);
        expect(Math.abs(canvas.width - rect.width - 2 * rect.x)).toBeLessThanOrEqual(1);
        const scale = Math.min(canvas.width / picture.width, canvas.height / picture.height);
        expect(Math.abs(rect.width - Math.max(1, picture.width * scale))).toBeLessThanOrEqual(0.5);
        expect(Math.abs(rect.height - Math.max(1, picture.height * scale))).toBeLessThanOrEqual(0.5);
      }),
    );
  });

  test('a canvas of the picture’s own size is filled', () => {
    fc.assert(
      fc.property(size, (picture) => {
        expect(letterbox(picture, picture)).toEqual({ x: 0, y: 0, ...picture });
      }),
    );
  });
});

describe('turns', () => {
  test('map the upright corners onto the stored ones, clockwise', () => {
    const stored = (rotation: keyof typeof TURN_MAPS, u: number, v: number) => {
      const [xu, xv, x0, yu, yv, y0] = TURN_MAPS[rotation];
      return [xu * u + xv * v + x0, yu * u + yv * v + y0];
    };
    // A clockwise quarter brings the stored bottom left corner to the top left.
    expect(stored(0, 0, 0)).toEqual([0, 0]);
    expect(stored(90, 0, 0)).toEqual([0, 1]);
    expect(stored(180, 0, 0)).toEqual([1, 1]);
    expect(stored(270, 0, 0)).toEqual([1, 0]);
    // And the stored top left corner to the top right.
    expect(stored(90, 1, 0)).toEqual([0, 0]);
    expect(stored(270, 0, 1)).toEqual([0, 0]);
  });

  test('exchange the sides at a quarter', () => {
    const picture = { width: 4, height: 3 };
    expect(uprightSize(picture, 180)).toEqual(picture);
    expect(uprightSize(picture, 90)).toEqual({ width: 3, height: 4 });
    expect(uprightSize(picture, 270)).toEqual({ width: 3, height: 4 });
  });

  test('leave out what the browser turns by itself', () => {
    fc.assert(
      fc.property(turn, turn, (own, whole) => {
        const left = remainingTurn({ rotation: own }, whole as 0);
        expect((left + own) % 360).toBe(whole);
        expect([0, 90, 180, 270]).toContain(left);
      }),
    );
    expect(remainingTurn({}, 270)).toBe(270);
  });
});

test('the cap keeps the aspect, and small pictures as they are', () => {
  expect(cappedSize({ width: 640, height: 480 })).toEqual({ width: 640, height: 480 });
  expect(cappedSize({ width: 3840, height: 2160 })).toEqual({ width: 1920, height: 1080 });
  expect(cappedSize({ width: 2160, height: 3840 })).toEqual({ width: 1080, height: 1920 });
  expect(cappedSize({ width: 8000, height: 1 })).toEqual({ width: PICTURE_SIDE_MAX, height: 1 });
});

test('the taps of a shrunk picture spread until they tile its footprint', () => {
  expect([0.5, 1, 2, 4].map((scale) => tapOffset(scale, false))).toEqual([0, 0, 0.5, 1]);
});

test('a program that draws takes one tap as long as no pixel of the picture is skipped', () => {
  expect([0.5, 1, 2, 4].map((scale) => tapOffset(scale, true))).toEqual([0, 0, 0, 1]);
});
