/**
 * What a page and the stage's worker say to each other (over comlink: control plane only, never a frame). A stage shows
 * any number of views, each on a canvas of its own, all through one device and one model.
 */
import type { ErrorCode, ErrorReport } from '../errors';
import type { Size } from '../media/size';
import type { FrameHandle } from '../media/timed-frame';
import type { OverlayView } from '../overlay/view';
import type { EngineKind, IgnoreRegion } from '../perception/engine';
import type { SceneEvent } from '../scene/events';
import type { RoadEdge } from '../scene/road-edges';
import type { SceneCamera } from '../scene/scene';
import type { SceneDigest } from '../scene/scene-digest';
import type { ClassList } from '../taxonomy/class-list';
import type { GovernorNote } from './governor';
import type { InspectionReport, InspectionRequest } from './inspection';
import type { TierName } from './tiers';

/** Which engine the user wants. */
export type EngineChoice = EngineKind | 'auto';

/** Where a model comes from. */
export type ModelRequest =
  /** Whatever built-in network suits this machine: see `stage/tiers`. */
  | { readonly kind: 'auto' }
  /** A manifest's address; files are found relative to it. */
  | { readonly kind: 'manifest'; readonly url: string }
  /** A dropped ONNX file with the answers to what the file cannot say; the bytes are given away. */
  | { readonly kind: 'file'; readonly bytes: ArrayBuffer; readonly manifest: unknown };

/** Progress of loading a model: a fraction of the download, then the compilation. */
export interface ModelProgress {
  readonly phase: 'download' | 'verify' | 'compile';
  /** Bytes so far and in all (download), else 0 of 0. */
  readonly loaded: number;
  readonly total: number;
}

/** Why a model was chosen, or how it is run; times in milliseconds. */
export type ChosenNote =
  /** A larger one was tried, and was too slow. */
  | { readonly kind: 'too-slow'; readonly model: string; readonly ms: number; readonly budget: number }
  /** This machine was measured. */
  | { readonly kind: 'measured' }
  /** It is the best one as long as a mask takes no longer. */
  | { readonly kind: 'within'; readonly budget: number }
  | { readonly kind: 'best' }
  /** A program draws in place of a GPU, and is given little to do. */
  | { readonly kind: 'drawn-dearly' }
  /** Its threads never came to life, and it runs with one. */
  | { readonly kind: 'threadless' };

/** What runs after a model was loaded. */
export interface EngineReport {
  readonly kind: EngineKind;
  readonly model: string;
  readonly title: string;
  readonly licence: string;
  readonly description: string;
  /** What its masks' ids mean. */
  readonly classes: ClassList;
  /** Why it is not the engine one would expect; null when it is. */
  readonly fallback: ErrorReport | null;
  readonly tier: string;
  /** Why this model, and how it is run; empty where somebody chose it. */
  readonly chosen: readonly ChosenNote[];
}

/** What is alive in the worker: flat over time. */
export interface LiveObjects {
  readonly frames: number;
  readonly buffers: number;
  readonly textures: number;
}

/** A digest of a view's last second or so; times in milliseconds, rates per second. */
export interface ViewReport {
  readonly key: string;
  /** Name of the source all this was measured of; null while there is none. */
  readonly source: string | null;
  readonly sourceFps: number;
  /** Whether a live source has stopped to send pictures: the one on screen is frozen, and has no scene. */
  readonly stalled: boolean;
  readonly pictureFps: number;
  readonly inferenceFps: number;
  /** From a frame's arrival to its mask on screen; null before the first mask. */
  readonly latencyP50: number | null;
  readonly latencyP95: number | null;
  /** Age of the drawn mask against the drawn picture (live), or delay added to the picture (synced); null before the first. */
  readonly maskAge: number | null;
  /** Frames of the present source, and those of them that were closed without having been segmented. */
  readonly frames: number;
  readonly dropped: number;
  /** Frames, and masks, since the view is there, whatever its sources. */
  readonly allFrames: number;
  readonly allMasks: number;
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
  /** Against the source's own labels: IoU (0 to 1) for each class id, null where absent. */
  readonly truth: { readonly perClass: readonly (number | null)[]; readonly drivable: number | null } | null;
  /** The road as geometry; null before the first mask. */
  readonly scene: SceneDigest | null;
  /** What the governor last did; null when it did nothing. */
  readonly governor: GovernorNote | null;
  /** Every how many frames one is segmented. */
  readonly stride: number;
  /** Bytes of pixels read back from the GPU for the last inference. */
  readonly readBackBytes: number;
  /** Whether the mask on screen came from another viewer's model. */
  readonly remote: boolean;
}

/** What a page of one view shows: its report, with all that the worker holds. */
export type StageReport = ViewReport & { readonly liveObjects: LiveObjects };

/** What a model saw of a picture: small enough to be sent on. */
export interface SeenMap {
  readonly width: number;
  readonly height: number;
  /** `width * height` class ids, row-major. */
  readonly classes: Uint8Array;
  /** The same of the drivable probability, 0 to 255. */
  readonly drivable: Uint8Array;
  /** The road's edges in it. */
  readonly edges: readonly RoadEdge[];
}

/** The class map of one mask, for whoever wants figures rather than pictures. */
export interface MaskMap extends SeenMap {
  /** Mean probability of the chosen class over the picture, 0 to 1. */
  readonly confidence: number | null;
  /** Share of the picture that is drivable, 0 to 1; null for a model without such a class. */
  readonly drivableShare: number | null;
}

