/**
 * A frame on its way: pixels with their time, turn and, where the source knows it, the truth. Sources make them, the
 * stage reads them; neither needs to know the other.
 */
import type { ClassList } from '../taxonomy/class-list';
import { type Rect, type Rotation, type Size, uprightSize } from './size';

/** A label map that belongs to one frame, row-major, upright. */
export interface LabelMap {
  readonly width: number;
  readonly height: number;
  /** `width * height` class ids; 255 is void. */
  readonly ids: Uint8Array;
  /** What the ids mean; our own classes where it is left out. */
  readonly list?: ClassList;
  /** Whether its file told how it stands; otherwise its proportions have to. */
  readonly upright?: true;
}

/** A point on the ground as the camera sees it: across its line of sight and along it, metres. */
interface SightedPoint {
  readonly right: number;
  readonly ahead: number;
}

/** What really stands where at the moment of a frame. */
export interface GeometryTruth {
  /** Downward tilt of the camera against the road, degrees, and its height, metres. */
  readonly pitchDeg: number;
  readonly height: number;
  /** Near to far. */
  readonly leftKerb: readonly SightedPoint[];
  readonly rightKerb: readonly SightedPoint[];
  readonly obstacles: readonly {
    readonly at: SightedPoint;
    readonly classId: number;
    readonly yawDeg: number;
    readonly length: number;
    readonly width: number;
  }[];
}

/** One frame as it leaves a source. Whoever receives it owns `frame` and closes it exactly once. */
export interface TimedFrame {
  readonly frame: VideoFrame;
  /** Media time in microseconds, monotonic except across a seek or loop. */
  readonly timestamp: number;
  /** Turn that brings the stored pixels upright. `frame`'s own rotation metadata, if any, is already in here. */
  readonly rotation: Rotation;
  /** Increases by one whenever time jumps (seek, loop, switch): temporal smoothing starts afresh. */
  readonly epoch: number;
  /** Ground truth, where the source knows it (the simulated drive). */
  readonly truth?: LabelMap;
  /** What stands where, where the source knows it. */
  readonly geometry?: GeometryTruth;
  /** Parts of the upright picture that show nothing, as shares of it: they have no mask. */
  readonly blanks?: readonly Rect[];
}

/** Size of a frame's picture once it stands upright, in pixels; a closed frame has none. */
export function pictureSize({ frame, rotation }: Pick<TimedFrame, 'frame' | 'rotation'>): Size {
  return uprightSize({ width: frame.displayWidth, height: frame.displayHeight }, rotation);
}

/**
 * The reading end of a source, in the worker that runs perception.
 * `read` resolves to the next frame, or to null at the end. It rejects with a `CarriagewayError` on failure.
 */
export interface FrameReader extends AsyncDisposable {
  /** Whether frames come by themselves (a camera): none for a while then means that the picture has stopped. */
  readonly live?: boolean;
  /** Whether frames are made when they are asked for: one that nobody will look at need not be. */
  readonly onDemand?: boolean;
  read(): Promise<TimedFrame | null>;
}

/**
 * What a source hands to the perception worker: something that can be transferred.
 * A track can only be opened in the window: the stream of one that comes by a connection is transferred, a camera's frames
 * are sent through a port, as are those of sources in workers of their own (see `track-frames`, `frame-port`).
 */
export type FrameHandle =
  | { readonly kind: 'stream'; readonly stream: ReadableStream<VideoFrame>; readonly rotation: Rotation }
  | {
      readonly kind: 'port';
      readonly port: MessagePort;
      /** Whether frames come by themselves, as a camera's do: when none comes, what is seen is no longer so. */
      readonly live?: boolean;
      /** Whether each frame is made when it is asked for, as a drawn one is. */
      readonly onDemand?: boolean;
    };
