/** The user's own marks in a recording, each with a note; kept with the recording's name and size. */
import type { SceneEvent } from '../../scene/events';
import { say } from '../../words/words';
import { eventKey } from '../scene/scene-words';
import type { AppStore } from '../shell/app-state';
import { fileNameOf } from '../shell/format';
import type { Notices } from '../shell/notices';
import { NOTE_MAX, type SavedSettings, type UserMark } from '../shell/saved';
import { markAt } from './marks';
import { joinedMarks, marksFile, readMarksFile } from './marks-file';

/** Adds, changes and removes marks of the running recording. */
export class MarkActions {
  constructor(
    private readonly store: AppStore,
    private readonly notices: Notices,
    private readonly saved: SavedSettings,
    /** Gives a file to the user. */
    private readonly download: (blob: Blob, name: string) => void,
  ) {}

  /** Marks the picture shown, or takes its mark away. */
  toggle(): void {
    const { playback, marks } = this.store.state;
    if (!playback?.canStep) return;
    const there = markAt(marks, playback.seconds);
    this.#keep(
      there ? marks.filter((mark) => mark !== there) : [...marks, { t: playback.seconds, note: '' }],
    );
    this.store.update({ spoken: say(there ? 'spoken.mark-removed' : 'spoken.marked') });
  }

  /** Writes the note of the mark at the picture shown. */
  write(note: string): void {
    const { playback, marks } = this.store.state;
    const there = playback && markAt(marks, playback.seconds);
    if (!there) return;
    this.#keep(marks.map((mark) => (mark === there ? { t: mark.t, note: note.slice(0, NOTE_MAX) } : mark)));
  }

  /** Gives marks, notes and what was looked at as one file. */
  export(): void {
    const { playback, marks, reviewed } = this.store.state;
    if (!playback) return;
    const { title } = playback.info;
    this.download(
      marksFile(title, { marks: [...marks], reviewed: [...reviewed] }),
      `${fileNameOf(title.replace(/\.[^.]+$/, ''))}-marks.json`,
    );
    this.store.update({ spoken: say('spoken.marks-saved', { number: marks.length }) });
  }

  /** Adds the marks of such a file to the recording's own. */
  async import(file: Blob): Promise<void> {
    const { session } = this.store.state;
    if (!session) return;
    try {
      const { marks, reviewed } = await readMarksFile(file);
      if (session.signal.aborted) return;
      const { state } = session;
      const joined = joinedMarks(
        state.marks,
        marks,
        state.playback.info.duration ?? Number.POSITIVE_INFINITY,
      );
      this.#keep(joined);
      this.#keepReviewed([...new Set([...state.reviewed, ...reviewed])]);
      this.store.update({ spoken: say('spoken.marks', { number: joined.length }) });
    } catch (thrown) {
      this.notices.thrown(thrown, 'marks-unreadable');
    }
  }

  /** Says that an event was looked at, or takes that back. */
  review(event: SceneEvent): void {
    const { reviewed } = this.store.state;
    const key = eventKey(event);
    this.#keepReviewed(
      reviewed.includes(key) ? reviewed.filter((other) => other !== key) : [...reviewed, key],
    );
  }

  #keepReviewed(reviewed: readonly string[]): void {
    const { session } = this.store.state;
    if (!session) return;
    this.saved.saveReviewed(session.camera.key, reviewed);
    session.updateCamera({ reviewed });
  }

  #keep(marks: readonly UserMark[]): void {
    const { session } = this.store.state;
    if (!session) return;
    const sorted = marks.toSorted((a, b) => a.t - b.t);
    this.saved.saveMarks(session.key, sorted);
    session.update({ marks: sorted });
  }
}
