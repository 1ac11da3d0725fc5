/** The processor's painter of masks against the compositing's plain twin, which the shader is held to as well. */
import { describe, expect, test } from 'vitest';
import { MaskPaint, type MaskPixels } from '../../../src/overlay/mask-paint';
import { paintOf } from '../../../src/overlay/paint';
import { DEFAULT_VIEW, type OverlayView } from '../../../src/overlay/view';
import { difference, seededMask, seededPicture } from '../../browser/overlay/scenes';
import { composite, type PixelImage } from '../../twins/composite';

const VIEWS: readonly (readonly [string, Partial<OverlayView>])[] = [
  ['classes', { outline: false }],
  ['classes with outline', { outline: true }],
  [
    'classes with some hidden',
    { opacity: 0.8, visible: DEFAULT_VIEW.visible.map((_, id) => id % 2 === 0), outline: false },
  ],
  ['drivable', { mode: 'drivable', outline: false, opacity: 0.7 }],
  ['drivable, split, with outline', { mode: 'drivable', split: 0.4 }],
  ['confidence', { mode: 'confidence', opacity: 0.9 }],
  ['paint only, split', { opacity: 1, split: 0.5, outline: false }],
];

/** The picture under the paint, as the shader puts the two together. */
function over(picture: PixelImage, painted: Uint32Array): Uint8ClampedArray {
  const out = new Uint8ClampedArray(picture.data);
  for (const [i, word] of painted.entries())
    for (const c of [0, 1, 2])
      out[i * 4 + c] = picture.data[i * 4 + c]! * (1 - (word >>> 24) / 255) + ((word >>> (8 * c)) & 255);
  return out;
}

describe.each([
  [96, 64, 60, 36],
  [64, 36, 64, 36],
  [75, 45, 160, 90],
  [200, 120, 21, 13],
])('%i × %i pixels of a mask of %i × %i', (width, height, columns, rows) => {
  const picture = seededPicture(width, height, 1);
  const mask = seededMask(columns, rows, 2);
  const painter = new MaskPaint(mask, picture);
  test.each(VIEWS)('%s', (_, change) => {
    const paint = paintOf({ ...DEFAULT_VIEW, ...change });
    const painted = new Uint32Array(width * height);
    painter.run(mask.data, paint, painted);
    const expected = composite({ picture, rotation: 0, mask, paint, canvas: picture });
    const { close } = difference(over(picture, painted), expected);
    expect(close).toBeGreaterThanOrEqual(0.995);
  });
});

/** A mask of one class whose drivability rises from 0 to 255 within so many pixels, again and again. */
function slopes(width: number, height: number, length: number): MaskPixels {
  const data = new Uint8Array(width * height * 4);
  for (let i = 0; i < width * height; i++) {
    const x = i % width;
    data.set([4, 230, Math.round(((x % length) / (length - 1)) * 255), 255], i * 4);
  }
  return { width, height, data };
}

test.each([
  [3, 2.7],
  [12, 2.7],
  [60, 2.7],
  [12, 0.6],
])(
  'an edge of the drivable over %i mask pixels is as soft as the twin’s, %d pixels to one of the mask',
  (length, scale) => {
    const columns = 60;
    const [width, height] = [Math.round(columns * scale), 9];
    const picture = seededPicture(width, height, 3);
    const mask = slopes(columns, 5, length);
    for (const outline of [true, false]) {
      const paint = paintOf({ ...DEFAULT_VIEW, mode: 'drivable', opacity: 0.7, outline });
      const painted = new Uint32Array(width * height);
      new MaskPaint(mask, picture).run(mask.data, paint, painted);
      const expected = composite({ picture, rotation: 0, mask, paint, canvas: picture });
      const got = over(picture, painted);
      for (let i = 0; i < got.length; i++)
        expect(Math.abs(got[i]! - expected[i]!), `byte ${i}`).toBeLessThanOrEqual(2);
    }
  },
);

/** A mask of broad areas, in which confidence rises and falls, is level in places, and drivability rules nothing. */
function unsure(width: number, height: number): MaskPixels {
  const data = new Uint8Array(width * height * 4);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const level = y % 16 < 5;
      const sure = level ? 137 : 128 + 110 * Math.sin(x / 3) * Math.cos(y / 4);
      const id = x < width / 2 ? 1 : y < height / 2 ? 4 : 7;
      data.set([id, sure, 20, 255], (y * width + x) * 4);
    }
  return { width, height, data };
}

describe.each([
  [120, 72],
  [48, 29],
  [31, 80],
])('confidence within a class, %i × %i pixels of a mask of 48 × 29', (width, height) => {
  const picture = seededPicture(width, height, 4);
  const mask = unsure(48, 29);
  test.each([
    ['at half opacity', { opacity: 0.5 }],
    ['split', { opacity: 0.9, split: 0.37 }],
    ['with a class hidden', { opacity: 1, visible: DEFAULT_VIEW.visible.map((_, id) => id !== 4) }],
    ['without an outline', { opacity: 1, outline: false }],
  ] as const)('%s: every pixel is the twin’s', (_, change) => {
    const paint = paintOf({ ...DEFAULT_VIEW, mode: 'confidence', ...change });
    const painted = new Uint32Array(width * height).fill(7);
    const painter = new MaskPaint(mask, picture);
    // Another opacity before: nothing of it may stay.
    painter.run(mask.data, paintOf({ ...DEFAULT_VIEW, mode: 'confidence', opacity: 0.2 }), painted);
    painter.run(mask.data, paint, painted);
    const expected = composite({ picture, rotation: 0, mask, paint, canvas: picture });
    const worst = over(picture, painted).reduce(
      (most, byte, i) => Math.max(most, Math.abs(byte - expected[i]!)),
      0,
    );
    expect(worst).toBeLessThanOrEqual(2);
  });
});

test('where there is no class there is no paint', () => {
  const mask = new Uint8Array(8 * 8 * 4).fill(255);
  const painted = new Uint32Array(16 * 16).fill(1);
  new MaskPaint({ width: 8, height: 8 }, { width: 16, height: 16 }).run(mask, paintOf(DEFAULT_VIEW), painted);
  expect(painted.every((word) => word === 0)).toBe(true);
});
