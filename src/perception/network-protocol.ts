/**
 * What the worker that makes masks and the worker in which the network runs say to each other. Tensors are transferred,
 * never copied: an input comes back with its scores, for another picture.
 */
import type { ErrorReport } from '../errors';
import type { ModelManifest, ModelRuntime } from '../model/manifest';

/** How a network is started. */
export interface StartMessage {
  readonly type: 'start';
  readonly manifest: ModelManifest;
  readonly bytes: ArrayBuffer;
  /** What runs the file. */
  readonly runtime: ModelRuntime;
  /** WebAssembly threads, at least 1; LiteRT takes this many at most. */
  readonly threads: number;
}

/** The runtime may load already, while the network is still on its way. */
export interface WarmMessage {
  readonly type: 'warm';
  readonly runtime: ModelRuntime;
  /** As in `StartMessage`; null while that is not known, and with it which build of the runtime it will be. */
  readonly threads: number | null;
}

/** A network is there: its manifest as the file has it (order of axes, its output as it really answers). */
export interface StartedMessage {
  readonly type: 'started';
  readonly description: string;
  readonly manifest: ModelManifest;
}

/** To the network's worker. Runs are answered in their order. */
export type ToNetwork =
  | WarmMessage
  | StartMessage
  | {
      readonly type: 'run';
      /** The network's input: 3 · width · height floats. */
      readonly image: Float32Array<ArrayBuffer>;
      /** The weight of each pyramid level; ones where nothing is said. */
      readonly gate: readonly number[] | null;
    };

/** One run. */
export interface NetworkRun {
  /** The input, given back. */
  readonly image: Float32Array<ArrayBuffer>;
  readonly scores: Float32Array<ArrayBuffer>;
  /** Milliseconds of the network itself. */
  readonly took: number;
}

/** From the network's worker. */
export type FromNetwork =
  | StartedMessage
  | { readonly type: 'start-failed'; readonly error: ErrorReport }
  | ({ readonly type: 'scores' } & NetworkRun)
  | { readonly type: 'run-failed'; readonly error: ErrorReport };
