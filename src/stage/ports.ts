/**
 * What the stage is built from, as ports: the worker's entry file plugs in the real device, compositor, engines and
 * downloads; tests plug in fakes.
 */
import type { OpenDevice } from '../gpu/device';
import type { FrameHandle, FrameReader } from '../media/timed-frame';
import type { FileWish } from '../model/load-model';
import type { ModelFile, ModelManifest, ModelRuntime } from '../model/manifest';
import type { Compositor } from '../overlay/compositor-api';
import type { Engine, EngineKind } from '../perception/engine';
import type { ModelProgress } from './stage-api';

/** Draws pictures and masks on the canvas it was made for. */
export type CompositorPort = Omit<Compositor, 'layers' | 'picture'>;

/** A device and its fate. See `gpu/device`. */
export type DevicePort = Pick<OpenDevice, 'device' | 'name' | 'software' | 'f16' | 'takesFrames' | 'lost'> &
  Disposable;

/** A network's bytes and its manifest, kept for rebuilding. */
export interface LoadedModel {
  readonly manifest: ModelManifest;
  readonly bytes: ArrayBuffer;
  readonly precision: ModelFile['precision'];
  /** What runs the file; onnxruntime-web where nothing is said. */
  readonly runtime?: ModelRuntime;
}

/** All that the stage needs from outside. */
export interface StageParts {
  /** @throws CarriagewayError `webgpu-absent` */
  acquireDevice(): Promise<DevicePort>;
  /** @param shared whether all canvases are drawn through one context, where there is no device */
  createCompositor(
    canvas: OffscreenCanvas,
    device: GPUDevice | null,
    width: number,
    height: number,
    shared: boolean,
  ): Promise<CompositorPort>;
  /** The longest side worth drawing, in pixels: less than the screen's where a program draws in place of a GPU. */
  drawnSideMax(device: DevicePort | null): number;
  /** @param device given for the WebGPU engine, null for the processor. A file only onnxruntime can read gets that */
  createEngine(model: LoadedModel, kind: EngineKind, device: DevicePort | null): Promise<Engine>;
  /** Lets an engine's runtime load while its network is downloaded. */
  warmEngine?(kind: EngineKind): void;
  /** Downloads and checks a network, its file that comes closest to what is wanted. */
  loadModel(
    manifestUrl: string,
    wanted: FileWish,
    onProgress: (progress: ModelProgress) => void,
  ): Promise<LoadedModel>;
  /** Built-in networks: name to manifest address, only those that exist. */
  catalogue(): ReadonlyMap<string, string>;
  /** Built-in networks are found below this address from now on. */
  useBase(base: string): void;
  readerOf(handle: FrameHandle): FrameReader;
  /** Milliseconds, monotonic. */
  now(): number;
  wait(milliseconds: number): Promise<void>;
  /** Calls back before the next drawing. */
  onDrawing(callback: () => void): void;
}
