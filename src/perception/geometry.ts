/**
 * Where the picture lies in the network's input and in its output: the arithmetic shared by shaders, references and
 * engines, so that they cannot disagree about half a pixel.
 */

import type { Rect, Size } from '../media/size';
import type { ModelManifest } from '../model/manifest';

/**
 * Most filter taps along one axis. Each tap reads two neighbours, so eight cover a downscale of sixteen without a gap
 * (8K to a network of 480 pixels); below that every source pixel is read. The cost grows with the square on the GPU.
 */
const TAPS_MAX = 8;

/** Most cells of a class map: two bytes each make 16 KB, all that is ever read back from the GPU per frame. */
export const CLASS_MAP_CELLS_MAX = 8192;

/**
 * The part of the network's input that holds the picture, in input pixels: all of it when stretched; otherwise the
 * largest rectangle of the picture's aspect, rounded to whole pixels (at least one) and centred.
 * @param picture upright size
 */
export function contentRect(
  input: Pick<ModelManifest['input'], 'width' | 'height' | 'fit'>,
  picture: Size,
): Rect {
  if (input.fit === 'stretch') return { x: 0, y: 0, width: input.width, height: input.height };
  const scale = Math.min(input.width / picture.width, input.height / picture.height);
  const width = Math.min(input.width, Math.max(1, Math.round(picture.width * scale)));
  const height = Math.min(input.height, Math.max(1, Math.round(picture.height * scale)));
  return {
    x: Math.floor((input.width - width) / 2),
    y: Math.floor((input.height - height) / 2),
    width,
    height,
  };
}

/**
 * Number of bilinear samples averaged along one axis for one target pixel: spaced at most one source pixel apart
 * until `TAPS_MAX` is reached, so a downscale does not alias; one (plain bilinear) when enlarging.
 */
export function tapCount(source: number, target: number): number {
  // The slack keeps an exact ratio such as 1440 / 480 at three taps in spite of rounding.
  return Math.min(TAPS_MAX, Math.max(1, Math.ceil(source / target - 1e-6)));
}

/**
 * Size of the class map of a picture: at most `CLASS_MAP_CELLS_MAX` cells, as square as whole numbers allow.
 * @param aspect width over height of the upright picture, positive
 */
export function classMapSize(aspect: number): Size {
  const height = Math.min(
    CLASS_MAP_CELLS_MAX,
    Math.max(1, Math.floor(Math.sqrt(CLASS_MAP_CELLS_MAX / aspect))),
  );
  const width = Math.max(1, Math.min(Math.floor(CLASS_MAP_CELLS_MAX / height), Math.round(height * aspect)));
  return { width, height };
}

/**
 * How a coordinate along one axis of the mask falls on the grid of the network's output.
 * Grid coordinate of mask pixel `i` = `offset + i * step`, to be clamped to [0, cells − 1]; cell centres are whole
 * numbers (half-pixel convention).
 */
export interface AxisMap {
  readonly offset: number;
  readonly step: number;
}

/**
 * @param mask pixels of the mask along the axis
 * @param start first input pixel of the picture along the axis
 * @param extent input pixels of the picture along the axis
 * @param input input pixels along the axis
 * @param cells output cells along the axis
 */
export function axisMap(mask: number, start: number, extent: number, input: number, cells: number): AxisMap {
  const step = ((extent / mask) * cells) / input;
  return { offset: (start * cells) / input + step / 2 - 0.5, step };
}
