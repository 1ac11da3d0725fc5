/** The few numbers of a scene that the page shows, as plain data. */
import type { CameraParameters } from '../scene/camera-model';
import type { LowConfidenceReason } from '../scene/events';
import type { FreeEnd } from '../scene/free-space';
import type { GroundEstimate } from '../scene/ground-calibration';
import type { SceneState } from '../scene/scene';
import { type SceneError, type SceneTruth, sceneError } from '../scene/scene-truth';

/** A scene in numbers. Metres, seconds and radians. */
export interface SceneDigest {
  /** Media time of its frame, microseconds. */
  readonly timestamp: number;
  /** Drivable ground ahead along the ego path; null when there is no road. */
  readonly free: { readonly distance: number; readonly sigma: number; readonly end: FreeEnd } | null;
  /** Null when nothing closes in. */
  readonly timeToObstacle: number | null;
  /** 0 to 1, with what is wrong. */
  readonly confidence: number;
  readonly reasons: readonly LowConfidenceReason[];
  readonly obstacles: number;
  readonly inPath: number;
  /** The camera used, and what is known of it. */
  readonly camera: CameraParameters;
  readonly calibration: Pick<GroundEstimate, 'state' | 'confidence' | 'pitch' | 'yaw' | 'roll' | 'vehicles'>;
  /** Milliseconds the scene took, median of the last frames. */
  readonly milliseconds: number;
  /** How far it is off, where the source knows the truth. */
  readonly error: SceneError | null;
}

/** Takes the numbers from a state. */
export function sceneDigest(state: SceneState, milliseconds: number, truth: SceneTruth | null): SceneDigest {
  const { freeSpace, obstacles, calibration } = state;
  const { ahead } = freeSpace;
  const { state: found, confidence, pitch, yaw, roll, vehicles } = calibration;
  return {
    timestamp: state.timestamp,
    free: ahead && { distance: ahead.distance, sigma: ahead.sigma, end: ahead.end },
    timeToObstacle: state.timeToObstacle,
    confidence: state.confidence,
    reasons: state.reasons,
    obstacles: obstacles.length,
    inPath: obstacles.filter(({ inPath }) => inPath).length,
    camera: state.camera,
    calibration: { state: found, confidence, pitch, yaw, roll, vehicles },
    milliseconds,
    error: truth && sceneError(state, truth),
  };
}
