/** Many canvases drawn through one WebGL2 context, as a dashboard's tiles are: more than contexts could be had. */
import { expect, test, vi } from 'vitest';
import { createCompositor } from '../../../src/overlay/compositor';
import { paintOf } from '../../../src/overlay/paint';
import { SharedDrawing } from '../../../src/overlay/shared-drawing';
import { DEFAULT_VIEW } from '../../../src/overlay/view';
import { composite } from '../../twins/composite';
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

test('a context that is taken away is told to every canvas, and the next to ask gets another', async () => {
  const asked = vi.spyOn(OffscreenCanvas.prototype, 'getContext');
  const shared = new SharedDrawing();
  const size = { width: 48, height: 32 };
  const canvases = [new OffscreenCanvas(48, 32), new OffscreenCanvas(48, 32)];
  const open = (canvas: OffscreenCanvas) => createCompositor({ canvas, device: null, shared, ...size });
  const lost = await Promise.all(canvases.map(open));
  const place = asked.mock.contexts.find(
    (_, i) => (asked.mock.calls[i]![0] as string) === 'webgl2',
  ) as OffscreenCanvas;
  asked.mockRestore();
  place.getContext('webgl2')!.getExtension('WEBGL_lose_context')!.loseContext();
  await Promise.all(lost.map((compositor) => compositor.lost));
  // The new ones come before the old ones are gone, as they do when tiles are set up one by one.
  const again = await Promise.all(canvases.map(open));
  for (const compositor of lost) await compositor.dispose();
  for (const [i, compositor] of again.entries()) {
    const picture = seededPicture(48, 32, i + 5);
    const frame = frameOf(picture);
    compositor.show(frame, 0);
    frame.close();
    await untilDrawn(compositor);
    const expected = composite({
      picture,
      rotation: 0,
      mask: null,
      paint: paintOf(DEFAULT_VIEW),
      canvas: size,
    });
    expect(difference(pixelsOf(canvases[i]!), expected).close).toBeGreaterThanOrEqual(0.99);
  }
  for (const compositor of again) await compositor.dispose();
});
