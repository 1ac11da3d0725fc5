/** Marks of a recording as one file: written by the page, read again by it, elsewhere or later. */
import { CarriagewayError } from '../../errors';
import { z } from '../../schema';
import { MARKS_MAX, markSchema, type UserMark } from '../shell/saved';
import { markAt } from './marks';

/** Bytes of a file at most: the most marks with the longest notes take a quarter of it. */
const BYTES_MAX = 2 ** 20;

const FORMAT = 'carriageway-marks';

const schema = z.object({
  format: z.literal(FORMAT),
  version: z.literal(1),
  recording: z.string().max(1000),
  marks: z.array(markSchema).max(MARKS_MAX),
  /** Events that somebody looked at: see `eventKey`. */
  reviewed: z.array(z.string().max(100)).max(10_000).default([]),
});

/** What such a file holds. */
export type MarksFile = Pick<z.infer<typeof schema>, 'marks' | 'reviewed'>;

/** Writes one. @param recording its name */
export function marksFile(recording: string, { marks, reviewed }: MarksFile): Blob {
  const file: z.infer<typeof schema> = { format: FORMAT, version: 1, recording, marks, reviewed };
  return new Blob([`${JSON.stringify(file, null, 1)}\n`], { type: 'application/json' });
}

/** Reads one. @throws CarriagewayError `marks-unreadable`, the detail naming the field */
export async function readMarksFile(file: Blob): Promise<MarksFile> {
  if (file.size > BYTES_MAX) throw new CarriagewayError('marks-unreadable', 'the file is larger than 1 MB');
  let json: unknown;
  try {
    json = JSON.parse(await file.text());
  } catch {
    throw new CarriagewayError('marks-unreadable', 'it is not JSON');
  }
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new CarriagewayError('marks-unreadable', `${issue?.path.join('.') || 'file'}: ${issue?.message}`);
}

/**
 * Own marks and those of a file, in order of time. Where both mark a moment, the longer note stays. What lies behind the
 * end of the recording is left out.
 * @param duration seconds
 */
export function joinedMarks(
  own: readonly UserMark[],
  others: readonly UserMark[],
  duration: number,
): readonly UserMark[] {
  const joined = [...own];
  for (const mark of others) {
    if (mark.t > duration) continue;
    const there = markAt(joined, mark.t);
    if (!there) joined.push(mark);
    else if (mark.note.length > there.note.length)
      joined[joined.indexOf(there)] = { ...there, note: mark.note };
  }
  return joined.sort((a, b) => a.t - b.t).slice(0, MARKS_MAX);
}
