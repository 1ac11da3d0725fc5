import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { IgnoreRegion } from '../../../src/perception/engine';
import { MaskPainter, type StreamPainter } from '../../../src/perception/mask-painter';
import { maskMap, outputSpec } from '../../../src/perception/output-spec';
import {
  blendWeight,
  classMap,
  RELEASE_END,
  RELEASE_START,
  stateLength,
} from '../../../src/perception/postprocess';
import { isSimdPaintable, SimdPainter } from '../../../src/perception/simd-painter';
import { BROKEN_CLASS, UNDECIDED_CLASS } from '../../../src/taxonomy/class-list';
import { CLASSES, VOID_CLASS } from '../../../src/taxonomy/classes';
import { classProbabilities, postprocess, verdictOf } from '../../twins/postprocess';
import { manifestOf, outputOf, scoresOf, sharing } from './cases';
import { kernelModule } from './kernel';

/** Nine channels of six classes: road, sidewalk, none of these, vehicle, vegetation, sky. */
const CITYSCAPES_LIKE = sharing([
  'road',
  'sidewalk',
  null,
  'vehicle',
  'vehicle',
  'vegetation',
  null,
  'sky',
  'road',
]);
/** Seven classes of another field, and more than a word of bits has. */
const LAND_USE = { classes: ['urban', 'field', 'range', 'forest', 'water', 'barren', 'unknown'] };
const MANY = { classes: Array.from({ length: 40 }, (_, i) => `class ${i}`) };

const LEFT_HALF: IgnoreRegion = [
  { x: 0, y: 0 },
  { x: 0.5, y: 0 },
  { x: 0.5, y: 1 },
  { x: 0, y: 1 },
];

/** Everything one frame of a house network needs. */
function setup(parts: Parameters<typeof manifestOf>[0] = {}, mask = { width: 20, height: 11 }) {
  const manifest = manifestOf(parts);
  const spec = outputSpec(manifest);
  const map = maskMap(manifest, { width: 640, height: 360 }, mask);
  const length = spec.channels * spec.width * spec.height;
  const options = { spec, map, mask, smoothing: 0.4, reset: false, ignore: null };
  return { manifest, spec, map, mask, length, options, state: new Uint16Array(stateLength(mask, spec)) };
}

