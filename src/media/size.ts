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
