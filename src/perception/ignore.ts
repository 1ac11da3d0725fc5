/** The even-odd rule for the region of the picture that is never labelled. */
import type { IgnoreRegion } from './engine';

/**
 * Whether a point lies inside the polygon (even-odd rule: self-overlaps cancel). A polygon of fewer than three points
 * contains nothing.
 * @param x, y from 0 to 1 over the upright picture
 */
export function insideRegion(region: IgnoreRegion, x: number, y: number): boolean {
  let inside = false;
  for (let i = 0, j = region.length - 1; i < region.length; j = i++) {
    const a = region[i]!;
    const b = region[j]!;
    if (a.y > y !== b.y > y && x < ((b.x - a.x) * (y - a.y)) / (b.y - a.y) + a.x) inside = !inside;
  }
  return inside;
}
