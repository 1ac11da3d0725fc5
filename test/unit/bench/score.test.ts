import { expect, test } from 'vitest';
import { Score, unknownId } from '../../bench/evaluate/score';

test('classes: twelve and eleven, lane marking counted as road only in the latter', () => {
  const score = new Score('classes');
  // road, road, lane marking, sky, ignored → road, lane marking, road, sky, person
  score.add(Uint8Array.of(0, 0, 1, 8, 255), { classes: Uint8Array.of(0, 1, 0, 8, 9) });
  const figures = score.figures();
  expect(figures.per_class.road).toBe(33.33); // 1 of 3
  expect(figures.per_class['lane marking']).toBe(0);
  expect(figures.per_class.sky).toBe(100);
  expect(figures.per_class.person).toBeNull();
  expect(figures.miou).toBe(44.44);
  expect(figures.miou11).toBe(100);
  expect(figures.drivable_iou).toBe(100);
  expect(figures.pixel_accuracy).toBe(50);
});

test('coarse: the groups are scored as guessed, what is drivable by the winning class', () => {
  const score = new Score('coarse');
  // drivable, non-drivable, vehicle
  score.add(Uint8Array.of(0, 1, 3), { classes: Uint8Array.of(2, 0, 11), groups: Uint8Array.of(0, 1, 3) });
  const figures = score.figures();
  expect(figures.miou).toBe(100);
  expect(figures.miou11).toBeNull();
  expect(figures.drivable_iou).toBe(0);
});

test('coarse without groups is refused', () => {
  const guess = { classes: Uint8Array.of(0) };
  expect(() => new Score('coarse').add(Uint8Array.of(0), guess)).toThrow(RangeError);
});

test('drivable: road and lane marking against all the rest, void included', () => {
  const score = new Score('drivable');
  score.add(Uint8Array.of(1, 1, 1, 0, 0, 255), { classes: Uint8Array.of(0, 1, 255, 0, 7, 0) });
  const figures = score.figures();
  expect(figures.drivable_iou).toBe(50); // 2 of 3 + 1
  expect(figures.per_class['not drivable']).toBe(33.33); // 1 of 2 + 1
  expect(figures.pixel_accuracy).toBe(60);
});

test.each([
  ['classes', [0, 11, 255], undefined],
  ['classes', [0, 13], 13],
  ['coarse', [6, 7], 7],
  ['drivable', [0, 1, 255, 2], 2],
] as const)('%s: of the ids %j, %s is unknown', (format, ids, unknown) => {
  expect(unknownId(format, Uint8Array.from(ids))).toBe(unknown);
});
