/**
 * The ignore region as the editor sees it: a polygon of the upright picture, edited point by point. Pure functions;
 * every one returns a polygon that is inside the picture and has at most `IGNORE_POINTS_MAX` points.
 */

import { IGNORE_POINTS_MAX, type IgnoreRegion, type PicturePoint } from '../../perception/engine';
import { z } from '../../schema';

const side = z.number().min(0).max(1);

/** What may be read back from storage. */
export const regionSchema = z
  .array(z.object({ x: side, y: side }))
  .min(3)
  .max(IGNORE_POINTS_MAX);

function clamp(value: number): number {
  return Math.min(1, Math.max(0, value));
}

/** The lowest `share` (0 to 1) of the picture as a rectangle; null for nothing. */
export function bottomStrip(share: number): IgnoreRegion | null {
  const height = clamp(share);
  if (height === 0) return null;
  const top = 1 - height;
  return [
    { x: 0, y: top },
    { x: 1, y: top },
    { x: 1, y: 1 },
    { x: 0, y: 1 },
  ];
}

/** The share of a region made by `bottomStrip`; 0 for nothing, null for any other shape. */
export function stripShare(region: IgnoreRegion | null): number | null {
  if (region === null) return 0;
  const top = region[0]?.y ?? 0;
  const strip = bottomStrip(1 - top);
  const same =
    strip?.length === region.length && strip.every((p, i) => p.x === region[i]?.x && p.y === region[i]?.y);
  return same ? 1 - top : null;
}

/** Moves one point by a step, staying inside the picture. */
export function movedPoint(region: IgnoreRegion, index: number, to: PicturePoint): IgnoreRegion {
  return region.map((p, i) => (i === index ? { x: clamp(to.x), y: clamp(to.y) } : p));
}

/** Removes one point; null when fewer than three are left, for two points enclose nothing. */
export function withoutPoint(region: IgnoreRegion, index: number): IgnoreRegion | null {
  const rest = region.filter((_, i) => i !== index);
  return rest.length < 3 ? null : rest;
}

/** Squared distance from `p` to the segment from `a` to `b`. */
function distanceToEdge(p: PicturePoint, a: PicturePoint, b: PicturePoint): number {
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  const length = dx * dx + dy * dy;
  const t = length === 0 ? 0 : clamp(((p.x - a.x) * dx + (p.y - a.y) * dy) / length);
  return (a.x + t * dx - p.x) ** 2 + (a.y + t * dy - p.y) ** 2;
}

/**
 * Adds a point into the edge that lies nearest, so that a click never makes the outline cross itself more than the
 * eye expects. Points up to the second are simply appended.
 * @returns the region, and the index of the new point; the region unchanged and -1 when it is full
 */
export function withPoint(
  region: IgnoreRegion,
  point: PicturePoint,
): { region: IgnoreRegion; index: number } {
  if (region.length >= IGNORE_POINTS_MAX) return { region, index: -1 };
  const added = { x: clamp(point.x), y: clamp(point.y) };
  if (region.length < 3) return { region: [...region, added], index: region.length };
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < region.length; i++) {
    const distance = distanceToEdge(added, region[i]!, region[(i + 1) % region.length]!);
    if (distance < least) [least, best] = [distance, i];
  }
  return { region: [...region.slice(0, best + 1), added, ...region.slice(best + 1)], index: best + 1 };
}

/** The middle of the longest edge: where a point is added by keyboard. Null without an edge. */
export function middleOfLongestEdge(region: IgnoreRegion): PicturePoint | null {
  if (region.length < 2) return null;
  let middle: PicturePoint | null = null;
  let longest = -1;
  region.forEach((a, i) => {
    const b = region[(i + 1) % region.length]!;
    const length = (a.x - b.x) ** 2 + (a.y - b.y) ** 2;
    if (length > longest) [longest, middle] = [length, { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 }];
  });
  return middle;
}
