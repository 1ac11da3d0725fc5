import { expect, test } from 'vitest';
import { confidenceColour, RAMP_STEPS, RAMP_TABLE } from '../../../src/overlay/ramp';

/** Relative luminance of an sRGB colour (IEC 61966-2-1). */
function luminance(rgb: readonly number[]): number {
  const [r, g, b] = rgb.map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}

/** CIE lightness of a luminance, 0 to 100. */
const lightness = (y: number): number => (y > 0.008856 ? 116 * Math.cbrt(y) - 16 : 903.3 * y);

test('lightness rises all along, in even steps', () => {
  const steps = Array.from({ length: 33 }, (_, i) => lightness(luminance(confidenceColour(i / 32))));
  const rises = steps.slice(1).map((l, i) => l - steps[i]!);
  expect(Math.min(...rises)).toBeGreaterThan(0);
  expect(Math.max(...rises) / Math.min(...rises)).toBeLessThan(1.6);
  expect(steps[32]! - steps[0]!).toBeGreaterThan(55);
});

test('neighbours on the ramp stay apart for eyes without red or green', () => {
  // Blue against yellow is what is left to them: it changes all along, in one direction.
  const axis = RAMP_TABLE.map(([r, g, b]) => (r + g) / 2 - b);
  for (let i = 1; i < axis.length; i++) expect(axis[i]!).toBeGreaterThan(axis[i - 1]!);
});

test('is inside sRGB, clamps, and is what the table interpolates', () => {
  for (let i = 0; i <= 100; i++) {
    const rgb = confidenceColour(i / 100);
    // A clipped channel would bend the ramp.
    for (const channel of rgb) {
      expect(channel).toBeGreaterThan(0);
      expect(channel).toBeLessThan(1);
    }
    const position = (i / 100) * (RAMP_STEPS - 1);
    const step = Math.min(RAMP_STEPS - 2, Math.floor(position));
    const t = position - step;
    for (const c of [0, 1, 2] as const) {
      const straight = RAMP_TABLE[step]![c] * (1 - t) + RAMP_TABLE[step + 1]![c] * t;
      expect(Math.abs(straight - rgb[c]) * 255).toBeLessThan(0.5);
    }
  }
  expect(confidenceColour(-1)).toEqual(confidenceColour(0));
  expect(confidenceColour(2)).toEqual(confidenceColour(1));
});
