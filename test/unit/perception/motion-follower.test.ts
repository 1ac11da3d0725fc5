import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MaskPainter } from '../../../src/perception/mask-painter';
import { MotionFollower } from '../../../src/perception/motion-follower';
import { BLOCK, GREY_STEP, motionGrid } from '../../../src/perception/motion-grid';
import { maskMap, outputSpec } from '../../../src/perception/output-spec';
import { blendWeight, RELEASE_END, stateLength } from '../../../src/perception/postprocess';
import { SimdPainter } from '../../../src/perception/simd-painter';
import { postprocess } from '../../twins/postprocess';
import { manifestOf, seeded } from './cases';
import { kernelModule } from './kernel';
import { type Texture, tensorOf, textureOf } from './textures';

/** Grey pixels of the picture along both axes. */
const GREY = { width: 36, height: 24 };
const PICTURE = { width: 720, height: 480 };

/** A network that sees the picture as it is, or with bars above and below. */
function setup(fit: 'stretch' | 'letterbox', scale = 1) {
  const bars = fit === 'letterbox' ? 10 : 0;
  const { input } = manifestOf({
    input: { fit, width: GREY.width * GREY_STEP, height: (GREY.height + bars) * GREY_STEP },
  });
  const mask = { width: GREY.width * scale, height: GREY.height * scale };
  const { content } = motionGrid(input, PICTURE);
  const follower = new MotionFollower(input, mask);
  const show = (texture: Texture, dx = 0, dy = 0) =>
    tensorOf((x, y) => texture(x / GREY_STEP - dx, y / GREY_STEP - dy), input, content);
  return { input, mask, content, follower, show };
}

/** Values of a pixel of the state, for our own list. */
const { slots: SLOTS } = outputSpec(manifestOf());

/** A state that differs from pixel to pixel: the pixel's number in its first two probabilities. */
function numbered(mask: { width: number; height: number }): Uint16Array {
  const state = new Uint16Array(stateLength(mask, { slots: SLOTS }));
  for (let i = 0; i < mask.width * mask.height; i++) state[i * SLOTS] = i;
  return state;
}

/** Whether the block of a mask pixel lay in the picture before it came by `shift` grey pixels. */
function cameWhole(pixel: number, shift: number, scale: number, extent: number): boolean {
  const first = Math.floor(pixel / scale / BLOCK) * BLOCK - shift;
  return first >= 0 && first + BLOCK <= extent;
}

const usual = { picture: PICTURE, smoothing: 0.3 };

