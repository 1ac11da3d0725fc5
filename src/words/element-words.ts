/**
 * The few words of `<carriageway-view>`, in a file of their own: an element in a stranger's page loads none of the
 * page's. It speaks the language of the place that it stands in.
 */
import type { ErrorCode } from '../errors';
import { type Language, languageOf } from './language';

/** What the element says. */
export interface ElementWords {
  readonly play: string;
  readonly pause: string;
  readonly sound: string;
  readonly place: string;
  readonly painted: string;
  readonly drivable: string;
  readonly classes: string;
  readonly confidence: string;
}

export const ELEMENT_WORDS: Readonly<Record<Language, ElementWords>> = {
  en: {
    play: 'Play',
    pause: 'Pause',
    sound: 'Sound',
    place: 'Place in the recording, in seconds',
    painted: 'What is painted',
    drivable: 'Drivable',
    classes: 'Classes',
    confidence: 'Confidence',
  },
  de: {
    play: 'Abspielen',
    pause: 'Pause',
    sound: 'Ton',
    place: 'Stelle in der Aufnahme, in Sekunden',
    painted: 'Was gemalt wird',
    drivable: 'Befahrbar',
    classes: 'Klassen',
    confidence: 'Sicherheit',
  },
};

/** The language of the place that an element stands in, by the nearest `lang`; English for one that is not spoken. */
export function languageAt(element: Element): Language {
  for (let at: Node | null = element; at; at = parentOf(at)) {
    const tag = at instanceof Element ? at.getAttribute('lang') : null;
    if (tag !== null) return languageOf(tag) ?? 'en';
  }
  return 'en';
}

/** Out of a shadow, too. */
function parentOf(node: Node): Node | null {
  return node.parentNode ?? (node instanceof ShadowRoot ? node.host : null);
}

/** The sentences of failures in a language; null where they come as they are. Loaded where they are needed. */
export async function errorsIn(language: Language): Promise<Readonly<Record<ErrorCode, string>> | null> {
  return language === 'en' ? null : (await import('./german/errors')).ERRORS;
}
