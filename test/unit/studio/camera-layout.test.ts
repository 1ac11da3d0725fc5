/** Where several cameras stand, and what is drawn over each. */
import { describe, expect, test } from 'vitest';
import type { Rect, Size } from '../../../src/media/size';
import { DEFAULT_VIEW } from '../../../src/overlay/view';
import { CAMERA_LAYOUTS, cameraPlaces, usualLayout } from '../../../src/studio/cameras/camera-layout';
import { cameraOverlay, isSeen } from '../../../src/studio/cameras/camera-overlay';

const HD: Size = { width: 1280, height: 720 };
const BOXES: readonly Size[] = [
  { width: 952, height: 560 },
  { width: 390, height: 281 },
  { width: 1600, height: 500 },
  { width: 320, height: 700 },
];

const areaOf = ({ width, height }: Size): number => width * height;
const overlap = (a: Rect, b: Rect): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

describe.each(CAMERA_LAYOUTS)('%s', (layout) => {
  test.each([2, 3, 4, 5, 6])('%i cameras stand inside the box and beside each other', (count) => {
    for (const box of BOXES)
      for (let chosen = 0; chosen < count; chosen++) {
        const choice = { layout, chosen, beside: (chosen + 1) % count };
        const places = cameraPlaces(
          Array.from({ length: count }, () => HD),
          choice,
          box,
        );
        const shown = places.filter((place) => place !== null);
        expect(shown).toHaveLength(layout === 'pair' ? 2 : count);
        expect(places.map((place) => place !== null)).toEqual(places.map((_, n) => isSeen(choice, n)));
        for (const [n, place] of shown.entries()) {
          expect(place.width).toBeGreaterThan(20);
          expect(place.height).toBeGreaterThan(10);
          expect(place.x).toBeGreaterThanOrEqual(0);
          expect(place.y).toBeGreaterThanOrEqual(0);
          expect(place.x + place.width).toBeLessThanOrEqual(box.width);
          expect(place.y + place.height).toBeLessThanOrEqual(box.height);
          for (const other of shown.slice(n + 1)) expect(overlap(place, other)).toBe(false);
        }
        const own = places[chosen]!;
        for (const other of shown)
          if (layout !== 'large') expect(areaOf(other)).toBe(areaOf(own));
          else if (other !== own) expect(areaOf(other)).toBeLessThan(areaOf(own) / 2);
      }
  });
});

test('one camera has the whole box, whatever is chosen', () => {
  for (const layout of CAMERA_LAYOUTS)
    expect(cameraPlaces([HD], { layout, chosen: 0, beside: 0 }, BOXES[0]!)).toEqual([
      { x: 0, y: 0, ...BOXES[0]! },
    ]);
  expect([usualLayout(2), usualLayout(6)]).toEqual(['pair', 'large']);
});

test('on a phone the small ones stand in a row below', () => {
  const box = BOXES[1]!;
  const [large, ...small] = cameraPlaces(
    Array.from({ length: 6 }, () => HD),
    { layout: 'large', chosen: 0, beside: 1 },
    box,
  ) as Rect[];
  expect(large!.width).toBe(box.width);
  for (const { y } of small) expect(y).toBeGreaterThanOrEqual(large!.height);
  expect(new Set(small.map(({ y }) => y)).size).toBe(1);
});

test('divider, labels and the view from above belong to the camera that is looked at', () => {
  const scene = { ...DEFAULT_VIEW.scene, bird: 'inset' as const, horizon: true };
  const view = { ...DEFAULT_VIEW, split: 0.5, labels: 'beside' as const, scene };
  const choice = { layout: 'large' as const, chosen: 1, beside: 0 };
  expect(cameraOverlay(view, choice, 1)).toBe(view);
  expect(cameraOverlay(view, choice, 0)).toMatchObject({
    split: null,
    labels: 'off',
    mode: view.mode,
    scene: { bird: 'off', horizon: false, obstacles: false, path: false, boundary: true },
  });
  expect(cameraOverlay(view, { ...choice, layout: 'grid' }, 0).scene).toMatchObject({ obstacles: true });
});
