/**
 * What a recording is, whatever it is made of: one video, several that a dashcam wrote one after the other, several
 * cameras side by side, or a folder of pictures. Player, analysis and exports know nothing but this.
 */
import type { AudioCodec, EncodedPacket } from 'mediabunny';
import type { ErrorReport } from '../../errors';
import type { Orientation } from '../../media/orientation';
import type { Rect, Rotation } from '../../media/size';
import type { LabelMap } from '../../media/timed-frame';
import type { CameraInfo, RecordingPart } from '../source';
import type { ClockJump } from './clock/clock-jump';
import type { QueuedFrame } from './frame-queue';
import type { RemoteParts } from './remote-file';

/** A camera in a picture of one or several. */
export interface CameraCell {
  /** As its files name it. */
  readonly name: string;
  /** When what it shows was taken, in milliseconds since 1970. */
  readonly clock: number;
  /** Its place in the upright picture, as shares of it. */
  readonly place: Rect;
}

/** A decoded frame; whoever holds it closes `frame` once, by itself or through `close`. */
export interface FileFrame extends QueuedFrame {
  readonly frame: VideoFrame;
  readonly rotation: Rotation;
  /** Length in seconds, 0 when unknown. */
  readonly duration: number;
  /** How the file stores its pixels, where that is not upright and `rotation` does not say it. */
  readonly stored?: Orientation;
  /** What the picture shows, where somebody labelled it. */
  readonly truth?: LabelMap;
  /** Parts of the upright picture that show nothing, as shares of it: they have no mask. */
  readonly blanks?: readonly Rect[];
  /** What the other cameras show at this moment, in their order; closed with this frame. */
  readonly beside?: readonly FileFrame[];
  /** The cameras that have something to show, where their files tell the time. */
  readonly cells?: readonly CameraCell[];
  /** Name of the file that should have been here and cannot be read. */
  readonly unread?: string;
}

/** Of a camera that shows nothing: all of its picture is blank. */
export const ALL_BLANK: readonly Rect[] = [{ x: 0, y: 0, width: 1, height: 1 }];

/** A file's sound as it is stored: nothing is decoded. */
export interface FileSound {
  readonly codec: AudioCodec;
  readonly config: AudioDecoderConfig;
  /** Names of files whose sound is of another kind and was left out of the packets given so far. */
  readonly left?: readonly string[];
  /** Packets that begin at or after `from` and before `to`, with their times, all in seconds of media time. */
  packets(from: number, to: number): AsyncGenerator<EncodedPacket, void, undefined>;
}

/** Whether the packets of one sound can stand behind those of the other in one track. */
export function soundsAlike(one: FileSound, other: FileSound | null): other is FileSound {
  return (
    other?.codec === one.codec &&
    other.config.sampleRate === one.config.sampleRate &&
    other.config.numberOfChannels === one.config.numberOfChannels
  );
}

/** What is known of a recording once it is open. */
export interface RecordingInfo {
  /** Upright display size in pixels. */
  readonly width: number;
  readonly height: number;
  /** Frames per second; absent when the rate varies. */
  readonly frameRate?: number;
  /** Length in seconds. */
  readonly duration: number;
  /** When the first picture was taken by the recorder's own clock, in milliseconds since 1970; absent when unknown. */
  readonly began?: number;
  /** Minutes by which the recorder's zone is ahead of UTC; null when it did not say (`began` is then what it showed). */
  readonly beganZone?: number | null;
  /** Time of its first picture by the file's own clock, in seconds, where that is not nought. */
  readonly containerStart?: number;
  /** Where its clock jumped, or nothing was recorded; media times. */
  readonly jumps?: readonly ClockJump[];
  /** What its viewer has to be told. */
  readonly notices?: readonly ErrorReport[];
  /** Moments that the recording itself tells of, in seconds of media time. */
  readonly events?: readonly { readonly seconds: number; readonly note: string }[];
  /** The files it was put together from, in order, where there are several. */
  readonly parts?: readonly RecordingPart[];
  /** Its cameras, where there are several. */
  readonly cameras?: readonly CameraInfo[];
}

