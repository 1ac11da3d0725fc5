/** Sizes, rectangles and quarter turns: one type and one function each, for every room. */

/** Clockwise turn that brings a stored frame upright. */
export type Rotation = 0 | 90 | 180 | 270;

/** A size in pixels or cells. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** An axis-aligned rectangle in whole pixels. */
export interface Rect extends Size {
  readonly x: number;
  readonly y: number;
}

/** Size of the stored picture once it is turned upright. */
export function uprightSize(stored: Size, rotation: Rotation): Size {
  return rotation === 90 || rotation === 270 ? { width: stored.height, height: stored.width } : stored;
}

/** Fewest pixels along a side of a mask: a picture may be a thin stripe, and a thinner mask shows nothing of it. */
const MASK_SIDE_MIN = 8;

/**
 * Size of the mask of a picture: its aspect, in whole pixels.
 * @param picture upright size
 * @param longSide pixels of the mask's longer side
 */
export function maskSize(picture: Size, longSide: number): Size {
  const scale = longSide / Math.max(picture.width, picture.height);
  const side = (pixels: number): number => Math.max(MASK_SIDE_MIN, Math.round(pixels * scale));
  return { width: side(picture.width), height: side(picture.height) };
}
