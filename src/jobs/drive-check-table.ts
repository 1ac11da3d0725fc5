/** The scene's metres against those driven, in the files that jobs write. */
import type { Track } from '../telemetry/track';
import { type Approach, approachesOf, checkDrive, type DriveCheck, drivenAt } from './drive-check';
import type { FrameRecord } from './frame-record';

/**
 * Columns of tables: metres driven since the first frame; and, with the frame in which something was last seen to come
 * nearer for a while, by how much it did and how far was driven meanwhile.
 */
export const CHECK_COLUMNS: readonly string[] = ['driven_m', 'approach_seen_m', 'approach_driven_m'];

/** What is written of a stretch. */
export interface CheckTable {
  /** Null where too little was seen to say anything. */
  readonly summary: DriveCheck | null;
  /** Of the i-th record, in the order of the columns; empty where nothing is known. */
  cells(i: number): readonly string[];
  fields(i: number): Readonly<Record<'driven' | 'approachSeen' | 'approachDriven', number | null>>;
}

/** Works out what is written. */
export function checkOf(records: readonly FrameRecord[], track: Track): CheckTable {
  const driven = drivenAt(records, track);
  const approaches = approachesOf(records, track);
  const byEnd = new Map<number, Approach>(approaches.map((approach) => [approach.to, approach]));
  const summary = checkDrive(approaches);
  const fields: CheckTable['fields'] = (i) => {
    const approach = byEnd.get(records[i]!.t);
    return {
      driven: rounded(driven[i], 2),
      approachSeen: rounded(approach?.seen, 2),
      approachDriven: rounded(approach?.driven, 2),
    };
  };
  return {
    summary: summary && {
      approaches: summary.approaches,
      ratio: rounded(summary.ratio, 4)!,
      sigma: rounded(summary.sigma, 4)!,
    },
    fields,
    cells: (i) => Object.values(fields(i)).map((value) => (value === null ? '' : String(value))),
  };
}

function rounded(value: number | null | undefined, digits: number): number | null {
  return value === null || value === undefined ? null : Number(value.toFixed(digits));
}
