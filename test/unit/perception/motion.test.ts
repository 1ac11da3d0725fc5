import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Size } from '../../../src/media/size';
import { greyPicture, matchBlocks, REACH, SUBPIXELS } from '../../../src/perception/motion';
import { BLOCK, GREY_MAX, GREY_STEP, motionGrid } from '../../../src/perception/motion-grid';
import { preprocess } from '../../twins/preprocess';
import { manifestOf, seeded } from './cases';
import { type Texture, textureOf } from './textures';

const SIZE = { width: 48, height: 32 };
const { input } = manifestOf({ input: { width: SIZE.width * GREY_STEP, height: SIZE.height * GREY_STEP } });
const GRID = motionGrid(input, input);

/** A grey picture of a texture, whose content has come by (dx, dy). */
function shot(texture: Texture, dx = 0, dy = 0, noise: () => number = () => 0): Uint16Array {
  const { width, height } = SIZE;
  return Uint16Array.from({ length: width * height }, (_, i) => {
    const level = GREY_MAX * texture((i % width) - dx, Math.floor(i / width) - dy) + noise();
    return Math.min(Math.max(Math.round(level), 0), GREY_MAX);
  });
}

/** Motion of the blocks at least `margin` grey pixels from the edges, in grey pixels. */
function motions(now: Uint16Array, before: Uint16Array, margin = 0): { x: number; y: number }[] {
  const field = new Int32Array(2 * GRID.blocks.width * GRID.blocks.height).fill(7);
  const moved = matchBlocks(now, before, GRID, field);
  expect(moved).toBe(field.some((part) => part !== 0));
  const found = [];
  for (let row = 0; row < GRID.blocks.height; row++)
    for (let column = 0; column < GRID.blocks.width; column++) {
      const at = 2 * (row * GRID.blocks.width + column);
      const inside = (block: number, { length }: { length: number }) =>
        block * BLOCK >= margin && (block + 1) * BLOCK <= length - margin;
      if (inside(column, { length: SIZE.width }) && inside(row, { length: SIZE.height }))
        found.push({ x: field[at]! / SUBPIXELS, y: field[at + 1]! / SUBPIXELS });
    }
  return found;
}

describe('matchBlocks', () => {
  test('finds every whole shift that is short for the texture', () => {
    const shift = fc.integer({ min: -3, max: 3 });
    fc.assert(
      fc.property(fc.integer(), shift, shift, (seed, dx, dy) => {
        const texture = textureOf(seed);
        const found = motions(shot(texture, dx, dy), shot(texture), REACH);
        expect(found.length).toBeGreaterThan(20);
        // Of the rest, some show too little for so long a way; the parabola's sides need not be alike.
        const right = found.filter(({ x, y }) => Math.abs(x + dx) <= 0.25 && Math.abs(y + dy) <= 0.25);
        expect(right.length / found.length).toBeGreaterThan(0.8);
      }),
      { numRuns: 30 },
    );
  });

  test.each([
    [REACH - 1, 0],
    [0, 1 - REACH],
  ])('finds %i, %i near the end of its reach', (dx, dy) => {
    const texture = textureOf(3);
    const found = motions(shot(texture, dx, dy), shot(texture), REACH);
    const right = found.filter(({ x, y }) => Math.hypot(x + dx, y + dy) <= 0.4);
    expect(right.length / found.length).toBeGreaterThan(0.8);
  });

  test.each([0.25, -0.5, 0.75, -2.25])('finds a shift of %f pixels nearer than whole ones could', (shift) => {
    const texture = textureOf(9);
    const found = motions(shot(texture, shift), shot(texture), REACH);
    const mean = (of: (motion: { x: number; y: number }) => number) =>
      found.reduce((sum, motion) => sum + of(motion), 0) / found.length;
    expect(mean(({ x }) => Math.abs(x + shift))).toBeLessThan(Math.abs(shift - Math.round(shift)));
    expect(Math.abs(mean(({ x }) => x) + shift)).toBeLessThan(0.23);
  });

  test('flat pictures stand still, also under noise and a change of light', () => {
    const random = seeded(3);
    const noise = () => 12 * (random() - 0.5);
    const ramp: Texture = (x) => 0.3 + x / 4000;
    expect(motions(shot(ramp, 0, 0, noise), shot(ramp, 0, 0, noise))).toEqual(still());
    expect(
      motions(
        shot(() => 0.5),
        shot(() => 0.45),
      ),
    ).toEqual(still());
  });

  test('another picture does not move', () => {
    for (let seed = 0; seed < 10; seed++)
      expect(motions(shot(textureOf(seed)), shot(textureOf(seed + 100)))).toEqual(still());
  });

  test('what stands before what moves stays', () => {
    const [ground, sign] = [textureOf(5), textureOf(6)];
    const at =
      (dx: number): Texture =>
      (x, y) =>
        x >= 16 && x < 32 ? sign(x, y) : ground(x - dx, y);
    const [now, before] = [2, 0].map((dx) => shot(at(dx)));
    const found = motions(now!, before!);
    const columns = GRID.blocks.width;
    const among = (from: number, to: number, value: number) => {
      const some = found.filter((_, i) => i % columns >= from / BLOCK && i % columns < to / BLOCK);
      return some.filter(({ x }) => Math.abs(x - value) <= 0.25).length / some.length;
    };
    expect(among(16, 32, 0)).toBeGreaterThan(0.95);
    expect(among(36, 48, -2)).toBeGreaterThan(0.9);
  });
});

/** The motion of every block when nothing moves. */
function still(): { x: number; y: number }[] {
  return Array.from({ length: GRID.blocks.width * GRID.blocks.height }, () => ({ x: 0, y: 0 }));
}

describe('greyPicture', () => {
  const pixels = { width: 60, height: 30 };
  const data = new Uint8Array(pixels.width * pixels.height * 4).map((_, i) => (i % 4 === 1 ? 100 : 255));

  test.each<[string, Parameters<typeof manifestOf>[0], Size]>([
    ['stretched', {}, { width: 16, height: 8 }],
    ['letterboxed', { input: { width: 64, height: 64, fit: 'letterbox' } }, { width: 16, height: 8 }],
    ['channels last', { input: { layout: 'NHWC', channels: 'BGR' } }, { width: 16, height: 8 }],
    ['raw values', { input: { scale: 1, mean: [9, 99, 9], std: [2, 4, 8] } }, { width: 16, height: 8 }],
    ['of no whole number of steps', { input: { width: 33, height: 19 } }, { width: 8, height: 4 }],
  ])('undoes the normalisation and leaves the padding out: %s', (_name, parts, size) => {
    const { input } = manifestOf(parts);
    const grid = motionGrid(input, pixels);
    expect(grid.grey).toEqual(size);
    const grey = new Uint16Array(size.width * size.height);
    greyPicture(preprocess({ data, ...pixels }, 0, input), input, grid, grey);
    for (const level of grey) expect(Math.abs(level - 400)).toBeLessThanOrEqual(1);
  });
});
