/** What a recording says of the drive, in the files that jobs write: as columns, as fields and as lines on a picture. */
import { WRITTEN_IN_ENGLISH, type WrittenWords, written } from '../media/written-words';
import { sharedMoment } from '../telemetry/share-track';
import type { Track } from '../telemetry/track';
import { formatDegrees, formatPlace, formatSpeed, type SpeedUnit, windOf } from '../telemetry/words';

/** A track for an export. */
export interface JobDrive {
  /** With no more in it than may leave the page: see `sharedTrack`. */
  readonly track: Track;
  /** Whether places may leave: then they have columns of their own. */
  readonly places: boolean;
  /** Whether it is written into the picture, and how. */
  readonly burn: boolean;
  readonly unit: SpeedUnit;
}

/** Columns of tables: metres a second, degrees clockwise from north, degrees of the wheel, 1 for a brake that is on. */
export function driveColumns({ places }: JobDrive): readonly string[] {
  const columns = ['speed_m_s', 'heading_deg', 'steering_deg', 'brake'];
  return places ? [...columns, 'latitude', 'longitude'] : columns;
}

/** The cells of a moment; empty where nothing is known. */
export function driveCells(drive: JobDrive, seconds: number): readonly string[] {
  const fields = driveFields(drive, seconds);
  return Object.values(fields).map((value) => (value === null ? '' : String(Number(value))));
}

/** The fields of a moment, in the order of the columns; null where nothing is known. */
export function driveFields(
  { track, places }: JobDrive,
  seconds: number,
): Readonly<Record<string, number | boolean | null>> {
  const moment = sharedMoment(track, seconds);
  const rounded = (value: number | null | undefined, digits: number): number | null =>
    value === null || value === undefined ? null : Number(value.toFixed(digits));
  return {
    speed: rounded(moment?.speed, 2),
    heading: rounded(moment?.heading, 1),
    steering: rounded(moment?.steering, 1),
    brake: moment?.brake ?? null,
    // A centimetre in the last digit.
    ...(places ? { latitude: rounded(moment?.latitude, 7), longitude: rounded(moment?.longitude, 7) } : {}),
  };
}

/** The lines of a moment for a picture. */
export function driveLines(
  { track, places, unit }: JobDrive,
  seconds: number,
  words: WrittenWords = WRITTEN_IN_ENGLISH,
): readonly string[] {
  const moment = sharedMoment(track, seconds);
  const heading = (degrees: number | null) => {
    const wind = windOf(degrees);
    return written(words.heading, { degrees: formatDegrees(degrees), wind: words.winds[wind] ?? wind });
  };
  const told = (name: 'heading' | 'steering' | 'brake'): boolean => moment !== null && moment[name] !== null;
  return [
    `${formatSpeed(moment?.speed, unit)} ${unit}`,
    ...(told('heading') ? [heading(moment!.heading)] : []),
    ...(told('steering') ? [written(words.steering, { degrees: formatDegrees(moment!.steering) })] : []),
    ...(told('brake') ? [moment!.brake ? words.brakeOn : words.brakeOff] : []),
    ...(places && moment && moment.latitude !== null ? [formatPlace(moment, words)] : []),
  ];
}
