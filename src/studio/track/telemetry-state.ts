/** What the page knows of the drive of a recording, beside what its network saw. */
import type { Track } from '../../telemetry/track';

/** Of the session of a source. */
export interface TelemetryState {
  readonly track: Track | null;
  /** Files beside the recording that were brought along or later. */
  readonly beside: readonly File[];
  /** Seconds by which the clock of those files is ahead, as the user set it. */
  readonly ahead: number;
  /** Whether it is being read. */
  readonly busy: boolean;
}

/** Before anything was read. */
export const NO_TELEMETRY: TelemetryState = { track: null, beside: [], ahead: 0, busy: false };

/** What of the drive goes into exports. */
export interface DriveShare {
  /** Whether speed and heading are written into videos. */
  readonly burn: boolean;
  /** Whether places go along. */
  readonly places: boolean;
  /** Metres around the first and the last place that do not. */
  readonly cut: number;
}

/** Nothing about places leaves unless it is asked for, and then not where the drive began and ended. */
export const USUAL_SHARE: DriveShare = { burn: false, places: false, cut: 200 };

/** What the track is coloured by. */
export type TrackColour = 'speed' | 'drivable';
