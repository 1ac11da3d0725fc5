/**
 * The scene of the stream on screen: takes its class maps as they come back, keeps the newest state, and says what
 * happened. Runs in the stage's worker, after the mask is on its way to the screen.
 */
import { type ErrorReport, reportOf } from '../errors';
import { RollingWindow } from '../media/rolling';
import type { ClassMap } from '../perception/engine';
import type { SceneEvent } from './events';
import { Scene, type SceneCamera, type SceneFrame, type SceneState } from './scene';
import { type SceneDigest, sceneDigest } from './scene-digest';
import type { SceneTruth } from './scene-truth';

/** What the runner tells its stage. */
export interface SceneRunnerEvents {
  /** A state is there to be drawn, or (null) what is drawn holds no longer. */
  onState(state: SceneState | null, truth: SceneTruth | null): void;
  /** Something happened, in order; never empty. */
  onEvents(events: readonly SceneEvent[]): void;
  /** The scene could not be computed; it is told once for each source. */
  onError(error: ErrorReport): void;
}

/** Runs the scene of one stream at a time. */
export class SceneRunner {
  #scene = new Scene();
  #camera: SceneCamera | null = null;
  #state: SceneState | null = null;
  #truth: SceneTruth | null = null;
  /** What the state was read from, to read it again when the camera is moved by hand. */
  #source: { readonly map: ClassMap; readonly frame: SceneFrame } | null = null;
  #failed = false;
  readonly #times = new RollingWindow(60);

  /** @param now milliseconds, monotonic */
  constructor(
    private readonly events: SceneRunnerEvents,
    private readonly now: () => number,
  ) {}

  /** The newest state; null before the first. */
  get state(): SceneState | null {
    return this.#state;
  }

  /** Another stream: nothing of the last one holds. */
  restart(): void {
    this.#scene = this.#camera ? new Scene(this.#camera) : new Scene();
    this.#failed = false;
    this.#state = null;
    this.#truth = null;
    this.#source = null;
    this.#times.clear();
    this.events.onState(null, null);
  }

  /**
   * How the camera is known; null for the usual one that finds itself.
   * @throws CarriagewayError `camera-model-invalid`, and leaves it as it was
   */
  setCamera(camera: SceneCamera | null): void {
    if (camera) this.#scene.setCamera(camera);
    else if (this.#camera) this.#scene = new Scene();
    this.#camera = camera;
    // A slider shows its effect at once, also on a picture that rests.
    if (this.#source) this.update(this.#source.map, this.#source.frame, this.#truth);
  }

  /**
   * Takes the class map of a frame. Never throws: a scene that fails costs the scene, never the picture.
   * @param truth what is really there, where the source knows
   */
  update(map: ClassMap, frame: SceneFrame, truth: SceneTruth | null = null): void {
    const began = this.now();
    try {
      this.#source = { map, frame };
      const state = this.#scene.update(map, frame);
      this.#times.add(this.now() - began);
      this.#state = state;
      this.#truth = truth;
      this.events.onState(state, truth);
      if (state.events.length > 0) this.events.onEvents(state.events);
    } catch (thrown) {
      this.#state = null;
      this.events.onState(null, null);
      if (!this.#failed) this.events.onError(reportOf(thrown, 'class-map-invalid'));
      this.#failed = true;
    }
  }

  /** What the page shows; null before the first state. */
  digest(): SceneDigest | null {
    const milliseconds = this.#times.quantile(0.5);
    return this.#state && milliseconds !== null ? sceneDigest(this.#state, milliseconds, this.#truth) : null;
  }
}
