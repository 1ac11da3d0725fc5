/** Marks in a recording: the user's own, and what the recording itself tells of. */
import type { SourceInfo } from '../../sources/source';
import { NOTE_MAX, type UserMark } from '../shell/saved';

/** Two marks closer than this are one, in seconds: less than a frame. */
const SAME_MOMENT = 0.004;

/** The mark at a time, or undefined. */
export function markAt(marks: readonly UserMark[], seconds: number): UserMark | undefined {
  return marks.find(({ t }) => Math.abs(t - seconds) < SAME_MOMENT);
}

/** Marks that were kept, and what the recording tells of beside them, in order of time. */
export function withTold(kept: readonly UserMark[], { events = [] }: SourceInfo): readonly UserMark[] {
  const told = events.flatMap(({ seconds, note }) =>
    markAt(kept, seconds) ? [] : [{ t: seconds, note: note.slice(0, NOTE_MAX) }],
  );
  return [...kept, ...told].sort((a, b) => a.t - b.t);
}
