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
 * proportions (see `hidesTurn`) somebody has to say it.
 * @param picture upright size of the frame
 * @param drawnStored whether maps of which that cannot be told were drawn on the stored pixels
 */
export function uprightMap(map: LabelMap, picture: Size, stored: Orientation, drawnStored = false): LabelMap {
  if (map.upright) return map;
  const quarter = stored.rotation % 180 !== 0;
  const lying = quarter && !alike(map, picture) && alike(map, uprightSize(picture, 90));
  const told = drawnStored && hidesTurn(picture, stored) && alike(map, picture);
  if (!lying && !told) return map;
  const { width, height, ids } = map;
  const turned = new Uint8Array(ids.length);
  for (const [i, place] of uprightPlaces(map, stored).entries()) turned[place] = ids[i]!;
  return { ...map, ...(quarter ? { width: height, height: width } : {}), ids: turned };
}

/**
 * Whether the proportions of a map do not tell on which pixels it was drawn: of pictures that stand on their heads, that
 * are mirrored, or that are square.
 * @param picture upright size of the frame
 */
export function hidesTurn(picture: Size, { rotation, mirrored }: Orientation): boolean {
  if (rotation % 180 === 0) return rotation === 180 || mirrored;
  return alike(picture, uprightSize(picture, 90));
}

/**
 * For each pixel as it is stored its place in the upright picture, whose sides are swapped by a quarter turn.
 * @param size as it is stored
 */
export function uprightPlaces({ width, height }: Size, { rotation, mirrored }: Orientation): Uint32Array {
  const places = new Uint32Array(width * height);
  const row = rotation % 180 === 0 ? width : height;
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const [across, down] = {
        0: [x, y],
        90: [height - 1 - y, x],
        180: [width - 1 - x, height - 1 - y],
        270: [y, width - 1 - x],
      }[rotation] as [number, number];
      places[y * width + x] = down * row + (mirrored ? row - 1 - across : across);
    }
  return places;
}

function alike(one: Size, other: Size): boolean {
  return Math.abs((one.width * other.height) / (one.height * other.width) - 1) < SAME_SHAPE;
}
