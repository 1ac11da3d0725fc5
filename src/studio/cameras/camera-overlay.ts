/** What is drawn over the picture of each of several cameras. */
import type { OverlayView } from '../../overlay/view';
import type { CameraChoice } from './camera-layout';

/**
 * The overlay of one camera: as it was set for the one that is looked at. Divider, labels and the view from above belong
 * to that one; a small picture has no room for boxes and distances.
 * @param camera its place
 */
export function cameraOverlay(
  view: OverlayView,
  { layout, chosen }: CameraChoice,
  camera: number,
): OverlayView {
  if (camera === chosen) return view;
  const { scene } = view;
  const small = layout === 'large' ? { obstacles: false, path: false } : {};
  return { ...view, split: null, labels: 'off', scene: { ...scene, horizon: false, bird: 'off', ...small } };
}

/** Whether a camera is seen at all. */
export function isSeen({ layout, chosen, beside }: CameraChoice, camera: number): boolean {
  return layout !== 'pair' || camera === chosen || camera === beside;
}
