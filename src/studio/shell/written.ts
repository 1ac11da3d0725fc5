/** What workers write into pictures, in the language of the page. */
import type { Job } from '../../jobs/job';
import { WRITTEN_IN_ENGLISH, type WrittenWords } from '../../media/written-words';
import { decimals, say, sayOr } from '../../words/words';

/** The words as they are now: a worker that has them keeps them. */
export function writtenWords(): WrittenWords {
  const winds = Object.keys(WRITTEN_IN_ENGLISH.winds);
  const kept = (name: string) => `{${name}}`;
  return {
    point: decimals('.'),
    drivable: say('written.drivable', { percent: kept('percent') }),
    confidence: say('written.confidence', { percent: kept('percent') }),
    heading: say('written.heading', { degrees: kept('degrees'), wind: kept('wind') }),
    steering: say('written.steering', { degrees: kept('degrees') }),
    brakeOn: say('written.brake-on'),
    brakeOff: say('written.brake-off'),
    winds: Object.fromEntries(winds.map((wind) => [wind, sayOr(`wind.${wind}`, wind)])),
  };
}

/** A job whose worker writes in the language of the page. */
export function spokenJob(job: Job): Job {
  return { ...job, words: writtenWords() };
}
