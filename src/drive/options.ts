/** What can be chosen about a drive. */

/** Weather and light. */
export type DriveMood = 'sun' | 'overcast' | 'dusk' | 'rain';

/** `low` leaves out antialiasing, glare and softness and renews shadows seldom: for machines that draw in software. */
export type DriveQuality = 'low' | 'normal';

/** All moods. */
export const DRIVE_MOODS: readonly DriveMood[] = ['sun', 'overcast', 'dusk', 'rain'];

/** Options of a running drive. */
export interface DriveOptions {
  /** Any whole number; the street, its traffic and (unless given) its mood follow from it. */
  readonly seed: number;
  /** Picture size in pixels. */
  readonly width: number;
  readonly height: number;
  /** Frames per second at most. */
  readonly fps: number;
  /** Weather; left out, the seed decides (seed 1 is a sunny day). */
  readonly mood?: DriveMood;
  /** `auto` is low where the graphics context is drawn by the processor. */
  readonly quality: DriveQuality | 'auto';
  /** Whether each frame carries its class ids. */
  readonly truth: boolean;
}

/** A bright street at a size and rate that a laptop without a GPU nearly holds. */
export const DEFAULT_DRIVE: DriveOptions = {
  seed: 1,
  width: 640,
  height: 360,
  fps: 25,
  quality: 'auto',
  truth: true,
};

/** Size of the truth that travels with live frames: enough for IoU in a HUD, 14 KB. */
export const LIVE_TRUTH = { width: 160, height: 90 } as const;
