/** The user's own marks in a recording, each with a note; kept with the recording's name and size. */
import type { AppStore } from '../shell/app-state';
import { NOTE_MAX, type SavedSettings, type UserMark } from '../shell/saved';
import { markAt } from './marks';

/** Adds, changes and removes marks of the running recording. */
export class MarkActions {
  constructor(
    private readonly store: AppStore,
    private readonly saved: SavedSettings,
  ) {}

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
    const { session } = this.store.state;
    if (!session) return;
    const sorted = marks.toSorted((a, b) => a.t - b.t);
    this.saved.saveMarks(session.key, sorted);
    session.update({ marks: sorted });
  }
}
