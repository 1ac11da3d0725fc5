/**
 * The file in which an analysis is kept: one line of JSON for what it is of, one for each frame, one for the end. A line
 * is written whole or not at all as far as a reader is concerned: what a closed tab left half written is cut off.
 */
import { z } from '../schema';
import { type FrameRecord, frameRecordSchema } from './frame-record';

const headerSchema = z.object({
  format: z.literal('carriageway-analysis'),
  version: z.literal(1),
  /** Name of the recording, for people. */
  name: z.string(),
  /** Title of the network, for people. */
  model: z.string(),
  /** Upright size of the picture in pixels. */
  width: z.int(),
  height: z.int(),
  /** Seconds. */
  duration: z.number(),
});

/** What an analysis is of. */
export type AnalysisHeader = z.infer<typeof headerSchema>;

const endSchema = z.object({ end: z.literal(true), frames: z.int() });

/** What a file holds. */
export interface KeptAnalysis {
  readonly header: AnalysisHeader;
  readonly records: readonly FrameRecord[];
  readonly complete: boolean;
  /** Bytes that are whole lines: where writing goes on. */
  readonly goodBytes: number;
}

/** A value as a line. */
export function lineOf(value: AnalysisHeader | FrameRecord | z.infer<typeof endSchema>): string {
  return `${JSON.stringify(value)}\n`;
}

/**
 * Reads a file, up to the first line that makes no sense.
 * @returns null when not even the first line does
 */
export function readLines(bytes: Uint8Array): KeptAnalysis | null {
  const text = new TextDecoder();
  let header: AnalysisHeader | null = null;
  let complete = false;
  let goodBytes = 0;
  const records: FrameRecord[] = [];
  for (let from = 0; from < bytes.length && !complete; ) {
    const to = bytes.indexOf(0x0a, from);
    if (to < 0) break;
    const value = parsed(text.decode(bytes.subarray(from, to)));
    if (header === null) {
      const first = headerSchema.safeParse(value);
      if (!first.success) return null;
      header = first.data;
    } else if (endSchema.safeParse(value).success) complete = true;
    else {
      // Written here and nowhere else: a look at each field of each frame would take seconds for an hour.
      const known = records.length === 0 ? frameRecordSchema.safeParse(value).success : isRecord(value);
      if (!known) break;
      records.push(value as FrameRecord);
    }
    from = to + 1;
    goodBytes = from;
  }
  return header && { header, records, complete, goodBytes };
}

function isRecord(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'n' in value && 't' in value && 'areas' in value;
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
