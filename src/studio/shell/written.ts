/** What workers write into pictures, in the language of the page. */
import type { Job } from '../../jobs/job';
import { WRITTEN_IN_ENGLISH, type WrittenWords } from '../../media/written-words';
import type { RecordingParts } from '../../sources/recording/recording';
import { decimals, say, sayOr } from '../../words/words';

/** The words as they are now: a worker that has them keeps them. */
export function writtenWords(): WrittenWords {
  const { cameras, winds } = WRITTEN_IN_ENGLISH;
  const named = (room: string, names: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(names).map(([key, name]) => [key, sayOr(`${room}.${key}`, name)]));
  const kept = (name: string) => `{${name}}`;
  return {
    point: decimals('.'),
    cameras: named('camera', cameras),
    nothingOf: say('cameras.empty', { name: kept('name') }),
    nothing: say('written.nothing'),
    unread: say('written.unread', { name: kept('name') }),
    picture: say('written.picture', { number: kept('number') }),
    drivable: say('written.drivable', { percent: kept('percent') }),
    confidence: say('written.confidence', { percent: kept('percent') }),
    heading: say('written.heading', { degrees: kept('degrees'), wind: kept('wind') }),
    steering: say('written.steering', { degrees: kept('degrees') }),
    brakeOn: say('written.brake-on'),
    brakeOff: say('written.brake-off'),
    winds: named('wind', winds),
  };
}

/** A recording whose worker writes in the language of the page. */
export function spokenParts(parts: RecordingParts): RecordingParts {
  return parts.kind === 'cameras' || parts.kind === 'pictures' ? { ...parts, words: writtenWords() } : parts;
}

/** A job whose worker writes in the language of the page. */
export function spokenJob(job: Job): Job {
  return { ...job, recording: spokenParts(job.recording), words: writtenWords() };
}