describe('postprocess', () => {
  test('probabilities are a distribution; channels without a class have one of their own', () => {
    fc.assert(
      fc.property(fc.integer(), fc.boolean(), (seed, peers) => {
        const { spec, map, length } = setup(peers ? CITYSCAPES_LIKE : {});
        const p = classProbabilities(scoresOf(length, seed), spec, map, seed % 20, seed % 11)!;
        const sum = p.reduce((a, b) => a + b, 0);
        expect(Math.min(...p)).toBeGreaterThanOrEqual(0);
        expect(p).toHaveLength(peers ? 6 : CLASSES.length);
        expect(sum).toBeCloseTo(1, 10);
      }),
    );
  });

  test('channels of one class add up', () => {
    const { spec, map } = setup({ ...CITYSCAPES_LIKE, output: { width: 1, height: 1 } });
    const scores = new Float32Array(9).map((_, c) => (c === 3 || c === 4 ? Math.log(3) : 0));
    const p = classProbabilities(scores, spec, map, 3, 3)!;
    expect(p[3]).toBeCloseTo(6 / 13, 6);
    expect(p[0]).toBeCloseTo(2 / 13, 6);
  });

  test('no class wins a tie, a sum of too little, or below one half where each stands for itself', () => {
    const three = { drivable: Uint8Array.of(1, 1, 0), floor: 0 };
    const undecided = { id: UNDECIDED_CLASS, confidence: 0 };
    expect(verdictOf([0.3, 0.1, 0.05], three)).toEqual({ ...undecided, drivable: 0.4 });
    expect(verdictOf([0.1, 0.1, 0.45], { ...three, floor: 0.4 })).toEqual({
      id: 2,
      confidence: 0.45,
      drivable: 0.2,
    });
    expect(verdictOf([0.1, 0.45, 0.45], three)).toMatchObject(undecided);
    expect(verdictOf([0.2, 0.2, 0.6], three).id).toBe(2);
    expect(verdictOf([1, 1, 0], { ...three, floor: 0.5 })).toEqual({ ...undecided, drivable: 1 });
    expect(verdictOf([0.2, 0.49, 0.1], { ...three, floor: 0.5 })).toMatchObject(undecided);
  });

  test('scores that are no numbers are broken, never a class', () => {
    for (const activation of ['none', 'softmax', 'sigmoid', 'logits', 'ids'] as const) {
      const { spec, map, mask, options, state } = setup({ output: { activation } });
      const scores = new Float32Array(spec.channels * spec.width * spec.height).fill(Number.NaN);
      const pixels = postprocess(scores, state, { ...options, reset: true });
      expect(new Set(pixels.filter((_, i) => i % 4 === 0))).toEqual(new Set([BROKEN_CLASS]));
      expect(new Set(classMap(state, spec, mask, null).classes)).toEqual(new Set([BROKEN_CLASS]));
      const painted = new Uint8Array(pixels.length);
      const painter = new MaskPainter(spec, mask);
      painter.paint(scores, painted, { map, smoothing: 0.4, reset: true, ignore: null });
      expect(painted).toEqual(pixels);
      // The next frame is taken as if it were the first.
      const good = outputOf(spec, 3);
      const after = postprocess(good, state, options);
      expect(after).toEqual(postprocess(good, new Uint16Array(state.length), { ...options, reset: true }));
    }
  });

  test('ids count for the class they name; numbers beyond the list for none', () => {
    const { spec, map, mask, options, state } = setup({
      classes: ['water', 'field', 'town'],
      output: { activation: 'ids', width: 2, height: 1 },
    });
    const pixels = postprocess(Float32Array.of(1, 7), state, { ...options, spec, map, mask, reset: true });
    const row = [...pixels.subarray(0, mask.width * 4)].filter((_, i) => i % 4 === 0);
    expect(row.slice(0, 10)).toEqual(new Array(10).fill(1));
    expect(row.slice(10)).toEqual(new Array(10).fill(UNDECIDED_CLASS));
  });

  test('smoothing = 1 equals no state at all', () => {
    const { length, options, mask, spec } = setup();
    const worn = new Uint16Array(stateLength(mask, spec)).fill(20_000);
    const fresh = new Uint16Array(stateLength(mask, spec));
    const scores = scoresOf(length, 5);
    const a = postprocess(scores, worn, { ...options, smoothing: 1 });
    const b = postprocess(scores, fresh, { ...options, reset: true });
    expect(a).toEqual(b);
    for (const [i, value] of fresh.entries()) expect(Math.abs(worn[i]! - value)).toBeLessThanOrEqual(1);
  });

  test('a constant picture converges to itself at any smoothing', () => {
    const { length, options, state } = setup();
    const before = scoresOf(length, 1, 0.5);
    const after = scoresOf(length, 2, 0.5);
    postprocess(before, state, { ...options, reset: true });
    let smoothed = postprocess(after, state, options);
    for (let i = 0; i < 30; i++) smoothed = postprocess(after, state, options);
    const direct = postprocess(after, new Uint16Array(state.length), { ...options, reset: true });
    let differing = 0;
    for (let i = 0; i < direct.length; i += 4) if (direct[i] !== smoothed[i]) differing++;
    expect(differing).toBe(0);
  });

  test('small changes are damped, large ones pass at once', () => {
    expect(blendWeight(0.3, RELEASE_START)).toBeCloseTo(0.3, 10);
    expect(blendWeight(0.3, RELEASE_END)).toBe(1);
    expect(blendWeight(0, 0)).toBe(0);
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (s, d) => {
          const w = blendWeight(s, d);
          expect(w).toBeGreaterThanOrEqual(s - 1e-12);
          expect(w).toBeLessThanOrEqual(1);
        },
      ),
    );
  });

  test('ignored pixels are void, the others untouched', () => {
    const { length, options, mask, spec } = setup();
    const scores = scoresOf(length, 8);
    const all = postprocess(scores, new Uint16Array(stateLength(mask, spec)), { ...options, reset: true });
    const half = postprocess(scores, new Uint16Array(stateLength(mask, spec)), {
      ...options,
      reset: true,
      ignore: LEFT_HALF,
    });
    for (let i = 0; i < mask.width * mask.height; i++) {
      const left = (i % mask.width) + 0.5 < mask.width / 2;
      const expected = left ? [VOID_CLASS, 0, 0, 255] : [...all.subarray(i * 4, i * 4 + 4)];
      expect([...half.subarray(i * 4, i * 4 + 4)]).toEqual(expected);
    }
  });

  test('the letterbox is cut off: a mask shows the picture only', () => {
    const { manifest } = setup({
      input: { width: 64, height: 64, fit: 'letterbox' },
      output: { width: 8, height: 8 },
    });
    const map = maskMap(manifest, { width: 64, height: 32 }, { width: 8, height: 4 });
    expect(map.y.offset).toBeCloseTo(2, 10);
    expect(map.y.offset + 3 * map.y.step).toBeCloseTo(5, 10);
    expect(map.x.offset).toBeCloseTo(0, 10);
  });
});

