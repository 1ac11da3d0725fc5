/** The camera mount that a source tells of. */
import { type CameraPresetName, presetCamera } from '../../scene/camera-presets';
import type { SceneCamera } from '../../scene/scene';
import type { SourceInfo } from '../../sources/source';

/** The preset of a camera nobody has described. */
export const USUAL: CameraPresetName = 'dashcam';

/** The usual camera with the height and lens that the source tells of; null when it tells nothing. */
export function toldMount({ mount, width, height }: SourceInfo): SceneCamera | null {
  return mount ? { from: { ...presetCamera(USUAL, width, height), ...mount }, calibrate: true } : null;
}
