/**
 * Brings the smoothed probabilities to where the picture has moved, before the newest are blended in: CPU reference of
 * `origin` in `postprocess.wgsl`, and what the WebAssembly engine runs ahead of its painters. In whole numbers, so that
 * shader and processor read the same pixel.
 */

import type { Size } from '../media/size';
import { type MotionField, SUBPIXELS } from './motion';
import { BLOCK, GREY_STEP, type MotionGrid } from './motion-grid';

/** How the blocks of a motion field lie along one axis of the mask. */
export interface MotionAxis {
  /** Blocks from one mask pixel to the next, in 1 / 65536. */
  readonly step: number;
  /** Mask pixels to a grey pixel, in 1 / 256. */
  readonly reach: number;
}

/** How the blocks of a motion field lie on the mask. */
export interface MotionAxes {
  readonly x: MotionAxis;
  readonly y: MotionAxis;
}

/** @param mask size of the mask in pixels, covering the whole picture */
export function motionAxes({ content }: MotionGrid, mask: Size): MotionAxes {
  const axis = (extent: number, pixels: number): MotionAxis => ({
    step: Math.round((65536 * extent) / (pixels * GREY_STEP * BLOCK)),
    reach: Math.round((256 * pixels * GREY_STEP) / extent),
  });
  return { x: axis(content.width, mask.width), y: axis(content.height, mask.height) };
}

/** The block that a mask pixel's centre lies in. */
function blockOf(pixel: number, { step }: MotionAxis, blocks: number): number {
  return Math.min(blocks - 1, (step * pixel + (step >> 1)) >>> 16);
}

/** Whole mask pixels in a motion of `vector` / `SUBPIXELS` grey pixels. */
function maskMotion(vector: number, { reach }: MotionAxis): number {
  const unit = 256 * SUBPIXELS;
  return Math.floor((vector * reach + unit / 2) / unit);
}

/**
 * Moves a state. Pixels that come from outside the picture are filled with ones, the sign that nothing is known of them.
 * @param state `stateLength(mask)` values, at an offset that is a multiple of four bytes; overwritten
 * @param scratch as long as the state; overwritten
 */
export function moveState(
  state: Uint16Array,
  scratch: Uint32Array,
  mask: Size,
  grid: MotionGrid,
  field: MotionField,
): void {
  const words = new Uint32Array(state.buffer, state.byteOffset, state.length / 2);
  scratch.set(words);
  const pixelWords = words.length / (mask.width * mask.height);
  const axes = motionAxes(grid, mask);
  const columns = blockEdges(mask.width, axes.x, grid.blocks.width);
  for (let y = 0; y < mask.height; y++) {
    const row = blockOf(y, axes.y, grid.blocks.height) * grid.blocks.width;
    for (let column = 0; column < grid.blocks.width; column++) {
      const at = 2 * (row + column);
      const dx = maskMotion(field[at]!, axes.x);
      const dy = maskMotion(field[at + 1]!, axes.y);
      if (dx === 0 && dy === 0) continue;
      const [from, to] = [columns[column]!, columns[column + 1]!];
      moveRun(words, scratch, mask, { y, from, to, dx, dy, pixelWords });
    }
  }
}

/** First mask pixel of every block along an axis, and the number of pixels. */
function blockEdges(pixels: number, axis: MotionAxis, blocks: number): number[] {
  const edges: number[] = [];
  for (let pixel = 0; pixel < pixels; pixel++)
    while (edges.length <= blockOf(pixel, axis, blocks)) edges.push(pixel);
  while (edges.length <= blocks) edges.push(pixels);
  return edges;
}

/** Moves the pixels `from` to `to` (not included) of row `y`. */
function moveRun(
  words: Uint32Array,
  scratch: Uint32Array,
  { width, height }: Size,
  run: {
    readonly y: number;
    readonly from: number;
    readonly to: number;
    readonly dx: number;
    readonly dy: number;
    /** Words of 32 bits in a pixel of the state. */
    readonly pixelWords: number;
  },
): void {
  const { y, from, to, dx, dy, pixelWords } = run;
  const line = y * width;
  const above = (y + dy) * width;
  const within = y + dy >= 0 && y + dy < height;
  // The part of the run whose origin lies in the picture.
  const first = within ? Math.min(Math.max(from, -dx), to) : to;
  const last = within ? Math.max(Math.min(to, width - dx), first) : to;
  if (first > from) words.fill(0xffffffff, (line + from) * pixelWords, (line + first) * pixelWords);
  if (last < to) words.fill(0xffffffff, (line + last) * pixelWords, (line + to) * pixelWords);
  const source = (above + first + dx) * pixelWords;
  if (last > first)
    words.set(scratch.subarray(source, source + (last - first) * pixelWords), (line + first) * pixelWords);
}
