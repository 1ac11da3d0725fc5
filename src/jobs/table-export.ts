/** Figures of every frame as a file: CSV for tables, JSON with everything. */

import { reviewOf } from '../labels/agreement';
import { SAME_TIME } from '../media/times';
import type { RecordingPart, TimeRange } from '../sources/source';
import type { ClassList } from '../taxonomy/class-list';
import { CHECK_COLUMNS, checkOf } from './drive-check-table';
import { driveCells, driveColumns, driveFields } from './drive-figures';
import { writeInto } from './file-target';
import { reviewsByFolder } from './folder-reviews';
import { cell, csvColumns, csvLine, type FrameRecord } from './frame-record';
import type { Job } from './job';

/** Records of a stretch. */
export function inRange(records: readonly FrameRecord[], range: TimeRange | null): readonly FrameRecord[] {
  if (!range) return records;
  return records.filter(({ t }) => t >= range.from - SAME_TIME && t <= range.to + SAME_TIME);
}

/** What a table is of, beside its records. */
export interface TableSubject {
  /** Title of the network. */
  readonly model: string;
  readonly list: ClassList;
  /** The files of the recording, where it has several. */
  readonly files: readonly RecordingPart[];
}

/** Writes the records of a job's stretch. @returns how many */
export async function exportTable(
  records: readonly FrameRecord[],
  job: Extract<Job, { kind: 'table' }>,
  { model, list, files }: TableSubject,
): Promise<number> {
  const chosen = inRange(records, job.range);
  const drive = job.drive ?? null;
  const check = drive && checkOf(chosen, drive.track);
  await writeInto(job.target, async (stream) => {
    if (job.format === 'csv') {
      const named = files.length > 0 ? ['file'] : [];
      const columns = [
        ...csvColumns(list),
        ...named,
        ...(drive ? [...CHECK_COLUMNS, ...driveColumns(drive)] : []),
      ];
      await stream.write(`${columns.join(',')}\r\n`);
      for (const [i, record] of chosen.entries()) {
        const told = drive && check ? [...check.cells(i), ...driveCells(drive, record.t)] : [];
        const name = files.length > 0 ? [cell(fileOf(record, files))] : [];
        await stream.write(`${[csvLine(record, list), ...name, ...told].join(',')}\r\n`);
      }
      return;
    }
    const head = {
      format: 'carriageway-frames',
      version: 1,
      video: job.name,
      model,
      classes: list.map(({ name, role }, id) => ({ id, name, role })),
      ...(check ? { driveCheck: check.summary } : {}),
      ...comparisonOf(chosen, job.recording.kind === 'pictures' ? files : []),
    };
    await stream.write(`${JSON.stringify(head).slice(0, -1)},"frames":[`);
    for (const [i, { map: _map, ...record }] of chosen.entries()) {
      const fields = drive && { ...driveFields(drive, record.t), ...check?.fields(i) };
      const told = {
        ...record,
        ...(files.length > 0 ? { file: fileOf(record, files) } : {}),
        ...(fields ? { drive: fields } : {}),
      };
      await stream.write(`${i === 0 ? '\n' : ',\n'}${JSON.stringify(told)}`);
    }
    await stream.write('\n]}\n');
  });
  return chosen.length;
}

/** Name of the file that a frame lies in. */
function fileOf({ n, t }: Pick<FrameRecord, 'n' | 't'>, files: readonly RecordingPart[]): string {
  // Pictures are as many as there are frames; of videos the last one that has begun.
  const picture = files[n];
  if (picture && Math.abs(picture.start - t) < SAME_TIME) return picture.name;
  return files.findLast(({ start }) => start <= t + SAME_TIME)?.name ?? '';
}

/** How the frames fare against their labels, all together and by folder; nothing without labels. */
function comparisonOf(records: readonly FrameRecord[], pictures: readonly RecordingPart[]): object {
  const figures = ({ frames, same, drivable, mean, edge }: ReturnType<typeof reviewOf>) => ({
    ...{ frames, same, drivable, mean, edge },
  });
  const all = reviewOf(records, 0);
  if (all.frames === 0) return {};
  const folders = reviewsByFolder(
    records,
    pictures.map(({ name }) => name),
  );
  return {
    labels: figures(all),
    ...(folders.length > 0
      ? { folders: folders.map(({ folder, review }) => ({ folder, ...figures(review) })) }
      : {}),
  };
}
