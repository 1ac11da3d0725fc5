/** What a source is called. */
import { say } from '../../words/words';
import type { Playback } from './source-session';

/** The title of what runs, for people: a file has its own name, a drive one of the page's language. */
export function titleOf({ request, info }: Pick<Playback, 'request' | 'info'>): string {
  return request.kind === 'drive' ? say('sources.drive-title', { seed: request.seed }) : info.title;
}
