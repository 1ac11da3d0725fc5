/**
 * What the page, tests and tools say to the drive's worker (over comlink: control plane only, frames go through the
 * port).
 */
import type { SourceEvent } from '../sources/source';
import type { DriveLook, DriveOptions, DriveQuality } from './options';
import type { CameraTruth, ObstacleTruth } from './truth';

/** A moment drawn on request: the picture and the class of each of its pixels. */
export interface DriveStill {
  /** `width * height` pixels of four bytes, first row on top. */
  readonly rgba: Uint8ClampedArray<ArrayBuffer>;
  /** `width * height` class ids, first row on top. */
  readonly ids: Uint8Array<ArrayBuffer>;
}

/** Geometry of a moment. */
export interface MomentTruth {
  readonly camera: CameraTruth;
  /** Nearest first, hidden ones too, to 80 m along the street. */
  readonly obstacles: readonly ObstacleTruth[];
}

/** Which moment of which drive. */
export interface StillOptions extends DriveLook {
  readonly seed: number;
  readonly seconds: number;
  readonly width: number;
  readonly height: number;
  readonly quality: DriveQuality;
}

/** The worker's interface. One worker drives one street at a time. */
export interface DriveWorkerApi {
  /**
   * Starts driving into the port. Call once.
   * @param port transferred
   * @throws CarriagewayError `drive-failed`
   */
  start(port: MessagePort, options: DriveOptions, report: (event: SourceEvent) => void): Promise<void>;
  play(): void;
  pause(): void;
  /** Goes to a moment, also while paused; the next frame shows it, in a new epoch. */
  seek(seconds: number): void;
  /** Draws one moment: the same options give the same pixels. @throws CarriagewayError `drive-failed` */
  still(options: StillOptions): Promise<DriveStill>;
  /** What is true at a moment of a seed's drive: how the camera hangs, where everybody is. */
  truthAt(seed: number, seconds: number): MomentTruth;
  /** Ends the drive and releases everything. */
  dispose(): Promise<void>;
}
