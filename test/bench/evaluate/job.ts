/**
 * What the tool tells its page, and what the page answers: shared by both sides.
 */
import type { EngineKind } from '../../../src/perception/engine.ts';

/** The work, as JSON at `data/job`. Picture `n` is at `data/pictures/n`, the network at `data/network`. */
export interface EvaluateJob {
  readonly engine: EngineKind;
  /** The engine to compare with, if any: the share of pixels that get the same class comes with each guess. */
  readonly other: EngineKind | null;
  readonly manifest: unknown;
  /** Whether the coarse groups are wanted beside the classes. */
  readonly groups: boolean;
  /** Name and size of the label of each picture: guesses are made at that size. */
  readonly pictures: readonly { readonly name: string; readonly width: number; readonly height: number }[];
}

/**
 * How a run ended. Guesses come one by one as the bodies of `POST data/guesses/n?ms=…&same=…`: the class ids of all pixels, then,
 * if wanted, the group ids. `same`, from 0 to 1, is there with another engine only.
 */
export type EvaluateAnswer =
  | { readonly ok: true; readonly description: string }
  | { readonly ok: false; readonly sentence: string; readonly detail: string };
