/**
 * What the page and the file worker say to each other (over comlink: control plane only, frames go through the port).
 */
import type { ErrorReport } from '../../errors';
import type { LabelParts } from '../../labels/label-parts';
import type { LabelSurvey } from '../../labels/reading/label-survey';
import type { SourceEvent, TimeRange } from '../source';
import type { OpeningTold } from './open-recording';
import type { RecordingInfo, RecordingParts } from './recording';

/** Answer to `open`. A thrown error would lose its code on the way. */
export type OpenAnswer =
  | { readonly ok: true; readonly info: RecordingInfo }
  | { readonly ok: false; readonly error: ErrorReport };

/** The worker's interface. One worker plays one recording. */
export interface FileWorkerApi {
  /**
   * Opens the recording and starts playing it into the ports. Call once, before anything else.
   * @param ports one for each camera, in their order; transferred, and closed by the worker when it cannot open it
   * @param told of how many files of many are opened
   */
  open(
    parts: RecordingParts,
    ports: readonly MessagePort[],
    report: (event: SourceEvent) => void,
    told?: OpeningTold,
  ): Promise<OpenAnswer>;
  play(): void;
  pause(): Promise<void>;
  seek(seconds: number): Promise<void>;
  step(frames: number): Promise<void>;
  setRate(rate: number): void;
  setLoop(loop: boolean): void;
  /** See `SourceControls.setLabels`. */
  setLabels(labels: LabelParts | null, camera: number): Promise<number>;
  /** See `SourceControls.surveyLabels`. */
  surveyLabels(labels: LabelParts, dictionary: string | null): Promise<LabelSurvey>;
  /** See `SourceControls.numberAt`. */
  numberAt(seconds: number): Promise<number>;
  /** See `SourceControls.thumbnail`; one at a time. */
  thumbnail(seconds: number, width: number, camera?: number): Promise<ImageBitmap>;
  setRange(range: TimeRange | null): void;
  /** See `SourceControls.place`. */
  place(): Promise<string | null>;
  /** Closes every frame and the port; the worker can then be terminated. */
  dispose(): Promise<void>;
}
