import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseHex } from '../../../src/taxonomy/palette';

const css = readFileSync(join(import.meta.dirname, '../../../src/studio/shell/tokens.css'), 'utf8');

/** Colour tokens of a part of the sheet. */
function tokens(part: string): Record<string, `#${string}`> {
  return Object.fromEntries([...part.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6});/g)].map((m) => [m[1], m[2]]));
}

/** The part of the sheet from a line on to the next question of media. */
function block(from: string): string {
  const start = css.indexOf(from);
  expect(start, from).toBeGreaterThanOrEqual(0);
  const end = css.indexOf('@media', start + from.length);
  return css.slice(start, end < 0 ? undefined : end);
}

const usual = tokens(block(':root'));
const more = { ...usual, ...tokens(block('@media (prefers-contrast: more) {')) };
const light = { ...usual, ...tokens(block('@media (prefers-color-scheme: light) {')) };
const lightMore = {
  ...light,
  ...tokens(block('@media (prefers-color-scheme: light) and (prefers-contrast: more) {')),
};

/** Relative luminance (WCAG 2.2, from IEC 61966-2-1). */
function luminance(colour: `#${string}`): number {
  const [r, g, b] = parseHex(colour).map((byte) => {
    const v = byte / 255;
    return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** Contrast ratio (WCAG 2.2). */
function contrast(a: `#${string}`, b: `#${string}`): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

const SURFACES = ['bg', 'surface', 'raised'] as const;

test('the light theme has its own value of each colour', () => {
  const own = tokens(block('@media (prefers-color-scheme: light) {'));
  expect(Object.keys(own).sort()).toEqual(Object.keys(usual).sort());
});

test('the formula gives the known extremes', () => {
  expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 5);
  expect(contrast('#777777', '#777777')).toBe(1);
});

describe.each([
  ['as usual', usual, 4.5],
  ['with more contrast asked for', more, 7],
  ['in the light', light, 4.5],
  ['in the light with more contrast asked for', lightMore, 7],
] as const)('contrast %s', (_, set, least) => {
  test.each(['text', 'text-2', 'text-3', 'warning', 'accent', 'accent-strong'])(
    '%s can be read on every surface',
    (name) => {
      for (const surface of SURFACES)
        expect(contrast(set[name]!, set[surface]!), `${name} on ${surface}`).toBeGreaterThanOrEqual(
          Math.min(least, name.startsWith('text') ? least : 4.5),
        );
    },
  );

  test('the lines of a chart stand out from its ground', () => {
    const lines = Array.from({ length: 9 }, (_, i) => `line-${i + 1}`);
    for (const name of [...lines, 'accent', 'text-3', 'warning'])
      expect(contrast(set[name]!, set.surface!), name).toBeGreaterThanOrEqual(3);
  });

  test.each(['text', 'text-2'])('%s can be read on controls', (name) => {
    for (const surface of ['control', 'control-hover'])
      expect(contrast(set[name]!, set[surface]!), `${name} on ${surface}`).toBeGreaterThanOrEqual(4.5);
  });

  test('ink can be read on the accent', () => {
    expect(contrast(set['on-accent']!, set.accent!)).toBeGreaterThanOrEqual(4.5);
    expect(contrast(set['on-accent']!, set['accent-strong']!)).toBeGreaterThanOrEqual(4.5);
  });

  test('edges of controls and the ring of focus are seen on every surface', () => {
    for (const surface of SURFACES) {
      expect(contrast(set.edge!, set[surface]!), `edge on ${surface}`).toBeGreaterThanOrEqual(3);
      expect(contrast(set['accent-strong']!, set[surface]!)).toBeGreaterThanOrEqual(3);
    }
  });
});
