import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  decodeMask,
  encodeMask,
  MASK_BYTES_MAX,
  type SharedMask,
  thinned,
} from '../../../src/live/shared-mask';
import { EDGE_POINTS_MAX, EDGES_MAX } from '../../../src/scene/road-edges';

/** Shares that two bytes, or one, hold exactly. */
const sixteenBits = fc.integer({ min: 0, max: 65_535 }).map((n) => n / 65_535);
const eightBits = fc.integer({ min: 0, max: 255 }).map((n) => n / 255);

/** Maps of wide areas, as streets are. */
const masks = fc
  .record({
    vehicle: fc.stringMatching(/^[a-z0-9-]{1,36}$/),
    width: fc.integer({ min: 1, max: 64 }),
    height: fc.integer({ min: 1, max: 48 }),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
    age: fc.integer({ min: 0, max: 65_535 }),
    edges: fc.array(
      fc.record({
        side: fc.constantFrom('left' as const, 'right' as const),
        points: fc.array(fc.record({ x: sixteenBits, y: sixteenBits, confidence: eightBits }), {
          maxLength: EDGE_POINTS_MAX,
        }),
      }),
      { maxLength: EDGES_MAX },
    ),
    seed: fc.array(fc.tuple(fc.integer({ min: 0, max: 255 }), fc.integer({ min: 1, max: 400 })), {
      minLength: 1,
    }),
  })
  .map(({ seed, ...rest }): SharedMask => {
    const cells: number[] = [];
    for (let i = 0; cells.length < rest.width * rest.height; i++) {
      const [id, run] = seed[i % seed.length]!;
      cells.push(...new Array<number>(run).fill(id));
    }
    return { ...rest, classes: Uint8Array.from(cells.slice(0, rest.width * rest.height)) };
  });

test('what was written is read again', () => {
  fc.assert(
    fc.property(masks, (mask) => {
      const read = decodeMask(encodeMask(mask));
      expect(read).not.toBeNull();
      expect({ ...read, share: 0 }).toEqual({ ...mask, share: 0 });
      expect(read!.share).toBeCloseTo(mask.share, 4);
    }),
  );
});

test('no bytes at all make it throw, or make a map that does not fit its size', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
      const read = decodeMask(bytes);
      if (read) expect(read.classes.length).toBe(read.width * read.height);
    }),
  );
});

test('a mask that was cut off, or goes on after its end, is none', () => {
  fc.assert(
    fc.property(masks, fc.nat(), (mask, at) => {
      const bytes = encodeMask(mask);
      expect(decodeMask(bytes.subarray(0, at % bytes.length))).toBeNull();
      expect(decodeMask(Uint8Array.of(...bytes, 0))).toBeNull();
    }),
  );
});

test('more edges, or longer ones, than anybody draws are neither written nor read', () => {
  const point = { x: 0.5, y: 0.5, confidence: 1 };
  const mask = { vehicle: 'v', width: 1, height: 1, classes: Uint8Array.of(0), share: 1, age: 0 };
  const edge = (points: number) => ({ side: 'left' as const, points: new Array(points).fill(point) });
  const many = new Array(EDGES_MAX + 1).fill(edge(2));
  expect(() => encodeMask({ ...mask, edges: many })).toThrow(RangeError);
  expect(() => encodeMask({ ...mask, edges: [edge(EDGE_POINTS_MAX + 1)] })).toThrow(RangeError);
  const written = encodeMask({ ...mask, edges: [edge(2)] });
  // Version, id, sizes, share and age come first.
  const at = 1 + 1 + 1 + 8;
  expect(written[at]).toBe(1);
  for (const [offset, value] of [
    [at, EDGES_MAX + 1],
    [at + 1, 2],
    [at + 2, EDGE_POINTS_MAX + 1],
  ] as const) {
    const changed = Uint8Array.from(written);
    changed[offset] = value;
    expect(decodeMask(changed)).toBeNull();
  }
});

test('the worst map there is stays within the server’s bound', () => {
  // Every cell another class than its neighbour.
  const [width, height] = [480, 288];
  const classes = Uint8Array.from({ length: width * height }, (_, i) => i % 12);
  const point = { x: 1, y: 1, confidence: 1 };
  const edges = Array.from({ length: EDGES_MAX }, () => ({
    side: 'right' as const,
    points: new Array(EDGE_POINTS_MAX).fill(point),
  }));
  const small = thinned({ vehicle: 'v'.repeat(36), width, height, classes, share: 0.5, edges, age: 0 });
  expect(Math.max(small.width, small.height)).toBeLessThanOrEqual(96);
  expect(encodeMask(small).length).toBeLessThanOrEqual(MASK_BYTES_MAX);
});
