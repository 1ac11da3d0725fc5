/** Fills polygons in label maps. */
import type { Size } from '../../media/size';

/**
 * Sets the pixels whose centres lie inside a polygon, by the even-odd rule. What lies outside the picture is cut off.
 * @param polygon x and y in turn, in pixels
 */
export function fillPolygon(
  values: Uint32Array,
  { width, height }: Size,
  polygon: readonly number[],
  value: number,
): void {
  const count = Math.floor(polygon.length / 2);
  if (count < 3) return;
  const ys = polygon.filter((_, i) => i % 2 === 1);
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const y of ys) [low, high] = [Math.min(low, y), Math.max(high, y)];
  const from = Math.max(0, Math.floor(low));
  const to = Math.min(height - 1, Math.ceil(high));
  for (let row = from; row <= to; row++) {
    const crossings: number[] = [];
    const y = row + 0.5;
    for (let i = 0, j = count - 1; i < count; j = i++) {
      const [ax, ay, bx, by] = [polygon[2 * i]!, polygon[2 * i + 1]!, polygon[2 * j]!, polygon[2 * j + 1]!];
      if (ay > y !== by > y) crossings.push(ax + ((y - ay) * (bx - ax)) / (by - ay));
    }
    crossings.sort((a, b) => a - b);
    for (let k = 0; k + 1 < crossings.length; k += 2) {
      const begin = Math.max(0, Math.ceil(crossings[k]! - 0.5));
      const end = Math.min(width - 1, Math.ceil(crossings[k + 1]! - 0.5) - 1);
      for (let x = begin; x <= end; x++) values[row * width + x] = value;
    }
  }
}
