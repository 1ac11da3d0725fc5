/** How the source's camera stands: by hand, from a preset, or found by itself; remembered for each source. */
import { CAMERA_LIMITS, type CameraParameters } from '../../scene/camera-model';
import { type CameraPresetName, presetCamera } from '../../scene/camera-presets';
import type { SceneCamera } from '../../scene/scene';
import type { AppState } from '../shell/app-state';
import type { SavedSettings } from '../shell/saved';
import type { Store } from '../shell/state';

/** What is edited by a slider. */
export type GroundField = 'height' | 'pitch' | 'roll' | 'hfov';

/** The preset of a camera nobody has described. */
const USUAL: CameraPresetName = 'dashcam';

/** Sets and remembers cameras. */
export class MountActions {
  constructor(
    private readonly store: Store<AppState>,
    private readonly saved: Pick<SavedSettings, 'camera' | 'saveCamera'>,
  ) {
    store.watch(
      (s) => s.playback?.info.key,
      (key) => store.update({ ground: key === undefined ? null : (saved.camera(key) ?? this.#told()) }),
    );
  }

  /** The camera that is used now: as it was set, with the angles that were found where they are looked for. */
  get camera(): CameraParameters {
    const { ground, report, picture } = this.store.state;
    const { width, height } = picture ?? { width: 16, height: 9 };
    const from = ground?.from ?? USUAL;
    const base = typeof from === 'string' ? presetCamera(from, width, height) : from;
    const found = report?.scene?.camera;
    if (!this.finds || !found) return base;
    return { ...base, pitch: found.pitch, yaw: found.yaw, roll: found.roll };
  }

  /** The preset it started from; null for one set by hand. */
  get preset(): CameraPresetName | null {
    const from = this.store.state.ground?.from ?? USUAL;
    return typeof from === 'string' ? from : null;
  }

  /** Whether the angles are looked for. */
  get finds(): boolean {
    return this.store.state.ground?.calibrate ?? true;
  }

  usePreset(name: CameraPresetName): void {
    this.#set({ from: name, calibrate: this.finds });
  }

  /** Sets one value by hand. An angle set by hand is not looked for any more. */
  set(field: GroundField, value: number): void {
    const [low, high] = CAMERA_LIMITS[field];
    const from = { ...this.camera, [field]: Math.min(high, Math.max(low, value)) };
    const angle = field === 'pitch' || field === 'roll';
    this.#set({ from, calibrate: angle ? false : this.finds });
  }

  /** Looks for the angles, from where they are now; or holds them as they are now. */
  setFinds(finds: boolean): void {
    const { ground } = this.store.state;
    if (!finds) this.#set({ from: this.camera, calibrate: false });
    else this.#set({ from: ground?.from ?? USUAL, calibrate: true });
  }

  /** Forgets what was set: the camera the source tells of, or the usual one, which finds itself. */
  reset(): void {
    this.#set(null);
    this.store.update({ ground: this.#told() });
  }

  /** The usual camera with the height and lens that the source tells of; null when it tells nothing. */
  #told(): SceneCamera | null {
    const info = this.store.state.playback?.info;
    if (!info?.mount) return null;
    return { from: { ...presetCamera(USUAL, info.width, info.height), ...info.mount }, calibrate: true };
  }

  #set(ground: SceneCamera | null): void {
    this.store.update({ ground });
    const key = this.store.state.playback?.info.key;
    if (key !== undefined) this.saved.saveCamera(key, ground);
  }
}
