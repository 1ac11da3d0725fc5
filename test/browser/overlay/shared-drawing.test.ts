/** Many canvases drawn through one WebGL2 context, as a dashboard's tiles are: more than contexts could be had. */
import { expect, test } from 'vitest';
import { composite } from '../../../src/overlay/composite';
import { createCompositor } from '../../../src/overlay/compositor';
import { paintOf } from '../../../src/overlay/paint';
import { SharedDrawing } from '../../../src/overlay/shared-drawing';
import { DEFAULT_VIEW } from '../../../src/overlay/view';
import { difference, frameOf, pixelsOf, seededMask, seededPicture, untilDrawn } from './scenes';

/** Browsers keep sixteen contexts of a window. */
const MANY = 18;

test('every canvas shows its own picture under its own mask, at its own size', async () => {
  const shared = new SharedDrawing();
  const stages = await Promise.all(
    Array.from({ length: MANY }, async (_, i) => {
      // Sizes that differ from one to the next.
      const size = { width: 64 + 16 * (i % 3), height: 48 };
      const canvas = new OffscreenCanvas(size.width, size.height);
      const compositor = await createCompositor({ canvas, device: null, shared, ...size });
      const [picture, mask] = [seededPicture(48, 32, i + 1), seededMask(24, 16, i + 100)];
      const frame = frameOf(picture);
      compositor.show(frame, 0);
      frame.close();
      compositor.present({ kind: 'pixels', ...mask });
      compositor.setView(DEFAULT_VIEW);
      return { canvas, compositor, picture, mask, size };
    }),
  );
  for (const { compositor } of stages) await untilDrawn(compositor);
  for (const { canvas, picture, mask, size } of stages) {
    const expected = composite({ picture, rotation: 0, mask, paint: paintOf(DEFAULT_VIEW), canvas: size });
    const { close } = difference(pixelsOf(canvas), expected);
    expect(close).toBeGreaterThanOrEqual(0.99);
  }
  // One that goes takes nothing from the others.
  const [first, ...others] = stages;
  await first!.compositor.dispose();
  const { canvas, compositor, mask, size } = others[0]!;
  const picture = seededPicture(48, 32, 77);
  const frame = frameOf(picture);
  compositor.show(frame, 0);
  frame.close();
  await untilDrawn(compositor);
  const expected = composite({ picture, rotation: 0, mask, paint: paintOf(DEFAULT_VIEW), canvas: size });
  expect(difference(pixelsOf(canvas), expected).close).toBeGreaterThanOrEqual(0.99);
  for (const each of others) await each.compositor.dispose();
});
