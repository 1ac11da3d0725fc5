/** Figures of every frame as a file: CSV for tables, JSON with everything. */
import { SAME_TIME } from '../media/times';
import type { TimeRange } from '../sources/source';
import type { ClassList } from '../taxonomy/class-list';
import { driveCells, driveColumns, driveFields } from './drive-figures';
import { writeInto } from './file-target';
import { csvColumns, csvLine, type FrameRecord } from './frame-record';
import type { Job } from './job';

/** Records of a stretch. */
export function inRange(records: readonly FrameRecord[], range: TimeRange | null): readonly FrameRecord[] {
  if (!range) return records;
  return records.filter(({ t }) => t >= range.from - SAME_TIME && t <= range.to + SAME_TIME);
}

/** Writes the records of a job's stretch. @returns how many */
export async function exportTable(
  records: readonly FrameRecord[],
  job: Extract<Job, { kind: 'table' }>,
  model: string,
  list: ClassList,
): Promise<number> {
  const chosen = inRange(records, job.range);
  const drive = job.drive ?? null;
  await writeInto(job.target, async (stream) => {
    if (job.format === 'csv') {
      const columns = [...csvColumns(list), ...(drive ? driveColumns(drive) : [])];
      await stream.write(`${columns.join(',')}\r\n`);
      for (const record of chosen) {
        const told = drive ? `,${driveCells(drive, record.t).join(',')}` : '';
        await stream.write(`${csvLine(record, list)}${told}\r\n`);
      }
      return;
    }
    const head = {
      format: 'carriageway-frames',
      version: 1,
      video: job.name,
      model,
      classes: list.map(({ name, role }, id) => ({ id, name, role })),
    };
    await stream.write(`${JSON.stringify(head).slice(0, -1)},"frames":[`);
    for (const [i, { map: _map, ...record }] of chosen.entries()) {
      const told = drive ? { ...record, drive: driveFields(drive, record.t) } : record;
      await stream.write(`${i === 0 ? '\n' : ',\n'}${JSON.stringify(told)}`);
    }
    await stream.write('\n]}\n');
  });
  return chosen.length;
}
