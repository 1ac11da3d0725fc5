/**
 * From what the user asked for to an open source: the one place where the page knows the kinds of sources.
 */
import type { DriveCar, DriveLens, DriveMood } from '../../drive/options';
import type { LabelParts } from '../../labels/label-parts';
import type { RecordingParts } from '../../sources/recording/recording';
import type { FrameSource } from '../../sources/source';

/** Weather and light of the simulated drive; `any` lets the seed decide. */
export type DriveWeather = DriveMood | 'any';

/** Where a camera looks, as seen by who holds it. */
export type CameraFacing = 'environment' | 'user';

/** What the user asked to see. */
export type SourceRequest =
  | {
      readonly kind: 'drive';
      readonly seed: number;
      readonly mood: DriveWeather;
      readonly car?: DriveCar;
      readonly lens?: DriveLens;
    }
  | {
      readonly kind: 'camera';
      readonly deviceId: string | null;
      /** Where a camera looks that is not named. */
      readonly facing?: CameraFacing;
    }
  | {
      readonly kind: 'file';
      readonly parts: RecordingParts;
      /** Name shown to people. */
      readonly title: string;
      /** Labels that came along with it. */
      readonly labels: LabelParts | null;
      /** Whether they are what it is opened for, and are drawn at once. */
      readonly showsLabels?: boolean;
      /** Where it was opened from, when that was an address: it can be linked to. */
      readonly address?: string;
      /** Files that tell where it went, which came along with it. */
      readonly tracks?: readonly File[];
    };

/** A camera that can be picked. The label is empty until the user has allowed cameras. */
export interface CameraChoice {
  readonly deviceId: string;
  readonly label: string;
}

/**
 * Opens a source.
 * @param told of how many files of many are opened
 * @throws CarriagewayError with a `source-`, `camera-` or `drive-` code
 */
export type OpenSource = (
  request: SourceRequest,
  told?: (done: number, of: number) => void,
) => Promise<FrameSource>;

/** Street of a first visit: a sunny day. */
export const FIRST_SEED = 1;

/** Seeds offered by the page are 1 to this; larger ones are street scenes that networks were trained on. */
export const SEED_MAX = 999;
