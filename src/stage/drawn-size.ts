/** How many pixels a canvas is given. */
import type { Size } from '../media/size';

/**
 * Longest drawn side without a GPU, in pixels. A program takes a third of a second for a full-screen picture; this
 * size is drawn at the rate of masks there, and the browser scales it up.
 */
export const SOFTWARE_SIDE_MAX = 640;

/**
 * No canvas of several is drawn smaller than this, in pixels of the longer side: the lowest layer of a stream that is sent
 * in layers has about as many.
 */
const SHARED_SIDE_MIN = 320;

/**
 * Longest side of one of several canvases that together may cost what one may.
 * @param sideMax most pixels of the longer side of one alone; infinite where drawing is cheap
 * @param share of the whole, above 0 and up to 1
 */
export function sharedSide(sideMax: number, share: number): number {
  return Math.min(sideMax, Math.max(SHARED_SIDE_MIN, Math.round(sideMax * Math.sqrt(share))));
}

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
