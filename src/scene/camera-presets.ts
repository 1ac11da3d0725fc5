/**
 * Cameras people drive with, as starting points: fields of view are of the picture's *long* side, so that a portrait
 * picture from the same camera gets the right one too.
 */
import type { CameraParameters } from './camera-model';

/** A usual camera in its usual place. */
interface CameraPreset {
  readonly title: string;
  /** Field of view across the long side, degrees. */
  readonly longFov: number;
  /** Metres above the ground. */
  readonly height: number;
  /** Degrees. */
  readonly pitch: number;
}

/** Name of a preset. */
export type CameraPresetName = keyof typeof CAMERA_PRESETS;

/** Presets by name. The first is used where nothing is known of a camera. */
export const CAMERA_PRESETS = {
  // What phones' main cameras (24 to 28 mm equivalent) keep in video, after stabilisation's crop.
  phone: { title: 'Phone on the dashboard', longFov: 65, height: 1.25, pitch: 1 },
  // 0.5x lenses are about 13 mm equivalent; video crops and rectifies them.
  'phone-wide': { title: 'Phone, wide lens', longFov: 95, height: 1.25, pitch: 1 },
  // Sold as "140 degrees", measured across the diagonal; across the width some 110 remain.
  'dashcam-wide': { title: 'Wide dashcam under the mirror', longFov: 108, height: 1.35, pitch: 2 },
  dashcam: { title: 'Dashcam under the mirror', longFov: 80, height: 1.35, pitch: 2 },
  // Cameras of measuring vehicles and of most data sets.
  narrow: { title: 'Narrow lens behind the windscreen', longFov: 50, height: 1.4, pitch: 1 },
  truck: { title: 'Dashcam in a truck or bus', longFov: 90, height: 2.4, pitch: 5 },
  helmet: { title: 'Action camera on a helmet', longFov: 92, height: 1.6, pitch: 3 },
} as const satisfies Record<string, CameraPreset>;

const DEGREE = Math.PI / 180;

/**
 * The parameters a preset means for a picture of this size.
 * @param width picture width in pixels
 * @param height picture height in pixels
 */
export function presetCamera(name: CameraPresetName, width: number, height: number): CameraParameters {
  const preset = CAMERA_PRESETS[name];
  const halfLong = Math.tan((preset.longFov * DEGREE) / 2);
  const hfov = 2 * Math.atan((halfLong * width) / Math.max(width, height));
  return { height: preset.height, pitch: preset.pitch * DEGREE, yaw: 0, roll: 0, hfov };
}
