/**
 * How a picture is cut up to find its motion: a small grey picture of what the network sees, and blocks of that. Shared
 * by shader, reference and engines.
 */

import type { Rect, Size } from '../media/size';
import { contentRect } from './geometry';
import type { InputSpec } from './preprocess';

/** Input pixels along each side of a grey pixel: noise averages out, and a search of a few pixels reaches far. */
export const GREY_STEP = 4;

/** Brightest grey level. Finer than eight bits, since a mean of sixteen pixels is. */
export const GREY_MAX = 1020;

/** Grey pixels along each side of a block. Larger ones straddle the edges that masks flicker at. */
export const BLOCK = 4;

/** How a picture is cut up. */
export interface MotionGrid {
  /** Where the picture lies in the network's input. */
  readonly content: Rect;
  /** Size of the grey picture. */
  readonly grey: Size;
  /** Number of blocks along each axis. */
  readonly blocks: Size;
}

/** @param picture upright size */
export function motionGrid(input: InputSpec, picture: Size): MotionGrid {
  const content = contentRect(input, picture);
  const grey = greySize(content);
  const blocks = {
    width: Math.ceil(grey.width / BLOCK),
    height: Math.ceil(grey.height / BLOCK),
  };
  return { content, grey, blocks };
}

/** Size of the grey picture of so many input pixels: whole steps, at least one. */
export function greySize({ width, height }: Size): Size {
  return {
    width: Math.max(1, Math.floor(width / GREY_STEP)),
    height: Math.max(1, Math.floor(height / GREY_STEP)),
  };
}

/** Grey level of a mean value of the tensor's middle channel = value · gain + bias. */
export function greyScale({ mean, std, scale }: InputSpec): { gain: number; bias: number } {
  const levels = GREY_MAX / 255 / scale;
  return { gain: (std[1] ?? 1) * levels, bias: (mean[1] ?? 0) * levels };
}

/** Whether two frames lie alike in the network's input, so that their grey pictures can be compared. */
export function isSameGrid(a: MotionGrid, b: MotionGrid): boolean {
  return (['x', 'y', 'width', 'height'] as const).every((key) => a.content[key] === b.content[key]);
}
