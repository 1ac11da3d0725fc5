/**
 * CPU reference of `motion.wgsl`, and what the WebAssembly engine runs: how the picture moved since the frame before,
 * found by matching blocks of a small grey picture. Whole numbers from the grey levels on, so that both engines find
 * the same.
 */
import type { Size } from '../media/size';
import { BLOCK, GREY_MAX, GREY_STEP, greyScale, type MotionGrid } from './motion-grid';
import { type InputSpec, inputIndex } from './preprocess';

/** Farthest motion that is looked for along each axis, in grey pixels: a twentieth of a network's input. */
export const REACH = 6;

/** Steps of a grey pixel in which motion is stored. */
export const SUBPIXELS = 16;

/**
 * What motion has to gain over standing still for each grey pixel of its length, in levels a pixel of the block: flat
 * ground and sky must not jump after noise.
 */
export const LENGTH_COST = 8;

/** Blocks that differ by less than so many levels a pixel stand still. */
export const QUIET = 8;

/** Resistance to motion by parts of a pixel, in levels a pixel: only what has texture can tell them. */
export const STIFFNESS = 5;

/**
 * Mean difference of the best matches, in levels a pixel, above which another picture has come and nothing is taken to
 * have moved. Pictures that follow each other stay at half of it, strangers at twice.
 */
export const CUT_LEVEL = 56;

/**
 * The small grey picture: means of the green channel, which is the middle one in either order and near enough to
 * brightness.
 * @param tensor the network's input
 * @param to receives levels of 0 to `GREY_MAX`, row by row
 */
export function greyPicture(tensor: Float32Array, input: InputSpec, grid: MotionGrid, to: Uint16Array): void {
  const { content, grey } = grid;
  const { gain, bias } = greyScale(input);
  const [right, down] = [content.x + content.width - 1, content.y + content.height - 1];
  const across = inputIndex(input, 1, 1, 0) - inputIndex(input, 1, 0, 0);
  for (let y = 0; y < grey.height; y++)
    for (let x = 0; x < grey.width; x++) {
      let sum = 0;
      for (let j = 0; j < GREY_STEP; j++) {
        const row = inputIndex(input, 1, 0, Math.min(content.y + y * GREY_STEP + j, down));
        const left = content.x + x * GREY_STEP;
        for (let i = 0; i < GREY_STEP; i++) sum += tensor[row + Math.min(left + i, right) * across]!;
      }
      const level = (sum / GREY_STEP ** 2) * gain + bias;
      to[y * grey.width + x] = Math.min(Math.max(level, 0), GREY_MAX) + 0.5;
    }
}

/** Where blocks come from: pairs of x and y in 1 / `SUBPIXELS` of a grey pixel, from a block to its place before. */
export type MotionField = Int32Array<ArrayBuffer>;

/** A motion in whole grey pixels, and the sum of the absolute differences it leaves. */
interface Match {
  readonly x: number;
  readonly y: number;
  readonly difference: number;
}

/** A block of one grey picture, to be found in another of the same size. */
class Block {
  readonly pixels: number;
  readonly #left: number;
  readonly #top: number;
  readonly #right: number;
  readonly #bottom: number;

