/** The user's own marks in a recording, each with a note; kept with the recording's name and size. */
import type { AppState } from '../shell/app-state';
import { NOTE_MAX, type SavedSettings, type UserMark } from '../shell/saved';
import type { Store } from '../shell/state';

/** Two marks closer than this are one, in seconds: less than a frame. */
const SAME_MOMENT = 0.004;

/** The mark at a time, or undefined. */
export function markAt(marks: readonly UserMark[], seconds: number): UserMark | undefined {
  return marks.find(({ t }) => Math.abs(t - seconds) < SAME_MOMENT);
}

/** Adds, changes and removes marks of the running recording. */
export class MarkActions {
  constructor(
    private readonly store: Store<AppState>,
    private readonly saved: SavedSettings,
  ) {
    store.watch(
      (s) => s.playback?.info.key,
      (key) => {
        const kept = key === undefined ? [] : saved.marks(key);
        // What the recording itself tells of is marked as well, until it is changed by hand.
        const told = (store.state.playback?.info.events ?? []).flatMap(({ seconds, note }) =>
          markAt(kept, seconds) ? [] : [{ t: seconds, note: note.slice(0, NOTE_MAX) }],
        );
        store.update({ marks: [...kept, ...told].sort((a, b) => a.t - b.t) });
      },
    );
  }

  /** Marks the picture shown, or takes its mark away. */
  toggle(): void {
    const { playback, marks } = this.store.state;
    if (!playback?.canStep) return;
    const there = markAt(marks, playback.seconds);
    this.#keep(
      there ? marks.filter((mark) => mark !== there) : [...marks, { t: playback.seconds, note: '' }],
    );
    this.store.update({ spoken: there ? 'Mark removed' : 'Marked' });
  }

  /** Writes the note of the mark at the picture shown. */
  write(note: string): void {
    const { playback, marks } = this.store.state;
    const there = playback && markAt(marks, playback.seconds);
    if (!there) return;
    this.#keep(marks.map((mark) => (mark === there ? { t: mark.t, note: note.slice(0, NOTE_MAX) } : mark)));
  }

  #keep(marks: readonly UserMark[]): void {
    const { playback } = this.store.state;
    if (!playback) return;
    const sorted = marks.toSorted((a, b) => a.t - b.t);
    this.saved.saveMarks(playback.info.key, sorted);
    this.store.update({ marks: sorted });
  }
}
