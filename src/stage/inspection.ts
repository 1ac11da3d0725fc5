/** What the pyramid inspector is asked, and what it answers: plain data. */
import type { TruthScore } from '../labels/truth-meter';

/** What is to be seen. */
export interface InspectionRequest {
  /** For each level of the pyramid, coarsest first, whether it takes part. */
  readonly levels: readonly boolean[];
  /** Whether cells that changed are painted. */
  readonly heat: boolean;
  /** The level whose pooled cells are drawn, by its number of bins a side; null for none. */
  readonly cells: number | null;
}

/** How many cells went from one class to another. */
export interface Flip {
  readonly from: number;
  readonly to: number;
  /** Share of all labelled cells, 0 to 1. */
  readonly share: number;
}

/** What the levels that are on make of the frame, against all of them. */
export interface InspectionReport {
  /** Bins a side of each level, coarsest first. */
  readonly bins: readonly number[];
  readonly levels: readonly boolean[];
  /** Share of the cells whose class differs, 0 to 1. */
  readonly flipped: number;
  /** The most frequent changes, largest first; at most three. */
  readonly flips: readonly Flip[];
  /** Against the source's labels, with these levels and with all; null without labels. */
  readonly truth: { readonly now: TruthScore; readonly all: TruthScore } | null;
}
