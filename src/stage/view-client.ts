/**
 * The page's side of one view: its canvas, and its settings, which are kept here so that a worker that takes another's
 * place is told them again.
 */
import { CarriagewayError } from '../errors';
import { Latest } from '../media/latest';
import type { Size } from '../media/size';
import type { FrameHandle } from '../media/timed-frame';
import type { InspectionReport, InspectionRequest } from './inspection';
import type { SeenMap, StageApi, ViewOptions, ViewSettings } from './stage-api';

/** Where a view's picture is shown. A canvas can be handed to a worker once only: each worker gets a fresh one. */
export interface CanvasHost {
  /** Puts a new canvas in the place of the old one, and gives what draws on it. */
  freshCanvas(): OffscreenCanvas;
  /** Size in device pixels. */
  pixels(): Size;
}

/** How a view begins: its host knows its size. */
export type NewView = Omit<ViewOptions, 'size'>;

/** Calls the worker that runs, or the next one that does. */
type Call = <T>(use: (api: StageApi) => Promise<T>) => Promise<T>;

/** One view, as the page holds it. */
export class ViewClient {
  #kept: NewView;
  /** What was set and not sent yet: newer values replace older ones. */
  #pending: ViewSettings = {};
  readonly #sender = new Latest<void>(
    () => {
      const settings = this.#pending;
      this.#pending = {};
      return this.call((api) => api.set(this.key, settings));
    },
    (thrown) => this.#refused(thrown),
  );

  /** @param onCameraRefused is told when the camera that was set cannot be */
  constructor(
    readonly key: string,
    private readonly host: CanvasHost,
    begin: NewView,
    private readonly call: Call,
    private readonly onCameraRefused: (thrown: unknown) => void = () => {},
  ) {
    this.#kept = begin;
  }

  /** Gives a new worker the view as it is. @throws CarriagewayError `overlay-failed` */
  open(api: StageApi): Promise<void> {
    return api.addView(this.key, this.host.freshCanvas(), { ...this.#kept, size: this.host.pixels() });
  }

  /** Answers a worker that needs a fresh canvas. */
  replaceCanvas(api: StageApi): void {
    api.replaceCanvas(this.key, this.host.freshCanvas()).catch(undelivered);
    this.refreshSize();
  }

  /** Changes settings; what is left out stays. */
  set(settings: Omit<ViewSettings, 'size'>): void {
    this.#kept = { ...this.#kept, ...settings };
    this.#send(settings);
  }

  /** The place of the picture has another size. */
  refreshSize(): void {
    this.#send({ size: this.host.pixels() });
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
  snapshot(withOverlay: boolean, blur = false): Promise<Blob> {
    return this.call((api) => api.snapshot(this.key, withOverlay, blur));
  }

  /** See `StageApi.showRemote`. */
  showRemote(map: SeenMap): void {
    this.call((api) => api.showRemote(this.key, map)).catch(undelivered);
  }

  #send(settings: ViewSettings): void {
    this.#pending = { ...this.#pending, ...settings };
    this.#sender.push();
  }

  #refused(thrown: unknown): void {
    if (!(thrown instanceof CarriagewayError && thrown.code === 'camera-model-invalid')) return;
    const { camera: _, ...rest } = this.#kept;
    this.#kept = rest;
    this.onCameraRefused(thrown);
  }
}

/** The worker is being replaced, and the new one is told everything again. */
function undelivered(): void {}
