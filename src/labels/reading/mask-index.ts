/** The index of an exported set of masks: which file is of which frame, and what its numbers mean. */

import { CarriagewayError } from '../../errors';
import { z } from '../../schema';
import { type ClassList, parseClassList } from '../../taxonomy/class-list';
import { DRIVING } from '../../taxonomy/classes';

/** Names the index. */
export const MASK_SET_FORMAT = 'carriageway-masks';

const schema = z.object({
  format: z.literal(MASK_SET_FORMAT),
  version: z.literal(1),
  video: z.string(),
  classes: z.array(
    z.object({ id: z.int(), name: z.string(), colour: z.string(), role: z.string().nullish() }),
  ),
  /** What numbers that are no class's id mean, for people and other tools. */
  codes: z.record(z.string(), z.string()).optional(),
  frames: z.array(z.object({ file: z.string(), seconds: z.number().min(0) })),
});

/** See `parseIndex`. */
export type MaskSetIndex = z.infer<typeof schema>;

/** Largest index that is read, in characters: six hours of frames. */
const INDEX_MAX = 64 * 1024 * 1024;

/** Reads an index. @throws CarriagewayError `labels-unreadable`, naming the field */
export function parseIndex(text: string): MaskSetIndex {
  if (text.length > INDEX_MAX) throw new CarriagewayError('labels-unreadable', 'index.json is too large');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new CarriagewayError('labels-unreadable', 'index.json is not JSON');
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new CarriagewayError('labels-unreadable', `index.json: ${issue?.path.join('.')}: ${issue?.message}`);
}

/** The classes of an index, in the order of their ids; null where they are ours, or no list. */
export function listOf(classes: MaskSetIndex['classes']): ClassList | null {
  const sorted = classes.toSorted((a, b) => a.id - b.id);
  if (sorted.some(({ id }, i) => id !== i)) return null;
  if (sorted.every(({ name }, id) => DRIVING[id]?.name === name)) return null;
  try {
    return parseClassList(sorted, DRIVING);
  } catch {
    throw new CarriagewayError('labels-unreadable', 'index.json: classes: not a list of classes');
  }
}
