import { expect, test } from 'vitest';
import { CLASS_COUNT, CLASSES, COARSE_GROUPS } from '../../../src/taxonomy/classes';
import { PALETTES, paletteBytes, parseHex } from '../../../src/taxonomy/palette';

test('class ids are the logits’ channel indices', () => {
  expect(CLASSES.map((c) => c.id)).toEqual(Array.from({ length: CLASS_COUNT }, (_, id) => id));
});

test('every class belongs to at least one coarse group', () => {
  const members = new Set(COARSE_GROUPS.flatMap((group) => [...group.members]));
  expect(members.size).toBe(CLASS_COUNT);
});

test.each(Object.entries(PALETTES))('palette %s gives every class a colour of its own', (_, palette) => {
  expect(new Set(palette).size).toBe(CLASS_COUNT);
  expect(paletteBytes(palette)).toHaveLength(CLASS_COUNT * 4);
});

test('a colour that is none is refused', () => {
  expect(() => parseHex('teal')).toThrow(RangeError);
});