describe('MotionFollower', () => {
  test('a picture that moves takes its state along; what comes in has none', () => {
    const shift = fc.integer({ min: -3, max: 3 });
    const cases = fc.record({
      fit: fc.constantFrom('stretch' as const, 'letterbox' as const),
      scale: fc.constantFrom(1, 2, 3),
      seed: fc.integer(),
      dx: shift,
      dy: shift,
    });
    fc.assert(
      fc.property(cases, ({ fit, scale, seed, dx, dy }) => {
        const { mask, follower, show } = setup(fit, scale);
        const texture = textureOf(seed);
        const state = numbered(mask);
        follower.follow(state, { ...usual, tensor: show(texture), reset: true });
        expect(state).toEqual(numbered(mask));
        follower.follow(state, { ...usual, tensor: show(texture, dx, dy), reset: false });
        let [right, inside, strange] = [0, 0, 0];
        for (let y = 0; y < mask.height; y++)
          for (let x = 0; x < mask.width; x++) {
            const at = (y * mask.width + x) * SLOTS;
            const parts = state.subarray(at, at + SLOTS);
            // A pixel nobody came from must be all ones, or the release rule would not let go of it.
            if (parts[0] === 65535 && !parts.every((part) => part === 65535)) strange++;
            // Blocks that came only in part from within the picture have little to be found by.
            if (!cameWhole(x, dx, scale, GREY.width) || !cameWhole(y, dy, scale, GREY.height)) continue;
            inside++;
            if (parts[0] === (y - dy * scale) * mask.width + x - dx * scale) right++;
          }
        expect(inside).toBeGreaterThan(mask.width * mask.height * 0.4);
        expect(right / inside).toBeGreaterThan(0.8);
        expect(strange).toBe(0);
      }),
      { numRuns: 40 },
    );
  });

  test('the filling of what comes in is let go of, whatever the newest probabilities', () => {
    // Ones are at a distance of at least ½ (SLOTS − 1) from any distribution.
    expect(blendWeight(0.1, (SLOTS - 1) / 2)).toBe(1);
    expect((SLOTS - 1) / 2).toBeGreaterThan(RELEASE_END);
  });

  test('where the picture came from beyond its edge, the state is filled', () => {
    const { mask, follower, show } = setup('stretch');
    // A texture that repeats every six grey pixels cannot tell; a slope across the picture can.
    const texture: Texture = (x, y) => 0.5 + 0.4 * Math.sin(x / 7 + (y * y) / 300) * Math.cos(y / 5);
    const state = numbered(mask);
    follower.follow(state, { ...usual, tensor: show(texture), reset: true });
    follower.follow(state, { ...usual, tensor: show(texture, 0, 4), reset: false });
    const filled = [...state.keys()].filter((i) => i % SLOTS === 0 && state[i] === 65535);
    expect(filled.every((i) => i / SLOTS / mask.width < 4)).toBe(true);
  });

  test.each([
    ['stands', (show: ReturnType<typeof setup>['show']) => [show(textureOf(1)), show(textureOf(1))]],
    ['is another', (show: ReturnType<typeof setup>['show']) => [show(textureOf(1)), show(textureOf(2))]],
  ])('a picture that %s leaves the state alone', (_name, pictures) => {
    const { mask, follower, show } = setup('letterbox');
    const state = numbered(mask);
    for (const [i, tensor] of pictures(show).entries())
      follower.follow(state, { ...usual, tensor, reset: i === 0 });
    expect(state).toEqual(numbered(mask));
  });

  test.each<[string, { smoothing?: number; picture?: { width: number; height: number } }]>([
    ['is not smoothed', { smoothing: 1 }],
    ['has another shape', { picture: { width: 480, height: 480 } }],
  ])('after a frame that %s nothing is followed', (_name, change) => {
    const { mask, follower, show } = setup('letterbox');
    const texture = textureOf(4);
    const state = numbered(mask);
    follower.follow(state, { ...usual, tensor: show(texture), reset: true });
    follower.follow(state, { ...usual, tensor: show(texture, 2), reset: false, ...change });
    follower.follow(state, { ...usual, tensor: show(texture, 4), reset: false });
    expect(state).toEqual(numbered(mask));
    follower.follow(state, { ...usual, tensor: show(texture, 6), reset: false });
    expect(state).not.toEqual(numbered(mask));
  });
});

/** A bar of road over vegetation that moves a grey pixel a frame, and how a network that is not quite sure sees it. */
function bar(noise: number) {
  const { mask, show } = setup('stretch', 4);
  const manifest = manifestOf({
    input: { width: GREY.width * GREY_STEP, height: GREY.height * GREY_STEP },
    output: { width: GREY.width * 2, height: GREY.height * 2, stride: 2 },
  });
  const spec = outputSpec(manifest);
  const [ground, paint] = [textureOf(11), textureOf(12)];
  const random = seeded(13);
  const inBar = (x: number, t: number) => x >= 4 + t && x < 12 + t;
  const frameAt = (t: number) => ({
    tensor: show((x, y) => (inBar(x, t) ? paint(x - t, y) : ground(x, y))),
    scores: Float32Array.from({ length: spec.channels * spec.width * spec.height }, (_, i) => {
      const cell = i % (spec.width * spec.height);
      const id = Math.floor(i / (spec.width * spec.height));
      const is = id === (inBar((cell % spec.width) / 2, t) ? 0 : 7) ? 2 : 0;
      return is + noise * (random() - 0.5);
    }),
  });
  return { manifest, spec, mask, map: maskMap(manifest, PICTURE, mask), frameAt };
}

