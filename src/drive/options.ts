/** What can be chosen about a drive. */

/** All weathers and lights: what `?mood=` takes. */
export const DRIVE_MOODS = [
  'sun',
  'overcast',
  'dusk',
  'rain',
  'night',
  'rain-night',
  'snow',
  'snow-night',
  'fog',
] as const;

/** Weather and light. */
export type DriveMood = (typeof DRIVE_MOODS)[number];

/** `low` leaves out antialiasing, softness and mirrors and renews shadows seldom: for machines that draw in software. */
export type DriveQuality = 'low' | 'normal';

/** What of the own car is in the picture: nothing, a bonnet, a dashboard with a pillar, or a lorry's sill and mirrors. */
export const DRIVE_CARS = ['none', 'bonnet', 'dashboard', 'lorry'] as const;

/** See `DRIVE_CARS`. */
export type DriveCar = (typeof DRIVE_CARS)[number];

/** How the camera sees: the seed's own dashcam, a narrow or a wide lens, or one that hangs askew. */
export const DRIVE_LENSES = ['own', 'narrow', 'wide', 'tilted'] as const;

/** See `DRIVE_LENSES`. */
export type DriveLens = (typeof DRIVE_LENSES)[number];

/** How a street is looked at. */
export interface DriveLook {
  /** Weather; left out, the seed decides (seed 1 is a sunny day). */
  readonly mood?: DriveMood;
  /** Left out: nothing of the own car. */
  readonly car?: DriveCar;
  /** Left out: the seed's own. */
  readonly lens?: DriveLens;
}

/** Options of a running drive. */
export interface DriveOptions extends DriveLook {
  /** Any whole number; the street, its traffic and (unless given) its mood follow from it. */
  readonly seed: number;
  /** Picture size in pixels; with `auto` quality no more than 480 across where a program draws. */
  readonly width: number;
  readonly height: number;
  /** Frames per second at most. */
  readonly fps: number;
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
