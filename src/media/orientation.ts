/** How stored pixels lie, and label maps that were drawn on them. */
import { type Rotation, type Size, uprightSize } from './size';
import type { LabelMap } from './timed-frame';

/** What brings stored pixels upright: a clockwise turn, and then a mirror from left to right. */
export interface Orientation {
  readonly rotation: Rotation;
  readonly mirrored: boolean;
}

/** Proportions this near are the same: a map may be a whole fraction of its picture, less half a pixel on a side. */
const SAME_SHAPE = 0.02;

/**
 * A label map as its picture stands. Tools that know nothing of turns draw on the pixels as they are stored: such a map
 * is told by its proportions, which are those of the picture lying on its side. Where both ways have the same
 * proportions (half turns, squares) a map is taken for upright, as most tools show pictures.
 * @param picture upright size of the frame
 */
export function uprightMap(map: LabelMap, picture: Size, stored: Orientation): LabelMap {
  if (stored.rotation % 180 === 0 || alike(map, picture) || !alike(map, uprightSize(picture, 90))) return map;
  const { width, height, ids } = map;
  const turned = new Uint8Array(ids.length);
  for (const [i, place] of uprightPlaces(map, stored).entries()) turned[place] = ids[i]!;
  return { ...map, width: height, height: width, ids: turned };
}

/**
 * For each pixel as it is stored its place in the upright picture, whose sides are swapped.
 * @param size as it is stored
 * @param stored a quarter turn, mirrored or not
 */
export function uprightPlaces({ width, height }: Size, { rotation, mirrored }: Orientation): Uint32Array {
  const places = new Uint32Array(width * height);
  const clockwise = rotation === 90;
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const across = clockwise ? height - 1 - y : y;
      const down = clockwise ? x : width - 1 - x;
      places[y * width + x] = down * height + (mirrored ? height - 1 - across : across);
    }
  return places;
}

function alike(one: Size, other: Size): boolean {
  return Math.abs((one.width * other.height) / (one.height * other.width) - 1) < SAME_SHAPE;
}
