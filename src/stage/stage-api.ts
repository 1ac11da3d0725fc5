/**
 * What the page and the perception worker say to each other (over comlink: control plane only, never a frame).
 */
import type { ErrorReport } from '../errors';
import type { FrameHandle } from '../media/timed-frame';
import type { OverlayView } from '../overlay/view';
import type { EngineKind, IgnoreRegion } from '../perception/engine';
import type { SceneEvent } from '../scene/events';
import type { SceneCamera } from '../scene/scene';
import type { InspectionReport, InspectionRequest } from './inspector';
import type { SceneDigest } from './scene-digest';

/** Which engine the user wants. */
export type EngineChoice = EngineKind | 'auto';

/** Where a model comes from. */
export type ModelRequest =
  /** Whatever built-in network suits this machine: see `pipeline/tiers`. */
  | { readonly kind: 'auto' }
  /** A manifest's address; files are found relative to it. */
  | { readonly kind: 'manifest'; readonly url: string }
  /** A dropped ONNX file with the answers to what the file cannot say. */
  | { readonly kind: 'file'; readonly bytes: ArrayBuffer; readonly manifest: unknown };

/** Progress of loading a model: a fraction of the download, then the compilation. */
export interface ModelProgress {
  readonly phase: 'download' | 'verify' | 'compile';
  /** Bytes so far and in all (download), else 0 of 0. */
  readonly loaded: number;
  readonly total: number;
}

/** What runs after a model was loaded. */
export interface EngineReport {
  readonly kind: EngineKind;
  readonly model: string;
  readonly title: string;
  readonly licence: string;
  readonly description: string;
  /** Why it is not the engine one would expect; null when it is. */
  readonly fallback: ErrorReport | null;
  readonly tier: string;
  /** Why this model, for people; empty where somebody chose it. */
  readonly choice: string;
}

/** A digest of the last second or so; times in milliseconds, rates per second. */
export interface StageReport {
  readonly sourceFps: number;
  readonly pictureFps: number;
  readonly inferenceFps: number;
  /** From a frame's arrival to its mask on screen; null before the first mask. */
  readonly latencyP50: number | null;
  readonly latencyP95: number | null;
  /** Age of the drawn mask against the drawn picture (live), or delay added to the picture (synced); null before the first. */
  readonly maskAge: number | null;
  readonly frames: number;
  readonly dropped: number;
  /** Medians of the last ones; null before the first. */
  readonly stages: {
    readonly preprocess: number | null;
    readonly model: number | null;
    readonly postprocess: number | null;
    readonly draw: number | null;
    readonly source: 'gpu-timestamps' | 'clock';
  };
  /** Share of the picture that is drivable, 0 to 1; null before the first mask. */
  readonly drivableShare: number | null;
  /** Mean probability of the chosen class, 0 to 1; null before the first mask. */
  readonly confidence: number | null;
  /** Against the source's own ground truth: IoU (0 to 1) for each class id, null where absent. */
  readonly truth: { readonly perClass: readonly (number | null)[]; readonly drivable: number | null } | null;
  /** The road as geometry; null before the first mask. */
  readonly scene: SceneDigest | null;
  /** What the governor last did, for people; empty when it did nothing. */
  readonly governor: string;
  readonly stride: number;
  readonly liveObjects: { readonly frames: number; readonly buffers: number; readonly textures: number };
  /** Bytes of pixels read back from the GPU for the last inference. */
  readonly readBackBytes: number;
}

/** What the worker tells without being asked. */
export type StageEvent =
  | { readonly type: 'report'; readonly report: StageReport }
  | { readonly type: 'engine'; readonly engine: EngineReport }
  | { readonly type: 'progress'; readonly progress: ModelProgress }
  | { readonly type: 'source-ended' }
  /** The canvas is of no more use (device lost): the page answers with `replaceCanvas`. */
  | { readonly type: 'canvas-needed' }
  | { readonly type: 'notice'; readonly error: ErrorReport }
  /** What happened in the scene, in the order of media time; never empty. */
  | { readonly type: 'scene-events'; readonly events: readonly SceneEvent[] }
  | { readonly type: 'picture'; readonly width: number; readonly height: number };

/** How the worker is started. */
export interface StageOptions {
  readonly engine: EngineChoice;
  /** Size of the canvas in device pixels. */
  readonly width: number;
  readonly height: number;
  readonly view: OverlayView;
}

/** The worker's interface. */
export interface StageApi {
  /** Takes the canvas and brings up device and renderer. Call once, before anything else. */
  start(canvas: OffscreenCanvas, options: StageOptions): Promise<void>;
  /** The one listener; replaces an earlier one. */
  listen(listener: (event: StageEvent) => void): Promise<void>;
  /** Answers `canvas-needed` with a fresh canvas of the present size. */
  replaceCanvas(canvas: OffscreenCanvas): Promise<void>;
  /** Loads a model; the running one keeps running until the new one answers, and stays when it fails. */
  loadModel(request: ModelRequest): Promise<EngineReport>;
  /** Shows a source in place of the present one. `key` names it; the present one is released. */
  attach(handle: FrameHandle, key: string): Promise<void>;
  detach(): Promise<void>;
  setView(view: OverlayView): Promise<void>;
  setIgnoreRegion(region: IgnoreRegion | null): Promise<void>;
  /**
   * How the scene knows its camera; null for the usual one, which finds itself.
   * @throws CarriagewayError `camera-model-invalid`
   */
  setSceneCamera(camera: SceneCamera | null): Promise<void>;
  /** Canvas size in device pixels. */
  resize(width: number, height: number): Promise<void>;
  /** Stops drawing and inference (page hidden, or by the user), or goes on. Frames are dropped meanwhile. */
  setPaused(paused: boolean): Promise<void>;
  /** A PNG of the picture as shown, with or without the overlay, at the picture's own size. */
  snapshot(withOverlay: boolean): Promise<Blob>;
  /**
   * Holds the picture on screen and runs the network on it with levels of its pyramid switched off; null ends that and
   * goes on. Another source or network ends it too, and a call that was under way resolves to null.
   * @throws CarriagewayError `pyramid-unavailable`
   */
  inspect(request: InspectionRequest | null): Promise<InspectionReport | null>;
  /** Loses the device on purpose: for tests of recovery. */
  loseDevice(): Promise<void>;
  dispose(): Promise<void>;
}
