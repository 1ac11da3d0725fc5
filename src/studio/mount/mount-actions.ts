/** How the source's camera stands: by hand, from a preset, or found by itself; remembered for each source. */
import { CAMERA_LIMITS, type CameraParameters } from '../../scene/camera-model';
import { type CameraPresetName, presetCamera } from '../../scene/camera-presets';
import type { SceneCamera } from '../../scene/scene';
import type { AppStore } from '../shell/app-state';
import type { SavedSettings } from '../shell/saved';
import { toldMount, USUAL } from './told-mount';

/** What is edited by a slider. */
export type MountField = 'height' | 'pitch' | 'roll' | 'hfov';

/** Sets and remembers cameras. */
export class MountActions {
  constructor(
    private readonly store: AppStore,
    private readonly saved: Pick<SavedSettings, 'camera' | 'saveCamera'>,
  ) {}

  /** The camera that is used now: as it was set, with the angles that were found where they are looked for. */
  get camera(): CameraParameters {
    const { mount, report, picture } = this.store.state;
    const { width, height } = picture ?? { width: 16, height: 9 };
    const from = mount?.from ?? USUAL;
    const base = typeof from === 'string' ? presetCamera(from, width, height) : from;
    const found = report?.scene?.camera;
    if (!this.finds || !found) return base;
    return { ...base, pitch: found.pitch, yaw: found.yaw, roll: found.roll };
  }

  /** The preset it started from; null for one set by hand. */
  get preset(): CameraPresetName | null {
    const from = this.store.state.mount?.from ?? USUAL;
    return typeof from === 'string' ? from : null;
  }

  /** Whether the angles are looked for. */
  get finds(): boolean {
    return this.store.state.mount?.calibrate ?? true;
  }

  usePreset(name: CameraPresetName): void {
    this.#set({ from: name, calibrate: this.finds });
  }

  /** Sets one value by hand. An angle set by hand is not looked for any more. */
  set(field: MountField, value: number): void {
    const [low, high] = CAMERA_LIMITS[field];
    const from = { ...this.camera, [field]: Math.min(high, Math.max(low, value)) };
    const angle = field === 'pitch' || field === 'roll';
    this.#set({ from, calibrate: angle ? false : this.finds });
  }

  /** Holds pitch and yaw as they were measured elsewhere; radians. */
  setAngles({ pitch, yaw }: Pick<CameraParameters, 'pitch' | 'yaw'>): void {
    this.#set({ from: { ...this.camera, pitch, yaw }, calibrate: false });
  }

  /** Looks for the angles, from where they are now; or holds them as they are now. */
  setFinds(finds: boolean): void {
    const { mount } = this.store.state;
    if (!finds) this.#set({ from: this.camera, calibrate: false });
    else this.#set({ from: mount?.from ?? USUAL, calibrate: true });
  }

  /** Forgets what was set: the camera the source tells of, or the usual one, which finds itself. */
  reset(): void {
    const { session } = this.store.state;
    this.#set(null);
    session?.updateCamera({ mount: toldMount(session.state.playback.info) });
  }

  #set(mount: SceneCamera | null): void {
    const { session } = this.store.state;
    session?.updateCamera({ mount });
    if (session) this.saved.saveCamera(session.camera.key, mount);
  }
}
