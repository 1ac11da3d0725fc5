/** What people should know of a job's result, as sentences. */
import type { JobNote } from '../../jobs/job';
import { say } from '../../words/words';

/** All notes, one behind the other; empty without any. */
export function noteWords(notes: readonly JobNote[]): string {
  return notes.map(sentence).join(' ');
}

function sentence(note: JobNote): string {
  switch (note.kind) {
    case 'unread': {
      const files = note.files.join(', ');
      if (note.more === 0) return say('job.unread', { files });
      return say('job.unread', { files: say('job.and-more', { files, more: note.more }) });
    }
    case 'broken':
      return say('job.broken', { broken: note.broken, frames: note.frames });
    case 'sound-unread':
    case 'sound-unfit':
      return say(`job.${note.kind}`, { codec: note.codec });
    case 'sound-of-others': {
      const [first = ''] = note.files;
      const files = note.files.length === 1 ? first : say('job.files', { number: note.files.length });
      return say('job.sound-of-others', { files });
    }
    case 'no-place':
      return say('job.no-place');
  }
}
