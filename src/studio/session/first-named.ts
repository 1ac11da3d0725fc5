/** Many files in one line. */
import { say } from '../../words/words';

/** Files that are named in a notice; of the others it says how many there are. */
const NAMED = 12;

/** The first of some files, and how many more there are. */
export function firstNamed(files: readonly string[]): string {
  const rest = files.length - NAMED;
  const more = rest > 0 ? [say('left.more', { count: rest })] : [];
  return [...files.slice(0, NAMED), ...more].join(', ');
}
