/**
 * What a container says of H.264 (`avcC`, ISO/IEC 14496-15, 5.3.3.1), where an encoder says it wrongly: Firefox 153 on
 * Linux writes the first byte of each parameter set twice, so that a player that believes it can decode nothing.
 */

/** Types of parameter sets: the low five bits of their first byte (ITU-T H.264, 7.4.1). */
const SEQUENCE = 7;
const PICTURE = 8;

/** Bits of the record that are reserved, and all ones: before the size of lengths, and before the number of sets. */
const RESERVED_SIZE = 0xfc;
const RESERVED_COUNT = 0xe0;

/**
 * The record as it should be.
 * @param record an `avcC` box's content
 * @returns a new one where sets began twice; else the given one, also when it is none that can be read
 */
export function mendedAvcRecord(record: Uint8Array): Uint8Array {
  const sequences = setsAt(record, 5, 0x1f);
  const pictures = sequences && setsAt(record, sequences.end, 0xff);
  if (!sequences || !pictures) return record;
  // The second byte of a sequence's set is its profile, and no profile has such a number.
  if (!sequences.sets.some((set) => beginsTwice(set, SEQUENCE))) return record;
  const head = [...record.subarray(0, 4), record[4]! | RESERVED_SIZE];
  const count = sequences.sets.length | RESERVED_COUNT;
  return Uint8Array.from([
    ...head,
    count,
    ...sequences.sets.flatMap((set) => once(set, SEQUENCE)),
    pictures.sets.length,
    ...pictures.sets.flatMap((set) => once(set, PICTURE)),
    ...record.subarray(pictures.end),
  ]);
}

/** The sets whose number stands at `at`, and where they end; null when they go beyond the record. */
function setsAt(
  record: Uint8Array,
  at: number,
  mask: number,
): { readonly sets: readonly Uint8Array[]; readonly end: number } | null {
  const sets: Uint8Array[] = [];
  let end = at + 1;
  for (let left = (record[at] ?? 0) & mask; left > 0; left--) {
    if (end + 2 > record.length) return null;
    const length = record[end]! * 256 + record[end + 1]!;
    const set = record.subarray(end + 2, end + 2 + length);
    if (set.length < length) return null;
    sets.push(set);
    end += 2 + length;
  }
  return end > record.length ? null : { sets, end };
}

function beginsTwice(set: Uint8Array, type: number): boolean {
  return set.length > 1 && set[0] === set[1] && (set[0]! & 0x1f) === type;
}

/** A set behind its length, its first byte once. */
function once(set: Uint8Array, type: number): number[] {
  const right = beginsTwice(set, type) ? set.subarray(1) : set;
  return [right.length >> 8, right.length & 0xff, ...right];
}
