import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { IgnoreRegion } from '../../../src/perception/engine';
import { MaskPainter, type StreamPainter } from '../../../src/perception/mask-painter';
import { maskMap, outputSpec } from '../../../src/perception/output-spec';
import {
  blendWeight,
  classMap,
  classProbabilities,
  postprocess,
  RELEASE_END,
  RELEASE_START,
  stateLength,
  verdictOf,
} from '../../../src/perception/postprocess';
import { isSimdPaintable, SimdPainter } from '../../../src/perception/simd-painter';
import { VOID_CLASS } from '../../../src/taxonomy/classes';
import { manifestOf, scoresOf } from './cases';
import { kernelModule } from './kernel';

const CITYSCAPES_LIKE = ['road', 'sidewalk', null, 'vehicle', 'vehicle', 'vegetation', null, 'sky', 'road'];
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
  return { manifest, spec, map, mask, length, options, state: new Uint16Array(stateLength(mask)) };
}

describe('postprocess', () => {
  test('probabilities are a distribution; null channels take their share away', () => {
    fc.assert(
      fc.property(fc.integer(), fc.boolean(), (seed, peers) => {
        const { spec, map, length } = setup(peers ? { classes: CITYSCAPES_LIKE } : {});
        const p = classProbabilities(scoresOf(length, seed), spec, map, seed % 20, seed % 11);
        const sum = p.reduce((a, b) => a + b, 0);
        expect(Math.min(...p)).toBeGreaterThanOrEqual(0);
        if (peers) expect(sum).toBeLessThan(1);
        else expect(sum).toBeCloseTo(1, 10);
      }),
    );
  });

  test('channels of one class add up', () => {
    const { spec, map } = setup({ classes: CITYSCAPES_LIKE, output: { width: 1, height: 1 } });
    const scores = new Float32Array(9).map((_, c) => (c === 3 || c === 4 ? Math.log(3) : 0));
    const p = classProbabilities(scores, spec, map, 3, 3);
    expect(p[11]).toBeCloseTo(6 / 13, 6);
    expect(p[0]).toBeCloseTo(2 / 13, 6);
  });

  test('a pixel of which null channels hold the most is void', () => {
    expect(verdictOf([0.3, 0.1, 0.05])).toEqual({ id: VOID_CLASS, confidence: 0, drivable: 0.4 });
    expect(verdictOf([0.1, 0.1, 0.45])).toEqual({ id: 2, confidence: 0.45, drivable: 0.2 });
  });

  test('smoothing = 1 equals no state at all', () => {
    const { length, options, mask } = setup();
    const worn = new Uint16Array(stateLength(mask)).fill(20_000);
    const fresh = new Uint16Array(stateLength(mask));
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
    const { length, options, mask } = setup();
    const scores = scoresOf(length, 8);
    const all = postprocess(scores, new Uint16Array(stateLength(mask)), { ...options, reset: true });
    const half = postprocess(scores, new Uint16Array(stateLength(mask)), {
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
    const { length, options, mask, state } = setup({}, { width: 64, height: 36 });
    const pixels = postprocess(scoresOf(length, 4), state, { ...options, reset: true });
    const map = classMap(state, mask, null);
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
    const { length, options, mask, state } = setup();
    postprocess(scoresOf(length, 4), state, { ...options, reset: true });
    const map = classMap(state, mask, LEFT_HALF);
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
  const { spec, mask, map, length, state } = setting;
  const { seed, gain, smoothing, ignored } = options;
  const pixels = new Uint8Array(mask.width * mask.height * 4);
  for (let frame = 0; frame < 3; frame++) {
    const scores = scoresOf(length, seed + frame, gain);
    if (spec.activation === 'softmax') normalise(scores, spec.channels, spec.layout);
    const paint = { map, smoothing, reset: frame === 0, ignore: ignored ? LEFT_HALF : null };
    const expected = postprocess(scores, state, { ...paint, spec, mask });
    painter.paint(scores, pixels, paint);
    let drift = 0;
    for (let i = 0; i < state.length; i++) drift = Math.max(drift, Math.abs(painter.state[i]! - state[i]!));
    expect(drift).toBeLessThanOrEqual(DRIFT);
    const wrong = [];
    for (let i = 0; i < mask.width * mask.height; i++) {
      const near = [1, 2, 3].every((c) => Math.abs(pixels[i * 4 + c]! - expected[i * 4 + c]!) <= 1);
      if ((pixels[i * 4] !== expected[i * 4] || !near) && !tied(state, i * 12)) wrong.push(i);
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
          activation: fc.constantFrom('none' as const, 'softmax' as const),
          peers: fc.boolean(),
        }),
        ({ width, height, layout, activation, fit, peers, ...options }) => {
          const parts = { input: { fit }, output: { layout, activation } };
          const setting = setup(peers ? { ...parts, classes: CITYSCAPES_LIKE } : parts, { width, height });
          compare(new MaskPainter(setting.spec, setting.mask), setting, options);
        },
      ),
      { numRuns: 40 },
    );
  });
});

describe('SimdPainter', () => {
  test('paints what the reference paints, for networks of the house', () => {
    fc.assert(
      fc.property(fc.record(common), ({ width, height, layout, fit, ...options }) => {
        const setting = setup({ input: { fit }, output: { layout } }, { width, height });
        expect(isSimdPaintable(setting.spec)).toBe(true);
        compare(new SimdPainter(setting.spec, setting.mask, kernelModule), setting, options);
      }),
      { numRuns: 40 },
    );
  });

  test('leaves other networks to its twin', () => {
    expect(isSimdPaintable(setup({ classes: CITYSCAPES_LIKE }).spec)).toBe(false);
    expect(isSimdPaintable(setup({ output: { activation: 'softmax' } }).spec)).toBe(false);
  });

  test('scores that are no numbers stay within the classes', () => {
    const { spec, mask, map, length } = setup();
    const painter = new SimdPainter(spec, mask, kernelModule);
    const pixels = new Uint8Array(mask.width * mask.height * 4);
    const scores = new Float32Array(length).fill(Number.NaN);
    painter.paint(scores, pixels, { map, smoothing: 0.5, reset: true, ignore: null });
    for (let i = 0; i < pixels.length; i += 4) expect(pixels[i]! < 12 || pixels[i] === VOID_CLASS).toBe(true);
  });
});

/** Whether the two strongest contenders of a pixel (classes or "nameless") are within rounding of each other. */
function tied(state: Uint16Array, base: number): boolean {
  const values = [...state.subarray(base, base + 12)];
  const nameless = 65535 - values.reduce((a, b) => a + b, 0);
  const [first, second] = [...values, nameless].sort((a, b) => b - a);
  return first! - second! < 20;
}

/** Makes raw scores look like the output of a network that ends in a softmax. */
function normalise(scores: Float32Array, channels: number, layout: 'NCHW' | 'NHWC'): void {
  const cells = scores.length / channels;
  for (let i = 0; i < cells; i++) {
    const at = (c: number) => (layout === 'NCHW' ? c * cells + i : i * channels + c);
    let total = 0;
    for (let c = 0; c < channels; c++) total += Math.exp(scores[at(c)]! / 100);
    for (let c = 0; c < channels; c++) scores[at(c)] = Math.exp(scores[at(c)]! / 100) / total;
  }
}
