/**
 * What a source is: a stream of `VideoFrame`s with a clock. Cameras, files, remote streams and the simulated
 * drive all look like this to the pump, which knows nothing else of them.
 */
import type { ErrorReport } from '../errors';
import type { LabelParts } from '../labels/label-parts';
import type { LabelSurvey } from '../labels/reading/label-survey';
import type { FrameHandle } from '../media/timed-frame';

/** Kinds of sources. */
export type SourceKind = 'drive' | 'file' | 'camera' | 'remote';

/** What is known of a source once it is open. Sizes are upright display sizes in pixels. */
export interface SourceInfo {
  readonly kind: SourceKind;
  /** Stable name for settings saved per source (file name and size, device label, drive seed). */
  readonly key: string;
  /** Name shown to people. */
  readonly title: string;
  readonly width: number;
  readonly height: number;
  /** Nominal frames per second; undefined when unknown or variable. */
  readonly frameRate?: number;
  /** Length in seconds; undefined for live sources. */
  readonly duration?: number;
  /** When its first picture was taken by the recorder's own clock, in milliseconds since 1970. */
  readonly began?: number;
  /** Minutes by which the recorder's zone is ahead of UTC; null when it did not say (`began` is then what it showed). */
  readonly beganZone?: number | null;
  /** Time of its first picture by the file's own clock, in seconds, where that is not nought. */
  readonly containerStart?: number;
  /** Where the clock of a recording jumped, or nothing was recorded: marks on its timeline. Media times. */
  readonly jumps?: readonly TimelineJump[];
  /** What its viewer has to be told when it opens. */
  readonly notices?: readonly ErrorReport[];
  /** Moments that the recording itself tells of, in seconds of media time. */
  readonly events?: readonly { readonly seconds: number; readonly note: string }[];
  /** The files of a recording that has several, in order. */
  readonly parts?: readonly RecordingPart[];
  /** The cameras of a recording that has several; each has a reading end of its own. */
  readonly cameras?: readonly CameraInfo[];
  /** What cannot be found from the picture, where the source knows it (the simulated drive). */
  readonly mount?: CameraMount;
}

/** A place at which time does not simply run on. */
export interface TimelineJump {
  /** Media time of the first picture behind it, in seconds. */
  readonly at: number;
  /** By how much the recorder's clock went forward there, in seconds; below 0 it went back. */
  readonly by: number;
  /** Whether the jump was closed; else nothing is shown for as long. */
  readonly closed: boolean;
}

/** A camera's place and lens. */
interface CameraMount {
  /** Metres above the road. */
  readonly height: number;
  /** Horizontal field of view of the upright picture, radians. */
  readonly hfov: number;
}

/** One of the files of a recording that has several. */
export interface RecordingPart {
  readonly name: string;
  /** Media time at which it begins, in seconds. */
  readonly start: number;
  /** Time of its first picture by the file's own clock, in seconds, where that is not nought. */
  readonly containerStart?: number;
  /** When its first picture was taken by the recorder's own clock, in milliseconds since 1970. */
  readonly began?: number;
  readonly beganZone?: number | null;
}

/** One of the cameras of a recording that has several. Its size is the upright one of its first picture, in pixels. */
export interface CameraInfo {
  /** `front`, `rear`, … */
  readonly name: string;
  readonly width: number;
  readonly height: number;
  /** Where it has something to show, in order: media times in seconds, `to` not included. */
  readonly shows: readonly TimeRange[];
}

/** A stretch of a recording: the frames whose times lie between the two, both included. Seconds. */
export interface TimeRange {
  readonly from: number;
  readonly to: number;
}

/** Transport controls; absent ones are not offered in the interface. Times are seconds. */
export interface SourceControls {
  play?(): Promise<void>;
  pause?(): Promise<void>;
  /** Shows the frame at or before `seconds`, also while paused. */
  seek?(seconds: number): Promise<void>;
  setLoop?(loop: boolean): Promise<void>;
  /** Stands still `frames` frames further on, or back when negative. */
  step?(frames: number): Promise<void>;
  /** Speed against the recording's own; below 0 runs backwards. */
  setRate?(rate: number): Promise<void>;
  /**
   * Lays label maps beside the frames, which carry them as `truth` from then on; null takes them away. Resolves to their
   * number; rejects with `labels-unreadable`.
   * @param camera of several the one they belong to; the first where it is left out
   */
  setLabels?(labels: LabelParts | null, camera?: number): Promise<number>;
  /**
   * Looks at labels before they are laid beside the frames; rejects with `labels-unreadable`.
   * @param dictionary id of the one to read them by; null for the likeliest
   */
  surveyLabels?(labels: LabelParts, dictionary: string | null): Promise<LabelSurvey>;
  /** Number of the frame shown at a time, from 0, by the recording's index: the n-th that is shown has number n. */
  numberAt?(seconds: number): Promise<number>;
  /**
   * The picture at a time, upright and `width` pixels wide, whatever is playing; the taker closes it.
   * @param camera of several the one that took it; the first where it is left out
   */
  thumbnail?(seconds: number, width: number, camera?: number): Promise<ImageBitmap>;
  /** Where it was recorded, as ISO 6709 has it (`+27.59+086.56/`); null when it does not say. */
  place?(): Promise<string | null>;
  /** Plays no further than the end of the range, and loops inside it; null plays all. */
  setRange?(range: TimeRange | null): Promise<void>;
}

/** State a source reports while it lives. */
export type SourceEvent =
  | { readonly type: 'time'; readonly seconds: number; readonly playing: boolean }
  | { readonly type: 'ended' }
  | { readonly type: 'error'; readonly error: ErrorReport };

/**
 * A source as the page holds it. Each `handle` may be taken once; `dispose` stops everything and releases it.
 */
export interface FrameSource {
  readonly info: SourceInfo;
  readonly controls: SourceControls;
  /**
   * Takes the transferable reading end. A second call throws.
   * @param camera of several the one whose pictures come through it; the first where it is left out
   */
  handle(camera?: number): FrameHandle;
  /** Registers the one listener for events. */
  onEvent(listener: (event: SourceEvent) => void): void;
  dispose(): Promise<void>;
}
