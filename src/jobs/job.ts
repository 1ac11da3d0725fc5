/**
 * What can be made of a recording in the background, as plain data: the page asks, a worker of its own does it, and
 * whatever happens there, the picture on the page goes on.
 */
import type { ErrorReport } from '../errors';
import type { LabelParts } from '../labels/label-parts';
import type { WrittenWords } from '../media/written-words';
import type { OverlayView } from '../overlay/view';
import type { EngineKind, IgnoreRegion } from '../perception/engine';
import type { RecordingParts } from '../sources/recording/recording';
import type { TimeRange } from '../sources/source';
import type { JobDrive } from './drive-figures';
import type { FrameRecord } from './frame-record';

/** The network that a job runs, as the page knows it. */
export type JobModel =
  | { readonly kind: 'manifest'; readonly url: string }
  | { readonly kind: 'file'; readonly bytes: ArrayBuffer; readonly manifest: unknown };

/** What every job needs. */
export interface JobBase {
  readonly recording: RecordingParts;
  /** Name of the recording. */
  readonly name: string;
  readonly model: JobModel;
  readonly engine: EngineKind;
  /** Where nothing is labelled. */
  readonly ignore: IgnoreRegion | null;
  /** Labels to compare with (analyses); null without. */
  readonly labels: LabelParts | null;
  /** What is written into pictures; in English without. */
  readonly words?: WrittenWords;
}

interface ExportBase extends JobBase {
  /** The part to export; null for all. */
  readonly range: TimeRange | null;
  /** Where it is written. */
  readonly target: FileSystemFileHandle;
}

/** Containers of an annotated video. */
export type VideoContainer = 'mp4' | 'webm';

/** One job. */
export type Job =
  | (JobBase & { readonly kind: 'analysis' })
  | (ExportBase & {
      readonly kind: 'video';
      readonly container: VideoContainer;
      readonly view: OverlayView;
      /** Whether time and figures are drawn into the picture. */
      readonly figures: boolean;
      /** Whether the place where it was recorded is carried over. */
      readonly keepPlace: boolean;
      /** What the recording says of the drive; absent or null without. */
      readonly drive?: JobDrive | null;
      /** Whether people and vehicles are blurred, as far as the model sees them. */
      readonly blur: boolean;
    })
  | (ExportBase & {
      readonly kind: 'masks';
      readonly colours: readonly string[];
      /** Longest side of a mask in pixels; null for that of the picture. */
      readonly side: number | null;
    })
  | (ExportBase & { readonly kind: 'coco' })
  | (ExportBase & {
      readonly kind: 'table';
      readonly format: 'csv' | 'json';
      /** See above. */
      readonly drive?: JobDrive | null;
    });

/** How far a job is. */
export interface JobProgress {
  readonly frames: number;
  /** Share done, 0 to 1. */
  readonly share: number;
  /** Frames per second. */
  readonly rate: number;
  /** Seconds until done; null until it can be told. */
  readonly left: number | null;
  /** Records that were added since the last report (analyses only). */
  readonly records: readonly FrameRecord[];
}

/** Something that people should know of a result. */
export type JobNote =
  /** Files that could not be read and were left empty: some by name, and how many more. */
  | { readonly kind: 'unread'; readonly files: readonly string[]; readonly more: number }
  /** Frames for which the model gave no numbers; they count as wrong where labels are. */
  | { readonly kind: 'broken'; readonly broken: number; readonly frames: number }
  /** Sound that was left out: unreadable, or of a codec that the container does not take. */
  | { readonly kind: 'sound-unread' | 'sound-unfit'; readonly codec: string }
  /** Sound of another kind than the first file’s. */
  | { readonly kind: 'sound-of-others'; readonly files: readonly string[] }
  /** A place was wished for, and the recording says none. */
  | { readonly kind: 'no-place' };

/** How a job ended. */
export type JobAnswer =
  | {
      readonly ok: true;
      readonly frames: number;
      /** What people should know of the result, e.g. that sound was left out. */
      readonly notes: readonly JobNote[];
    }
  /** Null when it was cancelled. */
  | { readonly ok: false; readonly error: ErrorReport | null };

/** The worker's interface. One worker does one job. */
export interface JobWorkerApi {
  /** Does the job. Every report has arrived when it answers. */
  run(job: Job, report: (progress: JobProgress) => void): Promise<JobAnswer>;
  /** Ends the job at the next frame; `run` answers that it was cancelled. */
  cancel(): void;
}
