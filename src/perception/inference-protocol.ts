/**
 * What the WebAssembly engine and its worker say to each other. Requests carry numbers, answers repeat them; pixels
 * are transferred, never copied.
 */
import type { ErrorReport } from '../errors';
import type { Rotation } from '../media/size';
import type { ClassMap, IgnoreRegion, StageTimes } from './engine';
import type { StartedMessage, StartMessage, WarmMessage } from './network-protocol';
import type { StoredPixels } from './preprocess';

/** One frame's request. */
export interface InferMessage {
  readonly type: 'infer';
  readonly id: number;
  readonly stream: number;
  /** The frame's pixels, read already. Transferred, and given back with the answer. */
  readonly pixels: StoredPixels;
  readonly rotation: Rotation;
  readonly smoothing: number;
  readonly reset: boolean;
  readonly ignore: IgnoreRegion | null;
  readonly gate: readonly number[] | null;
  /** A mask that is no longer drawn, to be painted over; null when there is none yet. */
  readonly recycled: Uint8Array<ArrayBuffer> | null;
}

/** To the worker. */
export type ToInference =
  | WarmMessage
  | StartMessage
  | { readonly type: 'open'; readonly stream: number; readonly width: number; readonly height: number }
  | { readonly type: 'close'; readonly stream: number }
  | InferMessage;

/** One frame's answer. */
export interface InferenceAnswer {
  /** The memory of the frame's pixels, for another frame. */
  readonly pixels: StoredPixels['data'];
  readonly mask: Uint8Array<ArrayBuffer>;
  readonly classMap: ClassMap;
  readonly times: StageTimes;
}

/** From the worker. */
export type FromInference =
  | StartedMessage
  | { readonly type: 'start-failed'; readonly error: ErrorReport }
  | { readonly type: 'answer'; readonly id: number; readonly answer: InferenceAnswer }
  | { readonly type: 'infer-failed'; readonly id: number; readonly error: ErrorReport };