describe('class map', () => {
  test('stays within 16 KB for every aspect and repeats the mask in small', () => {
    const { length, options, mask, state, spec } = setup({}, { width: 64, height: 36 });
    const pixels = postprocess(scoresOf(length, 4), state, { ...options, reset: true });
    const map = classMap(state, spec, mask, null);
    expect(map.classes.length + map.drivable.length).toBeLessThanOrEqual(16384);
    // A mask smaller than the map: each cell lies within one mask pixel or straddles an edge.
    let same = 0;
    for (let y = 0; y < map.height; y++)
      for (let x = 0; x < map.width; x++) {
        const px = Math.floor(((x + 0.5) * mask.width) / map.width);
        const py = Math.floor(((y + 0.5) * mask.height) / map.height);
        if (pixels[(py * mask.width + px) * 4] === map.classes[y * map.width + x]) same++;
      }
    expect(same / map.classes.length).toBeGreaterThan(0.95);
  });

  test('is void where ignored', () => {
    const { length, options, mask, state, spec } = setup();
    postprocess(scoresOf(length, 4), state, { ...options, reset: true });
    const map = classMap(state, spec, mask, LEFT_HALF);
    for (let i = 0; i < map.classes.length; i++) {
      const left = ((i % map.width) + 0.5) / map.width < 0.5;
      expect(map.classes[i] === VOID_CLASS).toBe(left);
      if (left) expect(map.drivable[i]).toBe(0);
    }
  });
});

/** Paints three frames with a painter and the reference, and compares states and masks. */
function compare(
  painter: StreamPainter,
  setting: ReturnType<typeof setup>,
  options: { seed: number; gain: number; smoothing: number; ignored: boolean },
): void {
  const { spec, mask, map, state } = setting;
  const { seed, gain, smoothing, ignored } = options;
  const pixels = new Uint8Array(mask.width * mask.height * 4);
  for (let frame = 0; frame < 3; frame++) {
    const scores = outputOf(spec, seed + frame, gain);
    const paint = { map, smoothing, reset: frame === 0, ignore: ignored ? LEFT_HALF : null };
    const expected = postprocess(scores, state, { ...paint, spec, mask });
    painter.paint(scores, pixels, paint);
    let drift = 0;
    for (let i = 0; i < state.length; i++) drift = Math.max(drift, Math.abs(painter.state[i]! - state[i]!));
    expect(drift).toBeLessThanOrEqual(DRIFT);
    const wrong = [];
    for (let i = 0; i < mask.width * mask.height; i++) {
      const near = [1, 2, 3].every((c) => Math.abs(pixels[i * 4 + c]! - expected[i * 4 + c]!) <= 1);
      if (
        (pixels[i * 4] !== expected[i * 4] || !near) &&
        !tied(state.subarray(i * spec.slots, i * spec.slots + spec.classes), spec)
      )
        wrong.push(i);
    }
    expect(wrong).toEqual([]);
  }
}

