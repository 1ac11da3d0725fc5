/** The port between the engine on the processor and the runtimes it can have: pictures in, scores out. */
import type { ModelManifest } from '../model/manifest';

/** A network in a runtime. One run at a time. */
export interface ScoreRunner {
  /** The manifest as the file has it: a runtime may order the axes of input and output in its own way. */
  readonly manifest: ModelManifest;
  /** The part of the network's input that holds the picture, to be filled before each run: 3 · width · height floats. */
  readonly image: Float32Array;
  /** The weight of each pyramid level; empty where there is no gate. */
  readonly gate: Float32Array;
  /** What runs, for people: runtime, threads, build. */
  readonly description: string;
  /**
   * Runs the network on `image` and `gate`.
   * @returns channels · width · height scores
   * @throws CarriagewayError `model-load-failed` when they are not as many as the manifest says
   */
  run(): Promise<Float32Array>;
}
