import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  fileNameOf,
  formatBytes,
  formatClock,
  formatCount,
  formatDelay,
  formatMoment,
  formatMs,
  formatPercent,
  formatRate,
  NO_FIGURE,
} from '../../../src/studio/shell/format';

describe('figures', () => {
  test.each([formatRate, formatMs, formatPercent, formatCount, formatBytes, formatClock])(
    '%o shows a dash for what is not there',
    (format) => {
      for (const nothing of [null, undefined, Number.NaN, Number.POSITIVE_INFINITY])
        expect(format(nothing)).toBe(NO_FIGURE);
    },
  );

  test.each([
    [formatRate, 29.97, '30.0'],
    [formatRate, 120, '120'],
    [formatMs, 0.424, '0.42'],
    [formatMs, 8.44, '8.4'],
    [formatMs, 99.96, '100'],
    [formatPercent, 0.4124, '41.2'],
    [formatPercent, 0, '0.0'],
    [formatCount, 1_234_567, '1\u2009234\u2009567'],
    [formatCount, 999, '999'],
    [formatBytes, 16_128, '16.1 KB'],
    [formatBytes, 999, '999 B'],
    [formatBytes, 999_990, '1.0 MB'],
    [formatBytes, 13_200_000, '13.2 MB'],
    [formatBytes, 2_100_000_000, '2.1 GB'],
    [formatClock, 7.9, '0:07'],
    [formatClock, 754, '12:34'],
    [formatClock, 3723, '1:02:03'],
    [formatClock, -1, '0:00'],
  ] as const)('%o of %d is %s', (format, value, text) => {
    expect(format(value)).toBe(text);
  });

  test.each([
    [84.3, '84.3', 'ms'],
    [9999, '9999', 'ms'],
    [11_724, '11.7', 's'],
    [null, NO_FIGURE, 'ms'],
  ])('a delay of %s is %s %s', (ms, figure, unit) => {
    expect(formatDelay(ms)).toEqual({ figure, unit });
  });
});

describe('names of files', () => {
  test.each([
    ['Drive 7 · dusk', 'Drive-7-dusk'],
    ['../../etc/passwd', 'etc-passwd'],
    ['été à Zürich.mp4', 'été-à-Zürich.mp4'],
    ['...', 'picture'],
    ['', 'picture'],
  ])('%s becomes %s', (from, to) => {
    expect(fileNameOf(from)).toBe(to);
  });

  test('never leaves the folder, is never empty, never hidden', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 90 }), (text) => {
        const name = fileNameOf(text);
        expect(name).toMatch(/^[\p{L}\p{N}-][\p{L}\p{N}.-]*$/u);
        expect([...name].length).toBeLessThanOrEqual(60);
      }),
    );
  });
});

describe('a moment by the recorder’s clock', () => {
  const at = Date.parse('2026-05-28T01:22:26Z');

  test.each([
    [-360, '2026-05-27 19:22:26 UTC−06:00'],
    [330, '2026-05-28 06:52:26 UTC+05:30'],
    [0, '2026-05-28 01:22:26 UTC'],
    [null, '2026-05-28 01:22:26'],
  ])('in a zone of %s minutes is %s', (zone, shown) => {
    expect(formatMoment(at, zone)).toBe(shown);
  });
});
