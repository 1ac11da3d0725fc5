/**
 * The scene of one stream: takes class maps, gives a road one can reason about. Pure computation on the few thousand
 * cells that leave the GPU; meant for the worker that receives them. No safety system.
 */
import type { ClassMap } from '../perception/engine';
import { type Boundary, findBoundary, placeBoundary } from './boundary';
import { BoundaryTracker } from './boundary-tracker';
import { CameraModel, type CameraParameters, checkCamera } from './camera-model';
import { type CameraPresetName, presetCamera } from './camera-presets';
import { type EgoPath, fitEgoPath } from './ego-path';
import { checkClassMap, findEgoRegion } from './ego-region';
import { EventMaker, leftEvent } from './event-maker';
import type { SceneEvent } from './events';
import { type FreeSpace, measureFreeSpace } from './free-space';
import { estimateByHand, GroundCalibration, type GroundEstimate } from './ground-calibration';
import { ObstacleTracker, type TrackedObstacle } from './obstacle-tracker';
import { findObstacles } from './obstacles';
import { findRoadLines } from './road-lines';
import { assess, type Confidence } from './scene-confidence';
import { SceneCut } from './scene-cut';
import { TimeToObstacle } from './time-to-obstacle';

/** How a scene knows its camera. */
export interface SceneCamera {
  /** A preset, or parameters set by hand or saved from an earlier calibration. */
  readonly from: CameraPresetName | CameraParameters;
  /** Whether the angles are found by itself from there on. */
  readonly calibrate: boolean;
}

/** What belongs to a class map. */
export interface SceneFrame {
  /** Media time in microseconds. */
  readonly timestamp: number;
  /** Increases whenever time jumps (seek, loop, switch), as in `TimedFrame`. */
  readonly epoch: number;
  /** Size of the upright picture in pixels. */
  readonly width: number;
  readonly height: number;
}

/** All that is known after a frame. Plain data: it may be posted to other threads. */
export interface SceneState extends SceneFrame, Confidence {
  /** The camera used for all metres here. */
  readonly camera: CameraParameters;
  readonly calibration: GroundEstimate;
  readonly boundary: Boundary;
  readonly path: EgoPath;
  readonly obstacles: readonly TrackedObstacle[];
  readonly freeSpace: FreeSpace;
  /** Seconds; null when nothing closes in. */
  readonly timeToObstacle: number | null;
  /** What happened with this frame. */
  readonly events: readonly SceneEvent[];
}

/** What is assumed until somebody knows better. */
const DEFAULT_CAMERA: SceneCamera = { from: 'dashcam', calibrate: true };
/** A longer silence is a jump in time: nothing is carried over it. Seconds. */
const LONGEST_GAP = 2;
/** What a jump adds to the scene's own clock, which never goes back: a frame, whatever the jump. Seconds. */
const JUMP_STEP = 0.1;

/** The scene of one stream. */
export class Scene {
  #camera: SceneCamera;
  #size = { width: 0, height: 0 };
  #calibration: GroundCalibration | null = null;
  readonly #tracker = new BoundaryTracker();
  readonly #obstacles = new ObstacleTracker();
  readonly #timeToObstacle = new TimeToObstacle();
  readonly #cut = new SceneCut();
  readonly #events = new EventMaker();
  #last: SceneFrame | null = null;
  #clock = 0;

  /**
   * @param camera how to know the camera; a preset that calibrates itself unless told
   * @throws CarriagewayError `camera-model-invalid`
   */
  constructor(camera: SceneCamera = DEFAULT_CAMERA) {
    this.#camera = checked(camera);
  }

  /**
   * Changes the camera. What is tracked in the picture stays.
   * @throws CarriagewayError `camera-model-invalid`, and leaves the camera as it was
   */
  setCamera(camera: SceneCamera): void {
    this.#camera = checked(camera);
    this.#calibration = null;
  }

  /**
   * Takes the class map of a frame. The map's buffers are borrowed for the call only.
   * @throws CarriagewayError `class-map-invalid` for a map that does not fit its size, `camera-model-invalid` for an
   *   empty picture; the state before stays
   */
  update(map: ClassMap, frame: SceneFrame): SceneState {
    checkClassMap(map);
    const estimateBefore = this.#estimateFor(frame);
    const camera = new CameraModel(estimateBefore.parameters, frame.width, frame.height);
    const elapsed = this.#last ? (frame.timestamp - this.#last.timestamp) / 1e6 : 0;
    const jump =
      this.#last !== null && (frame.epoch !== this.#last.epoch || elapsed < 0 || elapsed > LONGEST_GAP);
    const seconds = jump ? JUMP_STEP : elapsed;
    this.#clock += seconds;
    this.#last = { ...frame };
    const { change, cut } = this.#cut.update(map, seconds);
    const events: SceneEvent[] = [];
    if (jump || cut) {
      const { timestamp } = frame;
      events.push({ type: 'scene-cut', timestamp, reason: jump ? 'time' : 'picture', change });
      events.push(...this.#startAfresh().map((obstacle) => leftEvent(obstacle, timestamp)));
    }

    const region = findEgoRegion(map);
    const lines = findBoundary(region);
    const boundary = placeBoundary(this.#tracker.update(lines, seconds), region, camera);
    const { uncertainty } = estimateBefore;
    const path = fitEgoPath(boundary);
    const obstacles = this.#obstacles.update(findObstacles(region, camera, path, uncertainty), this.#clock);
    const freeSpace = measureFreeSpace(region, camera, path, uncertainty);
    const timeToObstacle = this.#timeToObstacle.update(freeSpace.ahead, this.#clock);
    // A still picture has nothing new to say of the camera.
    if (change > 0 && this.#calibration?.wants(this.#clock)) {
      const roadLines = findRoadLines(lines, region, camera, path.curvature);
      this.#calibration.update(roadLines, path, obstacles.obstacles, this.#clock);
    }
    const calibration = this.#estimateFor(frame);
    const confidence = assess(region, boundary, calibration);
    const happenings = { boundary, obstacles, ahead: freeSpace.ahead, timeToObstacle, confidence };
    events.push(...this.#events.update(happenings, frame.timestamp, this.#clock));
    const { timestamp, epoch, width, height } = frame;
    return {
      timestamp,
      epoch,
      width,
      height,
      camera: estimateBefore.parameters,
      calibration,
      boundary,
      path,
      obstacles: obstacles.obstacles,
      freeSpace,
      timeToObstacle,
      ...confidence,
      events,
    };
  }

  /** Drops what is tracked in time; the camera is the same one, so what is known of it stays. */
  #startAfresh(): TrackedObstacle[] {
    this.#tracker.reset();
    this.#timeToObstacle.reset();
    return this.#obstacles.reset(this.#clock);
  }

  /** What is known of the camera for a picture of this size; a new size is a new camera. */
  #estimateFor({ width, height }: SceneFrame): GroundEstimate {
    const { from, calibrate } = this.#camera;
    const base = typeof from === 'string' ? presetCamera(from, width, height) : from;
    if (!calibrate) return estimateByHand(base);
    if (!this.#calibration || this.#size.width !== width || this.#size.height !== height) {
      this.#calibration = new GroundCalibration(base, width, height);
      this.#size = { width, height };
    }
    return this.#calibration.estimate;
  }
}

function checked(camera: SceneCamera): SceneCamera {
  if (typeof camera.from !== 'string') checkCamera(camera.from);
  return camera;
}
