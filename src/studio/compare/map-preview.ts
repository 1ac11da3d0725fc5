/** A kept class map painted over a small picture. */

import { type MapRuns, unpackMap } from '../../labels/map-runs';
import type { OverlayView } from '../../overlay/view';
import { isDrivableRole } from '../../taxonomy/class-list';

/** Paints the classes that the viewer sees, in the viewer's colours, over all of the canvas. */
export function paintMap(context: CanvasRenderingContext2D, map: MapRuns, view: OverlayView): void {
  const { width, height } = map;
  const ids = unpackMap(map);
  const image = new ImageData(width, height);
  ids.forEach((id, i) => {
    const hex = view.colours[id];
    const painted =
      hex && (view.mode === 'drivable' ? isDrivableRole(view.classes[id]?.role ?? null) : view.visible[id]);
    if (!painted) return;
    for (let c = 0; c < 3; c++) image.data[i * 4 + c] = Number.parseInt(hex.slice(1 + 2 * c, 3 + 2 * c), 16);
    image.data[i * 4 + 3] = Math.round(view.opacity * 255);
  });
  const small = new OffscreenCanvas(width, height);
  small.getContext('2d')?.putImageData(image, 0, 0);
  context.imageSmoothingEnabled = false;
  context.drawImage(small, 0, 0, context.canvas.width, context.canvas.height);
}
