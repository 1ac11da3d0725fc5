/** The region of the picture that is never labelled: the even-odd rule, and several regions as one. */
import type { Rect } from '../media/size';
import { IGNORE_POINTS_MAX, type IgnoreRegion, type PicturePoint } from './engine';

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

/**
 * A region and rectangles as one polygon: everything inside any of them is inside it. Polygons are joined by an edge
 * there and back, which the even-odd rule cancels; where a rectangle lies over the region their common part is added
 * once more, so that it counts three times. What does not fit into `IGNORE_POINTS_MAX` points is left out, the smallest
 * rectangles first.
 * @param blanks shares of the picture, apart from each other
 */
export function withBlanks(region: IgnoreRegion | null, blanks: readonly Rect[] = []): IgnoreRegion | null {
  if (blanks.length === 0) return region;
  let joined = region ?? [];
  for (const blank of blanks.toSorted((a, b) => b.width * b.height - a.width * a.height)) {
    const common = region ? clipped(region, blank) : [];
    const next = bridged(bridged(joined, cornersOf(blank)), common.length >= 3 ? common : []);
    if (next.length <= IGNORE_POINTS_MAX) joined = next;
  }
  return joined.length > 0 ? joined : null;
}

function cornersOf({ x, y, width, height }: Rect): IgnoreRegion {
  return [
    { x, y },
    { x: x + width, y },
    { x: x + width, y: y + height },
    { x, y: y + height },
  ];
}

/** Two polygons as one: around the first, over to the second, around it, and the same way back. */
function bridged(one: IgnoreRegion, other: IgnoreRegion): IgnoreRegion {
  if (one.length === 0 || other.length === 0) return [...one, ...other];
  return [...one, one[0]!, ...other, other[0]!];
}

/** The part of a polygon that lies in a rectangle (Sutherland and Hodgman, "Reentrant Polygon Clipping", 1974). */
function clipped(region: IgnoreRegion, { x, y, width, height }: Rect): IgnoreRegion {
  const sides = [
    { axis: 'x', at: x, keep: 1 },
    { axis: 'x', at: x + width, keep: -1 },
    { axis: 'y', at: y, keep: 1 },
    { axis: 'y', at: y + height, keep: -1 },
  ] as const;
  let points = region;
  for (const { axis, at, keep } of sides) {
    const inside = (point: PicturePoint): boolean => (point[axis] - at) * keep >= 0;
    points = points.flatMap((point, i) => {
      const before = points.at(i - 1)!;
      const crossing = inside(point) === inside(before) ? [] : [crossed(before, point, axis, at)];
      return inside(point) ? [...crossing, point] : crossing;
    });
  }
  return points;
}

function crossed(a: PicturePoint, b: PicturePoint, axis: 'x' | 'y', at: number): PicturePoint {
  const share = (at - a[axis]) / (b[axis] - a[axis]);
  return axis === 'x' ? { x: at, y: a.y + share * (b.y - a.y) } : { x: a.x + share * (b.x - a.x), y: at };
}
