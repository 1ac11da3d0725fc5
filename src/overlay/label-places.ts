/**
 * Where labels go so that none lies on another or on what it does not speak of. Pure arithmetic in pixels of the
 * picture: labels are placed in order of their weight, each at the first of its places that is free.
 */
import type { Rect, Size } from '../media/size';

/** A label that wants a place. */
export interface LabelWish {
  /** Its plate. */
  readonly size: Size;
  /** Where it may stand, as the top left corners of its plate, best first; at least one. */
  readonly places: readonly { readonly x: number; readonly y: number }[];
  /** The rectangle it speaks of, which it may touch; null when there is none. */
  readonly own: Rect | null;
  /** Whether it is shown even where it covers somebody's rectangle, as long as it covers no other label. */
  readonly must: boolean;
}

/**
 * Chooses the places.
 * @param wishes heaviest first
 * @param boxes rectangles that labels keep clear of, their own apart
 * @param bounds of the picture; labels stay inside
 * @returns for each wish its plate, or null where there was no room
 */
export function placeLabels(
  wishes: readonly LabelWish[],
  boxes: readonly Rect[],
  bounds: Size,
): (Rect | null)[] {
  const placed: Rect[] = [];
  return wishes.map(({ size, places, own, must }) => {
    const plates = places
      .map(({ x, y }) => ({ ...size, x: clamp(x, bounds.width - size.width), y }))
      .filter(({ y }) => y >= 0 && y + size.height <= bounds.height)
      .filter((plate) => !placed.some((other) => overlap(plate, other)));
    const others = boxes.filter((box) => box !== own);
    const free = plates.find((plate) => !others.some((box) => overlap(plate, box)));
    const plate = free ?? (must ? plates[0] : undefined) ?? null;
    if (plate) placed.push(plate);
    return plate;
  });
}

/**
 * The places of a label around a rectangle: above, below, at its right and left, and inside its top where it is wide
 * enough.
 * @param gap between rectangle and plate
 */
export function placesAround(box: Rect, { width, height }: Size, gap: number): { x: number; y: number }[] {
  const x = box.x + (box.width - width) / 2;
  const y = box.y + (box.height - height) / 2;
  const around = [
    { x, y: box.y - gap - height },
    { x, y: box.y + box.height + gap },
    { x: box.x + box.width + gap, y },
    { x: box.x - gap - width, y },
  ];
  return box.width >= width && box.height >= 2 * height ? [...around, { x, y: box.y + gap }] : around;
}

/** Whether two rectangles share any area. */
function overlap(a: Rect, b: Rect): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

/** Moves a coordinate between nought and the last that fits. */
function clamp(x: number, max: number): number {
  return Math.max(0, Math.min(max, x));
}
