/** How the pixels of a picture lie between those of its mask, along one axis. */

/** Where a row or column of pixels lies between those of the mask: both neighbours, and how far on the way. */
export interface MaskAxis {
  readonly low: Int32Array;
  readonly high: Int32Array;
  /** 0 at the lower neighbour, 1 at the higher; beyond the outermost pixels both are the same. */
  readonly part: Float64Array;
}

/** @param pixels of the picture @param cells pixels of the mask */
export function maskAxis(pixels: number, cells: number): MaskAxis {
  const axis = { low: new Int32Array(pixels), high: new Int32Array(pixels), part: new Float64Array(pixels) };
  for (let i = 0; i < pixels; i++) {
    const at = ((i + 0.5) / pixels) * cells - 0.5;
    const floor = Math.floor(at);
    axis.low[i] = Math.max(0, floor);
    axis.high[i] = Math.min(cells - 1, floor + 1);
    axis.part[i] = at - floor;
  }
  return axis;
}

/** Where the neighbours along an axis change: the first pixel of each gap between two of them, and the end. */
export function gapsOf({ low, high }: MaskAxis): Int32Array {
  const gaps: number[] = [];
  for (let i = 0; i < low.length; i++)
    if (i === 0 || low[i] !== low[i - 1] || high[i] !== high[i - 1]) gaps.push(i);
  return Int32Array.from([...gaps, low.length]);
}