  /** @param column, row of the block */
  constructor(
    private readonly now: Uint16Array,
    private readonly before: Uint16Array,
    private readonly grey: Size,
    column: number,
    row: number,
  ) {
    this.#left = column * BLOCK;
    this.#top = row * BLOCK;
    this.#right = Math.min(grey.width, this.#left + BLOCK);
    this.#bottom = Math.min(grey.height, this.#top + BLOCK);
    this.pixels = (this.#right - this.#left) * (this.#bottom - this.#top);
  }

  /**
   * Sum of the absolute differences from the pixels at a distance in the picture before, whose edges are drawn out.
   * Breaks off, at any value above it, where it is more than `enough`.
   */
  difference(dx: number, dy: number, enough = Number.POSITIVE_INFINITY): number {
    const { now, before } = this;
    const { width, height } = this.grey;
    const [left, right, bottom] = [this.#left, this.#right, this.#bottom];
    const inside = left + dx >= 0 && right + dx <= width;
    let sum = 0;
    for (let y = this.#top; y < bottom && sum <= enough; y++) {
      const row = y * width;
      const moved = Math.min(Math.max(y + dy, 0), height - 1) * width;
      if (inside) {
        const shift = moved - row + dx;
        for (let at = row + left; at < row + right; at++) sum += Math.abs(now[at]! - before[at + shift]!);
      } else
        for (let x = left; x < right; x++) {
          const from = moved + Math.min(Math.max(x + dx, 0), width - 1);
          sum += Math.abs(now[row + x]! - before[from]!);
        }
    }
    return sum;
  }

  /**
   * The cheapest motion within `REACH`.
   * @param guess tried first: it decides nothing, but a good one lets most other sums break off early
   */
  search(still: Match, guess: Match): Match {
    let best = still;
    let [least, first] = [still.difference, 0];
    const attempt = (x: number, y: number): void => {
      const cost = LENGTH_COST * this.pixels * (Math.abs(x) + Math.abs(y));
      if (cost > least) return;
      const difference = this.difference(x, y, least - cost);
      const order = searchOrder(x, y);
      if (difference + cost > least || (difference + cost === least && order >= first)) return;
      best = { x, y, difference };
      [least, first] = [difference + cost, order];
    };
    attempt(guess.x, guess.y);
    // Longer ones cost more than has been found, even if nothing differed.
    const far = Math.min(REACH, Math.floor(least / (LENGTH_COST * this.pixels)));
    for (let y = -far; y <= far; y++) for (let x = -far; x <= far; x++) attempt(x, y);
    return best;
  }

  /** A match to parts of a pixel, except along an axis where it is at the edge of the search. */
  refine({ x, y, difference }: Match): readonly [number, number] {
    const along = (dx: number, dy: number) =>
      vertex(this.difference(x - dx, y - dy), difference, this.difference(x + dx, y + dy), this.pixels);
    const fx = Math.abs(x) < REACH ? along(1, 0) : 0;
    const fy = Math.abs(y) < REACH ? along(0, 1) : 0;
    return [x * SUBPIXELS + fx, y * SUBPIXELS + fy];
  }
}

/** Rank among motions of the same cost: none first, then row by row. */
function searchOrder(x: number, y: number): number {
  return x === 0 && y === 0 ? 0 : 1 + (y + REACH) * (2 * REACH + 1) + x + REACH;
}

/**
 * Offset of the lowest point of a parabola through three differences, in 1 / `SUBPIXELS`, at most half a pixel.
 * @param low, middle, high differences one pixel before, at and one after the best match
 * @param pixels of the block
 */
function vertex(low: number, middle: number, high: number, pixels: number): number {
  const bend = low - 2 * middle + high + STIFFNESS * pixels;
  if (bend <= 0) return 0;
  const half = SUBPIXELS / 2;
  return Math.min(Math.max(Math.trunc((half * (low - high)) / bend), -half), half);
}

/**
 * Finds the motion of every block between two grey pictures.
 *
 * Each block takes the motion with the least difference plus `LENGTH_COST` for its length (the sum of both axes); of
 * equals none if it can, else the first, row by row. A parabola refines it. Where another picture has come, nothing
 * has moved.
 * @param field receives a pair for each block, row by row
 * @returns whether anything has moved
 */
export function matchBlocks(
  now: Uint16Array,
  before: Uint16Array,
  { grey, blocks }: MotionGrid,
  field: MotionField,
): boolean {
  let [matched, area, at] = [0, 0, 0];
  let moved = false;
  // Neighbours mostly move alike.
  let guess: Match = { x: 0, y: 0, difference: 0 };
  for (let row = 0; row < blocks.height; row++)
    for (let column = 0; column < blocks.width; column++, at += 2) {
      const block = new Block(now, before, grey, column, row);
      const still: Match = { x: 0, y: 0, difference: block.difference(0, 0) };
      const quiet = still.difference < QUIET * block.pixels;
      const found = quiet ? still : block.search(still, guess);
      const [x, y] = quiet ? [0, 0] : block.refine(found);
      field[at] = x;
      field[at + 1] = y;
      moved ||= x !== 0 || y !== 0;
      matched += found.difference;
      area += block.pixels;
      guess = found;
    }
  const another = matched > CUT_LEVEL * area;
  if (another) field.fill(0);
  return moved && !another;
}
