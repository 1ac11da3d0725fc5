/** The form in which a camera that was set by hand is remembered. */

import { CAMERA_LIMITS, type CameraParameters } from '../../scene/camera-model';
import { CAMERA_PRESETS, type CameraPresetName } from '../../scene/camera-presets';
import type { SceneCamera } from '../../scene/scene';
import { z } from '../../schema';

const within = (field: keyof CameraParameters) =>
  z.number().min(CAMERA_LIMITS[field][0]).max(CAMERA_LIMITS[field][1]);

/** The form in which a camera is remembered. */
export const sceneCameraSchema: z.ZodType<SceneCamera> = z.object({
  from: z.union([
    z.enum(Object.keys(CAMERA_PRESETS) as [CameraPresetName, ...CameraPresetName[]]),
    z.object({
      height: within('height'),
      pitch: within('pitch'),
      yaw: within('yaw'),
      roll: within('roll'),
      hfov: within('hfov'),
    }),
  ]),
  calibrate: z.boolean(),
});