/** What the worker tells without being asked. `key` is a view's. */
export type StageEvent =
  | { readonly type: 'report'; readonly views: readonly ViewReport[]; readonly liveObjects: LiveObjects }
  | { readonly type: 'engine'; readonly engine: EngineReport }
  | { readonly type: 'progress'; readonly progress: ModelProgress }
  /** `key`: the one view it is about; null where it is about all of them. */
  | { readonly type: 'notice'; readonly key: string | null; readonly error: ErrorReport }
  | { readonly type: 'source-ended'; readonly key: string }
  /** The canvas is of no more use (device lost): the page answers with `replaceCanvas`. */
  | { readonly type: 'canvas-needed'; readonly key: string }
  | { readonly type: 'picture'; readonly key: string; readonly size: Size }
  /** What happened in the scene, in the order of media time; never empty. */
  | { readonly type: 'scene-events'; readonly key: string; readonly events: readonly SceneEvent[] }
  /** The class map of every mask, of a view that was added with `tellsMasks`. */
  | { readonly type: 'mask'; readonly key: string; readonly mask: MaskMap }
  /** At most twice a second for each view, and only while `setSharing(true)` holds. */
  | { readonly type: 'seen'; readonly key: string; readonly map: SeenMap };

/** How the worker is started. */
export interface StageOptions {
  readonly engine: EngineChoice;
  /** Why it is this engine, where somebody asked for another one. */
  readonly because?: ErrorCode;
  /** What this machine was measured to be; it counts where the engine is left to the stage. */
  readonly tier?: TierName;
  /**
   * Whether there may be more canvases than a worker is given WebGL2 contexts (Chromium: four). Without a GPU they are
   * then all drawn through one context; else the first view has one to itself, and the others share another.
   */
  readonly manyViews: boolean;
  /** Address of the folder that holds `models/`; where it is left out, the root of the page's own build. */
  readonly base?: string;
}

/** What of a view may change at any time; what is left out stays as it is. */
export interface ViewSettings {
  /** Size of the canvas in device pixels. */
  readonly size?: Size;
  readonly overlay?: OverlayView;
  /** What is never labelled; null for nothing. */
  readonly ignore?: IgnoreRegion | null;
  /** How the scene knows its camera; null for the usual one, which finds itself. */
  readonly camera?: SceneCamera | null;
  /** Neither read nor segmented: nobody sees it. */
  readonly paused?: boolean;
}

/** How a view begins. */
export interface ViewOptions extends ViewSettings {
  readonly size: Size;
  readonly overlay: OverlayView;
  /** Whether frames may be left out of the network's work to hold the picture's rate: see `stage/governor`. */
  readonly governed: boolean;
  /** Whether the class map of every mask is told: some 16 KB each. */
  readonly tellsMasks?: boolean;
}

/** The worker's interface. `key` names a view; a call about one that is not there does nothing. */
export interface StageApi {
  /** Brings up the device. Call once, before anything else. */
  start(options: StageOptions): Promise<void>;
  /** The one listener; replaces an earlier one. */
  listen(listener: (event: StageEvent) => void): Promise<void>;
  /** Loads a model; the running one keeps running until the new one answers, and stays when it fails. */
  loadModel(request: ModelRequest): Promise<EngineReport>;
  /**
   * Adds a view that draws on a canvas; nothing happens when its key is there already.
   * @throws CarriagewayError `overlay-failed` when nothing can be drawn on it
   */
  addView(key: string, canvas: OffscreenCanvas, options: ViewOptions): Promise<void>;
  removeView(key: string): Promise<void>;
  /** Answers `canvas-needed` with a fresh canvas of the present size. */
  replaceCanvas(key: string, canvas: OffscreenCanvas): Promise<void>;
  /** Shows a source in place of the present one, which is released. @param source what reports call it */
  attach(key: string, handle: FrameHandle, source: string): Promise<void>;
  detach(key: string): Promise<void>;
  /** @throws CarriagewayError `camera-model-invalid`; the camera stays as it was, the rest is set */
  set(key: string, settings: ViewSettings): Promise<void>;
  /** Stops reading and inference of all views, or goes on. */
  setPaused(paused: boolean): Promise<void>;
  /** Gives a view `FOCUS_WEIGHT` turns of the model for each turn of another; null treats all alike. */
  focus(key: string | null): Promise<void>;
  /**
   * A PNG of the picture as shown, with or without the overlay, at the picture's own size.
   * @param blur whether people and vehicles are blurred, as far as the model sees them
   * @throws CarriagewayError `snapshot-failed`, `blur-unavailable`
   */
  snapshot(key: string, withOverlay: boolean, blur: boolean): Promise<Blob>;
  /**
   * Holds a view's picture and runs the model on it with levels of its pyramid switched off; null ends that and
   * goes on. Another source or model ends it too, and a call that was under way resolves to null.
   * @throws CarriagewayError `pyramid-unavailable`
   */
  inspect(key: string, request: InspectionRequest | null): Promise<InspectionReport | null>;
  /** Whether `seen` events are wanted. */
  setSharing(sharing: boolean): Promise<void>;
  /** Shows what another viewer's model saw, until the own one has something to say. */
  showRemote(key: string, map: SeenMap): Promise<void>;
  /** Answers, for those who wonder whether the worker lives. */
  ping(): Promise<void>;
  /** Loses the device on purpose: for tests of recovery. */
  loseDevice(): Promise<void>;
  dispose(): Promise<void>;
}

/** Turns of the focused view for each turn of another. */
export const FOCUS_WEIGHT = 3;
