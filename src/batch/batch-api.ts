/**
 * What `npm run analyse` asks of the page that works for it, and what it hears: plain data, known to both.
 */
import type { ErrorReport } from '../errors';

/** Files that can be made of a recording, by the names under which they lie in its folder. */
export const PRODUCTS = ['figures.json', 'figures.csv', 'masks.zip', 'coco.json', 'video.mp4'] as const;

/** One of them. */
export type Product = (typeof PRODUCTS)[number];

/** Engines that can be asked for. */
export const BATCH_ENGINES = ['auto', 'webgpu', 'cpu', 'wasm'] as const;

/** How recordings are worked on. */
export interface BatchSettings {
  /** Name of a model in the catalogue; null for the one that suits the machine. Not looked at beside a file. */
  readonly model: string | null;
  readonly engine: (typeof BATCH_ENGINES)[number];
}

/** A recording among files: its title, and which of the files it is made of, by their places. */
export interface PlannedRecording {
  readonly title: string;
  readonly files: readonly number[];
}

/** What files are. */
export interface BatchPlan {
  readonly recordings: readonly PlannedRecording[];
  /** What belongs to none, and why. */
  readonly left: readonly { readonly path: string; readonly why: string }[];
}

/** What is worked with. */
export interface BatchOpened {
  readonly ok: true;
  /** Title of the model. */
  readonly model: string;
  readonly engine: string;
  /** What people should know before the work begins; empty when nothing. */
  readonly note: string;
}

/** How one product went. */
export interface BatchMade {
  readonly ok: true;
  readonly frames: number;
  /** What people should know of it; empty when nothing. */
  readonly note: string;
}

/** What went wrong. */
export interface BatchFailed {
  readonly ok: false;
  readonly error: ErrorReport;
}

/** The page's side. Its files lie in two inputs, `recording-files` and `model-files`. */
export interface BatchPage {
  /**
   * Sorts files out. Before any work: what an earlier run left half made is deleted.
   * @param paths where each lay, below what was given
   */
  plan(paths: readonly string[]): Promise<BatchPlan>;
  /** Takes the files for one recording. Everything from here on is about it. */
  open(paths: readonly string[], settings: BatchSettings): Promise<BatchOpened | BatchFailed>;
  /** Makes one product. */
  make(product: Product): Promise<BatchMade | BatchFailed>;
  /** Downloads what was made last. */
  hand(): Promise<void>;
  /** Deletes what was made last. */
  discard(): Promise<void>;
}

/** Name of the function that hears how far the running product is: share done, frames a second. */
export const TOLD = 'carriagewayTold';

declare global {
  /** The interface, in the page that works for a program. */
  var carriageway: BatchPage;
}
