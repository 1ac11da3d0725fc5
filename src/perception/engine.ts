/**
 * The port between the pipeline and a network: what an engine takes, what it gives. Three engines stand behind it, one
 * on WebGPU and two on the processor; all answer the same question with the same classes.
 */
import type { Rotation } from '../media/size';
import type { ModelManifest } from '../model/manifest';

/** Which engine runs the network: the GPU, LiteRT on the processor, or onnxruntime-web on the processor. */
export type EngineKind = 'webgpu' | 'cpu' | 'wasm';

/** A point of the upright picture; x and y from 0 (left, top) to 1 (right, bottom). */
export interface PicturePoint {
  readonly x: number;
  readonly y: number;
}

/** A polygon of the upright picture that is never labelled (the own bonnet). At most 32 points. */
export type IgnoreRegion = readonly PicturePoint[];

/** The most points an ignore region may have: they travel in a uniform. */
export const IGNORE_POINTS_MAX = 32;

/** How a frame is to be read. */
export interface InferenceRequest {
  /**
   * The picture. Borrowed for the synchronous part of the call only: an engine that needs it longer clones it. The
   * caller closes it, and may do so as soon as the call has returned its promise.
   */
  readonly frame: VideoFrame;
  readonly rotation: Rotation;
  /**
   * Weight of the newest probabilities where nothing changes, 0 (frozen) to 1 (no smoothing, no motion); see
   * `smoothingAfter`. Where the picture changes the postprocess raises it to 1 by itself.
   */
  readonly smoothing: number;
  /** Drop the temporal state before this frame (first frame, seek, cut). */
  readonly reset: boolean;
  /** Pixels never labelled, or null. */
  readonly ignore: IgnoreRegion | null;
  /** One weight for each pyramid level; ones in normal use. Ignored by networks without a gate. */
  readonly gate?: readonly number[];
}

/**
 * The class map that leaves the GPU: one cell for a patch of the picture, at most 16 KB in all.
 * Row-major, upright, covering the whole picture.
 */
export interface ClassMap {
  readonly width: number;
  readonly height: number;
  /** Class id of each cell; 255 inside the ignore region. */
  readonly classes: Uint8Array;
  /** Probability that the cell is drivable, 0 to 255. */
  readonly drivable: Uint8Array;
}

/**
 * The mask at drawing size, upright, covering the whole picture. Four channels of eight bits:
 * r = class id (255 void), g = confidence (probability of the class), b = drivable probability,
 * a = 255. Valid until the second-next inference of the same stream has finished (masks are double-buffered), so a
 * drawn mask is never overwritten while the next one is computed.
 */
export type MaskImage =
  | {
      readonly kind: 'texture';
      readonly texture: GPUTexture;
      readonly width: number;
      readonly height: number;
    }
  | {
      readonly kind: 'pixels';
      readonly data: Uint8Array<ArrayBuffer>;
      readonly width: number;
      readonly height: number;
    };

/** Milliseconds spent in each stage of one inference. GPU timestamps where `source` says so. */
export interface StageTimes {
  readonly preprocess: number;
  readonly model: number;
  readonly postprocess: number;
  readonly source: 'gpu-timestamps' | 'clock';
}

/** What one inference gives. */
export interface InferenceResult {
  /** Ready to be drawn when the promise of `infer` resolves. */
  readonly mask: MaskImage;
  /** Arrives later, without anything waiting for it. Rejects only when the engine is gone. */
  readonly classMap: Promise<ClassMap>;
  /** Arrives later on WebGPU, since timestamps are read back. */
  readonly times: Promise<StageTimes>;
}

/** Per-stream state of an engine: temporal smoothing and the mask buffers. */
export interface EngineStream extends Disposable {
  /** Runs the network on one frame. The next call, of any stream, comes when this one is done or the engine is `vacant`. */
  infer(request: InferenceRequest): Promise<InferenceResult>;
}

/** A running network. Owns its session and buffers; `Symbol.dispose` releases all of them. */
export interface Engine extends AsyncDisposable {
  readonly kind: EngineKind;
  readonly manifest: ModelManifest;
  /** What runs, for people: adapter, precision, threads, graph capture or not and why. */
  readonly description: string;
  /** Threads of its runtime never came to life, and it runs with one. */
  readonly threadless?: boolean;
  /** Opens the state of one stream. `maskWidth` and `maskHeight`: size of the mask in pixels. */
  openStream(options: { readonly maskWidth: number; readonly maskHeight: number }): EngineStream;
  /**
   * Resolves when the engine takes another frame before it is done with the one it has: that is read and resized while
   * the network still runs. It is asked after each call of `infer`. An engine without it is given one frame at a time.
   * @param ahead milliseconds by which it resolves earlier: a frame that has to be made first takes so long
   */
  vacant?(ahead?: number): Promise<void>;
  /**
   * Milliseconds the engine is busy with a frame, of late, where a call takes longer because another frame is before it;
   * null before the first.
   */
  readonly busy?: number | null;
  /** Owned GPU buffers, textures and the like that are alive now: flat over time. */
  liveObjects(): { readonly buffers: number; readonly textures: number; readonly frames: number };
}
