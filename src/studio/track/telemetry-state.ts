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

/** How speeds are shown. */
export type SpeedUnit = 'km/h' | 'mph';

/** What the track is coloured by. */
export type TrackColour = 'speed' | 'drivable';