/** Pixels that differ from the truth's, and from frame to frame more than it moves, over a run of the bar. */
function runBar(noise: number, smoothing: number, follow: boolean): { wrong: number; flicker: number } {
  const { manifest, spec, mask, map, frameAt } = bar(noise);
  const truth = bar(0);
  const follower = new MotionFollower(manifest.input, mask);
  const painter = new MaskPainter(spec, mask);
  const sure = new MaskPainter(spec, mask);
  const pixels = new Uint8Array(mask.width * mask.height * 4);
  const real = new Uint8Array(pixels.length);
  let [wrong, flicker] = [0, 0];
  let errors: boolean[] = [];
  for (let t = 0; t < 16; t++) {
    const { tensor, scores } = frameAt(t);
    const reset = t === 0;
    if (follow) follower.follow(painter.state, { tensor, picture: PICTURE, smoothing, reset });
    painter.paint(scores, pixels, { map, smoothing, reset, ignore: null });
    sure.paint(truth.frameAt(t).scores, real, { map, smoothing: 1, reset: true, ignore: null });
    const now = Array.from({ length: mask.width * mask.height }, (_, i) => pixels[i * 4] !== real[i * 4]);
    if (t > 0) {
      wrong += now.filter(Boolean).length;
      flicker += now.filter((off, i) => off !== errors[i]).length;
    }
    errors = now;
  }
  return { wrong, flicker };
}

describe('a moving edge', () => {
  test('trails no more than without motion, even under strong smoothing', () => {
    for (const smoothing of [0.5, 0.2]) {
      const [followed, unmoved] = [runBar(0, smoothing, true), runBar(0, smoothing, false)];
      expect(unmoved.wrong).toBeGreaterThan(0);
      expect(followed.wrong).toBeLessThan(unmoved.wrong / 2);
    }
  });

  test('flickers less under noise', () => {
    const [raw, followed, unmoved] = [runBar(5, 1, false), runBar(5, 0.2, true), runBar(5, 0.2, false)];
    expect(followed.flicker).toBeLessThan(raw.flicker / 2);
    expect(followed.wrong).toBeLessThan(unmoved.wrong);
    expect(followed.wrong).toBeLessThan(raw.wrong / 2);
  });
});

describe('the painters', () => {
  test('paint the moved state as the reference does', () => {
    const { manifest, spec, mask, map, frameAt } = bar(3);
    const simd = new SimdPainter(spec, mask, kernelModule);
    const plain = new MaskPainter(spec, mask);
    const reference = new Uint16Array(stateLength(mask, { slots: SLOTS }));
    const states = [simd.state, plain.state, reference];
    const followers = states.map(() => new MotionFollower(manifest.input, mask));
    const pixels = new Uint8Array(mask.width * mask.height * 4);
    for (let t = 0; t < 4; t++) {
      const { tensor, scores } = frameAt(t);
      const options = { map, smoothing: 0.3, reset: t === 0, ignore: null };
      for (const [i, follower] of followers.entries())
        follower.follow(states[i]!, { tensor, picture: PICTURE, smoothing: 0.3, reset: t === 0 });
      simd.paint(scores, pixels, options);
      plain.paint(scores, pixels, options);
      postprocess(scores, reference, { ...options, spec, mask });
      for (const state of [simd.state, plain.state]) {
        let drift = 0;
        for (const [i, value] of reference.entries()) drift = Math.max(drift, Math.abs(state[i]! - value));
        expect(drift).toBeLessThanOrEqual(4);
      }
    }
  });
});
