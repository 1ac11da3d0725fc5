import { expect, test } from 'vitest';
import { CLASS_COUNT, CLASSES, COARSE_GROUPS } from '../../../src/taxonomy/classes';
import {
  colourDistance,
  type HexColour,
  makeColours,
  PALETTES,
  parseHex,
} from '../../../src/taxonomy/palette';

test('class ids are the positions in the list', () => {
  expect(CLASSES.map((c) => c.id)).toEqual(Array.from({ length: CLASS_COUNT }, (_, id) => id));
});

test('every class but the own car belongs to at least one coarse group', () => {
  const members = new Set<number>(COARSE_GROUPS.flatMap((group) => [...group.members]));
  expect(CLASSES.filter(({ id }) => !members.has(id)).map(({ name }) => name)).toEqual(['own car']);
});

test.each(Object.entries(PALETTES))('palette %s gives every class a colour of its own', (_, palette) => {
  expect(new Set(palette).size).toBe(CLASS_COUNT);
});

test('a colour that is none is refused', () => {
  expect(() => parseHex('teal')).toThrow(RangeError);
});

/** Least distance between any two colours. */
function least(colours: readonly HexColour[]): number {
  return Math.min(...colours.flatMap((a, i) => colours.slice(i + 1).map((b) => colourDistance(a, b))));
}

test('made colours differ, for colour-blind eyes too, and are the same each time', () => {
  expect(makeColours(0)).toEqual([]);
  for (const count of [2, 7, 19]) expect(makeColours(count)).toEqual(makeColours(19).slice(0, count));
  expect(least(makeColours(7))).toBeGreaterThan(0.18);
  expect(least(makeColours(19))).toBeGreaterThan(0.08);
  expect(new Set(makeColours(256)).size).toBe(256);
});

test('made colours keep away from those that are there', () => {
  const given: HexColour[] = ['#009e9a', '#fff7cc', '#3b5bdb'];
  expect(least([...given, ...makeColours(9, given)])).toBeGreaterThan(0.1);
});
