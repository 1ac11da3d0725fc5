import fc from 'fast-check';
import { expect, test } from 'vitest';
import { magnified, moved, tapped, WHOLE } from '../../../src/studio/overlay/zoom';

const BOX = { width: 390, height: 220 };
const point = fc.record({ x: fc.integer({ min: 0, max: 390 }), y: fc.integer({ min: 0, max: 220 }) });
const factor = fc.double({ min: 0.2, max: 5, noNaN: true });

test('whatever fingers do, the viewer stays filled, and the magnification within its bounds', () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('spread' as const), at: point, to: point, factor }),
    fc.record({ kind: fc.constant('drag' as const), at: point, to: point, factor }),
    fc.record({ kind: fc.constant('tap' as const), at: point, to: point, factor }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      let zoom = WHOLE;
      for (const { kind, at, to, factor } of steps) {
        if (kind === 'spread') zoom = magnified(zoom, factor, at, BOX, to);
        else if (kind === 'drag') zoom = moved(zoom, to.x - at.x, to.y - at.y, BOX);
        else zoom = tapped(zoom, at, BOX);
        const { scale, x, y } = zoom;
        expect(scale).toBeGreaterThanOrEqual(1);
        expect(scale).toBeLessThanOrEqual(8);
        expect(Math.max(x, y)).toBeLessThanOrEqual(0);
        expect(x + BOX.width * scale).toBeGreaterThanOrEqual(BOX.width - 1e-6);
        expect(y + BOX.height * scale).toBeGreaterThanOrEqual(BOX.height - 1e-6);
      }
    }),
  );
});

test('what lies under the fingers stays under them', () => {
  const at = { x: 200, y: 100 };
  const zoom = magnified(WHOLE, 2, at, BOX);
  expect([(at.x - zoom.x) / zoom.scale, (at.y - zoom.y) / zoom.scale]).toEqual([200, 100]);
});

test('two taps go closer, two more back', () => {
  const near = tapped(WHOLE, { x: 100, y: 100 }, BOX);
  expect(near.scale).toBe(2.5);
  expect(tapped(near, { x: 0, y: 0 }, BOX)).toEqual(WHOLE);
});
