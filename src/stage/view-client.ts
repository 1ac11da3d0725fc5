/**
 * The page's side of one view: its canvas, and its settings, which are kept here so that a worker that takes another's
 * place can be told them again.
 */
import { Latest } from '../media/latest';
import type { Size } from '../media/size';
import type { FrameHandle } from '../media/timed-frame';
import type { OverlayView } from '../overlay/view';
import type { IgnoreRegion } from '../perception/engine';
import type { SceneCamera } from '../scene/scene';
import type { InspectionReport, InspectionRequest } from './inspection';
import type { SeenMap, StageApi, ViewOptions } from './stage-api';

/** Where a view's picture is shown. A canvas can be handed to a worker once only: each worker gets a fresh one. */
export interface CanvasHost {
  /** Puts a new canvas in the place of the old one. */
  freshCanvas(): HTMLCanvasElement;
  /** Size in device pixels. */
  pixels(): Size;
}

/** How a view begins. */
export interface ViewSettings extends Pick<ViewOptions, 'overlay' | 'governed' | 'tellsMasks'> {
  /** Told when the camera that was set is refused. */
  readonly onCameraRefused?: (thrown: unknown) => void;
}

/** Calls the worker that runs, or the next one that does. */
type Call = <T>(use: (api: StageApi) => Promise<T>) => Promise<T>;

/** A setting of a view: a newer value replaces one that was not sent yet. */
class Setting<T> {
  readonly #latest: Latest<void>;

  constructor(
    private current: T,
    send: (value: T) => Promise<void>,
    failed: (thrown: unknown) => void = ignore,
  ) {
    this.#latest = new Latest(() => send(this.current), failed);
  }

  get value(): T {
    return this.current;
  }

  set(value: T): void {
    this.current = value;
    this.#latest.push();
  }
}

/** One view, as the page holds it. */
export class ViewClient {
  readonly #overlay: Setting<OverlayView>;
  readonly #region: Setting<IgnoreRegion | null>;
  readonly #camera: Setting<SceneCamera | null>;
  readonly #paused: Setting<boolean>;
  readonly #size: Latest<void>;

  constructor(
    readonly key: string,
    private readonly host: CanvasHost,
    private readonly settings: ViewSettings,
    private readonly call: Call,
  ) {
    this.#overlay = new Setting(settings.overlay, (view) => call((api) => api.setOverlay(key, view)));
    this.#region = new Setting<IgnoreRegion | null>(null, (region) =>
      call((api) => api.setIgnoreRegion(key, region)),
    );
    this.#camera = new Setting<SceneCamera | null>(
      null,
      (camera) => call((api) => api.setSceneCamera(key, camera)),
      settings.onCameraRefused,
    );
    this.#paused = new Setting<boolean>(false, (paused) => call((api) => api.setPaused(key, paused)));
    this.#size = new Latest<void>(() => call((api) => api.resize(key, this.host.pixels())), ignore);
  }

  /** Gives a new worker the view. @throws CarriagewayError `overlay-failed` */
  async open(api: StageApi): Promise<void> {
    const canvas = this.host.freshCanvas().transferControlToOffscreen();
    const { governed, tellsMasks = false } = this.settings;
    const overlay = this.#overlay.value;
    await api.addView(this.key, canvas, { size: this.host.pixels(), overlay, governed, tellsMasks });
    if (this.#region.value) await api.setIgnoreRegion(this.key, this.#region.value);
    if (this.#camera.value)
      await api.setSceneCamera(this.key, this.#camera.value).catch(this.settings.onCameraRefused ?? ignore);
    if (this.#paused.value) await api.setPaused(this.key, true);
  }

  /** Answers a worker that needs a fresh canvas. */
  replaceCanvas(api: StageApi): void {
    api.replaceCanvas(this.key, this.host.freshCanvas().transferControlToOffscreen()).catch(ignore);
    this.refreshSize();
  }

  setOverlay(view: OverlayView): void {
    this.#overlay.set(view);
  }

  setIgnoreRegion(region: IgnoreRegion | null): void {
    this.#region.set(region);
  }

  setSceneCamera(camera: SceneCamera | null): void {
    this.#camera.set(camera);
  }

  /** Stops it, since nobody sees it, or goes on. */
  setPaused(paused: boolean): void {
    this.#paused.set(paused);
  }

  /** The place of the picture has another size. */
  refreshSize(): void {
    this.#size.push();
  }

  /** See `StageApi.attach`. */
  attach(handle: FrameHandle, source: string): Promise<void> {
    return this.call((api) => api.attach(this.key, handle, source));
  }

  /** See `StageApi.detach`. */
  detach(): Promise<void> {
    return this.call((api) => api.detach(this.key));
  }

  /** See `StageApi.inspect`. */
  inspect(request: InspectionRequest | null): Promise<InspectionReport | null> {
    return this.call((api) => api.inspect(this.key, request));
  }

  /** See `StageApi.snapshot`. */
  snapshot(withOverlay: boolean): Promise<Blob> {
    return this.call((api) => api.snapshot(this.key, withOverlay));
  }

  /** See `StageApi.showRemote`. */
  showRemote(map: SeenMap): void {
    this.call((api) => api.showRemote(this.key, map)).catch(ignore);
  }
}

/** What could not be delivered: the worker is being replaced, and the new one is told everything again. */
function ignore(): void {}
