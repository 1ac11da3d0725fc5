/** How far the picture is magnified, and which part of it is seen: plain arithmetic in CSS pixels of the viewer. */

/** A point of the viewer. */
export interface ViewerPoint {
  readonly x: number;
  readonly y: number;
}

/** The magnification, and where the viewer's top left corner has gone. */
export interface Zoom extends ViewerPoint {
  /** 1 (the whole picture) to `ZOOM_MAX`. */
  readonly scale: number;
}

/** The whole picture. */
export const WHOLE: Zoom = { scale: 1, x: 0, y: 0 };

/** Beyond this single pixels of a usual camera are as large as fingertips. */
const ZOOM_MAX = 8;

/** What a double tap goes to. */
const TAPPED = 2.5;

interface Box {
  readonly width: number;
  readonly height: number;
}

/** Keeps the viewer filled: no edge comes inside of it. */
function kept({ scale, x, y }: Zoom, { width, height }: Box): Zoom {
  if (scale <= 1) return WHOLE;
  const within = (at: number, side: number): number => Math.min(0, Math.max(side * (1 - scale), at));
  return { scale, x: within(x, width), y: within(y, height) };
}

/**
 * Magnifies by a factor, what lies under a point staying under it.
 * @param to where that point is afterwards: two fingers move while they spread
 */
export function magnified(zoom: Zoom, factor: number, at: ViewerPoint, box: Box, to = at): Zoom {
  const scale = Math.min(ZOOM_MAX, Math.max(1, zoom.scale * factor));
  const by = scale / zoom.scale;
  return kept({ scale, x: to.x - (at.x - zoom.x) * by, y: to.y - (at.y - zoom.y) * by }, box);
}

/** Moves the magnified picture. */
export function moved(zoom: Zoom, dx: number, dy: number, box: Box): Zoom {
  return kept({ ...zoom, x: zoom.x + dx, y: zoom.y + dy }, box);
}

/** What a double tap does: closer to a point, or back to the whole. */
export function tapped(zoom: Zoom, at: ViewerPoint, box: Box): Zoom {
  return zoom.scale > 1 ? WHOLE : magnified(zoom, TAPPED, at, box);
}