/** Steps of 1 / 65535 by which a fast twin may differ: single precision over large cells. */
const DRIFT = 4;

const common = {
  width: fc.integer({ min: 1, max: 60 }),
  height: fc.integer({ min: 1, max: 40 }),
  seed: fc.integer(),
  smoothing: fc.constantFrom(0.2, 0.6, 1),
  layout: fc.constantFrom('NCHW' as const, 'NHWC' as const),
  fit: fc.constantFrom('stretch' as const, 'letterbox' as const),
  ignored: fc.boolean(),
  gain: fc.constantFrom(0.3, 6, 30, 900),
};

describe('MaskPainter', () => {
  test('paints what the reference paints, for any network', () => {
    fc.assert(
      fc.property(
        fc.record({
          ...common,
          activation: fc.constantFrom(
            'none' as const,
            'softmax' as const,
            'sigmoid' as const,
            'logits' as const,
            'ids' as const,
          ),
          list: fc.constantFrom({}, CITYSCAPES_LIKE, { classes: ['background', 'lesion'] }, LAND_USE, MANY),
        }),
        ({ width, height, layout, activation, fit, list, ...options }) => {
          const parts = { input: { fit }, output: { layout, activation } };
          const setting = setup({ ...parts, ...list }, { width, height });
          compare(new MaskPainter(setting.spec, setting.mask), setting, options);
        },
      ),
      { numRuns: 40 },
    );
  });
});

describe('SimdPainter', () => {
  test('paints what the reference paints, for networks like those of the house', () => {
    const lists = fc.constantFrom({}, { classes: CLASSES.slice(0, 12).map((c) => c.name) });
    fc.assert(
      fc.property(
        fc.record({ ...common, list: lists }),
        ({ width, height, layout, fit, list, ...options }) => {
          const setting = setup({ ...list, input: { fit }, output: { layout } }, { width, height });
          expect(isSimdPaintable(setting.spec)).toBe(true);
          compare(new SimdPainter(setting.spec, setting.mask, kernelModule), setting, options);
        },
      ),
      { numRuns: 40 },
    );
  });

  test('leaves other networks to its twin', () => {
    expect(isSimdPaintable(setup(CITYSCAPES_LIKE).spec)).toBe(false);
    expect(isSimdPaintable(setup({ output: { activation: 'softmax' } }).spec)).toBe(false);
    expect(isSimdPaintable(setup(LAND_USE).spec)).toBe(false);
  });

  test('scores that are no numbers are broken', () => {
    const { spec, mask, map, length } = setup();
    const painter = new SimdPainter(spec, mask, kernelModule);
    const pixels = new Uint8Array(mask.width * mask.height * 4);
    const scores = new Float32Array(length).fill(Number.NaN);
    painter.paint(scores, pixels, { map, smoothing: 0.5, reset: true, ignore: null });
    for (let i = 0; i < pixels.length; i += 4) expect(pixels[i]).toBe(BROKEN_CLASS);
  });

  test('equal scores are undecided', () => {
    const { spec, mask, map, length } = setup();
    const painter = new SimdPainter(spec, mask, kernelModule);
    const pixels = new Uint8Array(mask.width * mask.height * 4);
    const scores = new Float32Array(length).fill(1.5);
    painter.paint(scores, pixels, { map, smoothing: 0.5, reset: true, ignore: null });
    for (let i = 0; i < pixels.length; i += 4) expect(pixels[i]).toBe(UNDECIDED_CLASS);
    expect(new Set(classMap(painter.state, spec, mask, null).classes)).toEqual(new Set([UNDECIDED_CLASS]));
  });
});

/** Whether the two strongest contenders of a pixel (classes, "none of them", the floor) are within rounding. */
function tied(values: Uint16Array, { floor }: { readonly floor: number }): boolean {
  const nameless = 65535 - values.reduce((a, b) => a + b, 0);
  const [first, second] = [...values, nameless, floor * 65535].sort((a, b) => b - a);
  return first! - second! < 20;
}
