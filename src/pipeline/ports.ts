/**
 * What the stage is built from, as ports: the worker's entry file plugs in the real device, compositor, engines and
 * downloads; tests plug in fakes.
 */
import type { OpenDevice } from '../gpu/device';
import type { ModelFile, ModelManifest } from '../model/manifest';
import type { InspectionPicture } from '../overlay/inspection-layer';
import type { LabelledMap } from '../overlay/label-layer';
import type { OverlayView } from '../overlay/view';
import type { Engine, EngineKind, MaskImage } from '../perception/engine';
import type { RoadEdge } from '../scene/road-edges';
import type { SceneState } from '../scene/scene';
import type { SceneTruth } from '../scene/scene-truth';
import type { FrameHandle, FrameReader, Rotation } from '../sources/source';
import type { ModelProgress } from './stage-api';

/** Draws pictures and masks on the canvas it was made for. See `overlay/compositor`. */
export interface CompositorPort {
  /** Resolves when nothing can be drawn any more: the device or the WebGL2 context is gone. Never rejects. */
  readonly lost: Promise<void>;
  /** Keeps a frame (borrowed) until `present` shows it together with its mask. */
  stage(frame: VideoFrame, rotation: Rotation): void;
  /** Shows a frame (borrowed) from the next drawing on. */
  show(frame: VideoFrame, rotation: Rotation): void;
  /** Shows a mask, and the staged frame if there is one; null takes the mask away. */
  present(mask: MaskImage | null): void;
  /** Draws a scene over the picture and from above, with the truth where there is one; null draws none. */
  showScene(state: SceneState | null, truth: SceneTruth | null): void;
  /** Draws the road's edges alone; none take them away. @param aspect width of the picture over its height */
  showEdges(edges: readonly RoadEdge[], aspect: number): void;
  /** Draws the labels of the picture on screen as the view says; null when it has none. */
  showLabels(labelled: LabelledMap | null): void;
  /** Draws what the pyramid inspector found, in place of the scene; null ends it. */
  showInspection(inspection: InspectionPicture | null): void;
  setView(view: OverlayView): void;
  resize(width: number, height: number): void;
  /** Draws if something changed and the device is free; says whether it drew. */
  render(): boolean;
  snapshot(withOverlay: boolean): Promise<Blob>;
  liveObjects(): { readonly buffers: number; readonly textures: number; readonly frames: number };
  dispose(): Promise<void>;
}

/** A device and its fate. See `gpu/device`. */
export type DevicePort = Pick<OpenDevice, 'device' | 'name' | 'software' | 'f16' | 'lost'> & Disposable;

/** A network's bytes and its manifest, kept for rebuilding. */
export interface LoadedModel {
  readonly manifest: ModelManifest;
  readonly bytes: ArrayBuffer;
  readonly precision: ModelFile['precision'];
}

/** All that the stage needs from outside. */
export interface StageParts {
  /** @throws CarriagewayError `webgpu-absent` */
  acquireDevice(): Promise<DevicePort>;
  createCompositor(
    canvas: OffscreenCanvas,
    device: GPUDevice | null,
    width: number,
    height: number,
  ): Promise<CompositorPort>;
  /** The longest side worth drawing, in pixels: less than the screen's where a program draws in place of a GPU. */
  drawnSideMax(device: DevicePort | null): number;
  /** @param device given for the WebGPU engine, null for WebAssembly */
  createEngine(model: LoadedModel, kind: EngineKind, device: DevicePort | null): Promise<Engine>;
  /** Downloads and checks a network; `f16` prefers the half-precision file. */
  loadModel(
    manifestUrl: string,
    f16: boolean,
    onProgress: (progress: ModelProgress) => void,
  ): Promise<LoadedModel>;
  /** Built-in networks: name to manifest address, only those that exist. */
  catalogue(): ReadonlyMap<string, string>;
  readerOf(handle: FrameHandle): FrameReader;
  /** Milliseconds, monotonic. */
  now(): number;
  wait(milliseconds: number): Promise<void>;
  /** Calls back before the next drawing. */
  onDrawing(callback: () => void): void;
}
