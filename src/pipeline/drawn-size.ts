/** How many pixels a canvas is given. */
import type { Size } from '../perception/geometry';

/**
 * Size of a canvas's pixels: that of its place on the page, or less where drawing is dear.
 * @param place pixels of the page
 * @param sideMax most pixels of the longer side
 */
export function drawnSize(place: Size, sideMax: number): Size {
  const scale = Math.min(1, sideMax / Math.max(place.width, place.height));
  return {
    width: Math.max(1, Math.round(place.width * scale)),
    height: Math.max(1, Math.round(place.height * scale)),
  };
}