/** An open recording. Media time starts at 0 with the first picture. `Symbol.dispose` ends every iteration. */
export interface Recording extends Disposable {
  readonly info: RecordingInfo;
  /**
   * The frames from the one at or before `seconds` on, in order of presentation. Leaving the loop frees the decoder.
   * @param camera of several, the one whose pictures are wanted; as it was opened where it is left out
   * @throws CarriagewayError `source-truncated` where it is damaged or ends before its announced length
   */
  frames(seconds: number, camera?: number): AsyncGenerator<FileFrame, void, undefined>;
  /** Of several cameras: the same of the first one, each frame with what the others show `beside` it. */
  views?(seconds: number): AsyncGenerator<FileFrame, void, undefined>;
  /**
   * Time of the frame that stands `frames` frames after (before, when negative) the one shown at `seconds`; 0 names that
   * one itself. No further than the first and the last frame.
   */
  neighbour(seconds: number, frames: number): Promise<number>;
  /** Number of the frame shown at a time, from 0: the n-th that is shown has number n, at whatever rate. */
  numberAt(seconds: number): Promise<number>;
  /** How many frames it has. */
  frameCount(): Promise<number>;
  /** Its sound; null when there is none. */
  sound(): Promise<FileSound | null>;
  /** Where it was recorded, as ISO 6709 has it (`+27.59+086.56/`); null when it does not say. */
  place(): Promise<string | null>;
}

/** What a recording is made of, as plain data that travels between page and workers. */
export type RecordingParts =
  /** Videos one behind the other, at least one. */
  | { readonly kind: 'videos'; readonly videos: readonly Blob[] }
  /** Several cameras of one vehicle. */
  | {
      readonly kind: 'cameras';
      /** Place of the one whose pictures are its frames; without it, all stand in one picture. */
      readonly camera?: number;
      /** The one that is followed first; at least one, each with at least one clip. */
      readonly cameras: readonly CameraClips[];
      /** Seconds by which the recordings of all others are ahead of the first one's at the same moment. */
      readonly offset: number;
      /** What happened, by the clock that clips have; null when nothing is known. */
      readonly event: { readonly clock: number; readonly note: string } | null;
    }
  /** A video at an address, read by ranges. */
  | RemoteParts
  /** Pictures, each a frame; their paths, where they lay in folders, are their names. */
  | {
      readonly kind: 'pictures';
      readonly pictures: readonly Blob[];
      readonly paths?: readonly string[];
      /** Stands in place of a picture that cannot be read, below its name, in the page's language. */
      readonly unread?: string;
    };

/** What one camera recorded: files in order. */
export interface CameraClips {
  /** `front`, `rear`, …; empty where there is one camera only. */
  readonly name: string;
  /** Stands in place of its picture where it recorded nothing, in the page's language; its name alone without. */
  readonly empty?: string;
  readonly clips: readonly {
    readonly file: Blob;
    /** When it began by the recorder's clock, in milliseconds since 1970; null where its name does not say. */
    readonly clock: number | null;
    /** Which moment of the drive it shows, counted over all cameras, where no clock but its name tells. */
    readonly moment?: number;
  }[];
}

/** All files of a recording; none where it lies at an address. */
export function filesOf(parts: RecordingParts): readonly Blob[] {
  switch (parts.kind) {
    case 'videos':
      return parts.videos;
    case 'pictures':
      return parts.pictures;
    case 'address':
      return [];
    case 'cameras':
      return parts.cameras.flatMap(({ clips }) => clips.map(({ file }) => file));
  }
}

/** Paths of the pictures that frames come from, by number; null where they come from videos. */
export function picturePaths(
  parts: RecordingParts,
  { parts: files }: Pick<RecordingInfo, 'parts'>,
): readonly string[] | null {
  return parts.kind === 'pictures' ? (files ?? []).map(({ name }) => name) : null;
}

/** Name of a file; an empty one for bytes without. */
export function nameOf(file: Blob): string {
  return file instanceof File ? file.name : '';
}
