/**
 * Boundary IoU: how well two areas agree along their edges, where a fault of a few pixels hides in the IoU of a large
 * area (Cheng et al., "Boundary IoU: Improving Object-Centric Image Segmentation Evaluation", CVPR 2021).
 */
import type { Size } from '../media/size';

/** Width of the band as a share of the picture's diagonal, as the paper has it. */
const BAND = 0.02;

/**
 * Cells of the bands along the inner edges of two areas: in both, and in either.
 * @param one, other `width * height` cells, 1 inside; edges of the picture are no edges of an area
 * @param counts whether a cell counts
 */
export function boundaryOverlap(
  one: Uint8Array,
  other: Uint8Array,
  size: Size,
  counts: (cell: number) => boolean,
): [both: number, either: number] {
  const distance = Math.max(1, Math.round(BAND * Math.hypot(size.width, size.height)));
  const [a, b] = [bandOf(one, size, distance), bandOf(other, size, distance)];
  let both = 0;
  let either = 0;
  for (let i = 0; i < a.length; i++) {
    if (!counts(i)) continue;
    if (a[i] && b[i]) both++;
    if (a[i] || b[i]) either++;
  }
  return [both, either];
}

/** The cells of an area that lie within a distance of its edge. */
function bandOf(area: Uint8Array, size: Size, distance: number): Uint8Array {
  const core = eroded(eroded(area, size, distance, 1, size.width), size, distance, size.width, size.height);
  return area.map((inside, i) => (inside && !core[i] ? 1 : 0));
}

/** Keeps what has only inside cells within a distance, along one direction. */
function eroded(
  area: Uint8Array,
  { width, height }: Size,
  distance: number,
  step: number,
  length: number,
): Uint8Array {
  const result = new Uint8Array(width * height);
  for (let i = 0; i < result.length; i++) {
    const at = step === 1 ? i % width : Math.floor(i / width);
    const from = i - Math.min(distance, at) * step;
    const to = i + Math.min(distance, length - 1 - at) * step;
    let inside = 1;
    for (let k = from; k <= to && inside; k += step) inside = area[k] ? 1 : 0;
    result[i] = inside;
  }
  return result;
}
