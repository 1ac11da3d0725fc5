/** Times of day as the page's language writes them. */
import { spokenLanguage } from '../words/words';

/** English readers disagree about the hour: theirs is written by their own system. */
export function localeOf(): string | undefined {
  const language = spokenLanguage();
  return language === 'en' ? undefined : language;
}

/** A moment to the second. @param ms milliseconds since 1970 */
export function clockOf(ms: number): string {
  return new Date(ms).toLocaleTimeString(localeOf(), {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
}
