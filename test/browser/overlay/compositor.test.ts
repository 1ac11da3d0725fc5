/** What the compositor draws, against its CPU twin, on both backends. */
import { describe, expect, test } from 'vitest';
import type { Rotation } from '../../../src/media/size';
import { paintOf, rawPaint } from '../../../src/overlay/paint';
import { DEFAULT_VIEW, type OverlayView } from '../../../src/overlay/view';
import { composite } from '../../twins/composite';
import { difference, frameOf, seededMask, seededPicture } from './scenes';
import { BACKENDS, drawn, openStage } from './stage';

const VIEWS: readonly (readonly [string, Partial<OverlayView>])[] = [
  ['classes', { outline: false }],
  [
    'classes with some hidden',
    { outline: false, opacity: 0.8, visible: DEFAULT_VIEW.visible.map((_, id) => id % 2 === 0) },
  ],
  ['drivable', { mode: 'drivable', outline: false, opacity: 0.7 }],
  ['confidence', { mode: 'confidence', outline: false, opacity: 0.9 }],
  ['classes with outline', { outline: true }],
  ['drivable, split', { mode: 'drivable', split: 0.4 }],
  ['paint only', { opacity: 1, split: 0.5, outline: false }],
  ['picture only', { opacity: 0 }],
];

describe.each(BACKENDS)('on %s', (backend) => {
  test('every mode agrees with the CPU twin', async () => {
    const { canvas, compositor } = await openStage(backend, 160, 96);
    const picture = seededPicture(96, 64, 1);
    const mask = seededMask(60, 36, 2);
    const frame = frameOf(picture);
    compositor.stage(frame, 0);
    frame.close();
    compositor.present({ kind: 'pixels', ...mask });
    for (const [name, change] of VIEWS) {
      const view = { ...DEFAULT_VIEW, ...change };
      compositor.setView(view);
      const expected = composite({ picture, rotation: 0, mask, paint: paintOf(view), canvas });
      const { close, size } = difference(await drawn(compositor, canvas), expected);
      expect(size[0], name).toBe(size[1]);
      expect(close, name).toBeGreaterThanOrEqual(0.99);
    }
    await compositor.dispose();
  });

  test('the raw picture keeps the values of the video', async () => {
    const { canvas, compositor } = await openStage(backend, 64, 48);
    const picture = seededPicture(64, 48, 3);
    const frame = frameOf(picture);
    compositor.show(frame, 0);
    frame.close();
    compositor.present({ kind: 'pixels', ...seededMask(32, 24, 4) });
    compositor.setView({ ...DEFAULT_VIEW, split: 1 });
    const pixels = await drawn(compositor, canvas);
    // All but the divider's own columns at the right edge.
    const left = pixels.filter((_, i) => (i / 4) % 64 < 60);
    const stored = picture.data.filter((_, i) => (i / 4) % 64 < 60);
    expect(difference(left, stored).max).toBeLessThanOrEqual(2);
    await compositor.dispose();
  });

  test.each([0, 90, 180, 270] as const)(
    'a picture stored with a turn of %i stands upright',
    async (rotation) => {
      const { canvas, compositor } = await openStage(backend, 97, 61);
      const picture = seededPicture(51, 33, 5);
      const mask = seededMask(21, 13, 6);
      const frame = frameOf(picture);
      compositor.stage(frame, rotation);
      frame.close();
      compositor.present({ kind: 'pixels', ...mask });
      const paint = paintOf(DEFAULT_VIEW);
      const expected = composite({ picture, rotation, mask, paint, canvas });
      expect(difference(await drawn(compositor, canvas), expected).close).toBeGreaterThanOrEqual(0.99);
      await compositor.dispose();
    },
  );

  test('a turn in the metadata of the frame is not applied twice', async () => {
    const { canvas, compositor } = await openStage(backend, 33, 51);
    const picture = seededPicture(51, 33, 7);
    const frame = frameOf(picture, { rotation: 90 });
    compositor.show(frame, 90 satisfies Rotation);
    frame.close();
    const paint = rawPaint(paintOf(DEFAULT_VIEW));
    const expected = composite({ picture, rotation: 90, mask: null, paint, canvas });
    expect(compositor.picture).toEqual({ width: 33, height: 51 });
    expect(difference(await drawn(compositor, canvas), expected).max).toBeLessThanOrEqual(2);
    await compositor.dispose();
  });

  // A program that draws takes one tap up to half the size, and four beyond.
  test.each([4, 1.5])(
    'a picture %f times as large as the canvas is filtered, not skipped over',
    async (scale) => {
      const { canvas, compositor } = await openStage(backend, 40, 24);
      const picture = seededPicture(40 * scale, 24 * scale, 8);
      const frame = frameOf(picture);
      compositor.show(frame, 0);
      frame.close();
      const paint = paintOf(DEFAULT_VIEW);
      const software = backend === 'painted';
      const expected = composite({ picture, rotation: 0, mask: null, paint, canvas, software });
      expect(difference(await drawn(compositor, canvas), expected).close).toBeGreaterThanOrEqual(0.99);
      await compositor.dispose();
    },
  );

  test('follows changes of the canvas and of the picture', async () => {
    const { canvas, compositor } = await openStage(backend, 80, 48);
    const paint = paintOf(DEFAULT_VIEW);
    for (const [width, height, pictureWidth, pictureHeight] of [
      [80, 48, 40, 24],
      [33, 77, 40, 24],
      [121, 35, 31, 55],
      [80, 48, 32, 32],
    ] as const) {
      compositor.resize(width, height);
      const picture = seededPicture(pictureWidth, pictureHeight, width);
      const mask = seededMask(pictureWidth >> 1, pictureHeight >> 1, height);
      const frame = frameOf(picture);
      compositor.stage(frame, 0);
      frame.close();
      compositor.present({ kind: 'pixels', ...mask });
      const pixels = await drawn(compositor, canvas);
      expect([canvas.width, canvas.height]).toEqual([width, height]);
      const software = backend === 'painted';
      const expected = composite({ picture, rotation: 0, mask, paint, canvas, software });
      expect(difference(pixels, expected).close).toBeGreaterThanOrEqual(0.99);
    }
    await compositor.dispose();
  });
});
