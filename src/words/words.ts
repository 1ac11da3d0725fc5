/**
 * The page's words in the language that it speaks now. Whatever reads them while it draws is drawn again when the language
 * changes: the language is a signal.
 */
import { signal } from '@preact/signals-core';
import type { ErrorCode } from '../errors';
import type { Catalogue, Words } from './catalogue';
import { ENGLISH } from './english';
import { decimalPoint, type Language } from './language';
import { type ArgumentsOf, fill, type Message } from './message';

/** Key of a message. */
export type WordKey = keyof Words;

/** Keys of messages without places: those that tables hold. */
export type PlainKey = {
  [Key in WordKey]: ArgumentsOf<Words[Key]> extends readonly [] ? Key : never;
}[WordKey];

interface Spoken extends Catalogue {
  readonly language: Language;
  readonly rule: Intl.PluralRules;
  /** What stands before the decimals. */
  readonly point: string;
}

const BUILT_IN: Catalogue = { words: ENGLISH, errors: null };

/** Others than English come when they are asked for: who reads English loads nothing of them. */
const LOAD: Readonly<Record<Language, () => Promise<Catalogue>>> = {
  en: async () => BUILT_IN,
  de: async () => (await import('./german')).GERMAN,
};

const spoken = signal(spokenOf('en', BUILT_IN));

function spokenOf(language: Language, catalogue: Catalogue): Spoken {
  return { ...catalogue, language, rule: new Intl.PluralRules(language), point: decimalPoint(language) };
}

/** The language that is spoken now. */
export function spokenLanguage(): Language {
  return spoken.value.language;
}

/**
 * Speaks another language from now on, and tells assistive technology.
 * @throws TypeError when its words cannot be loaded; the present language stays
 */
export async function speak(language: Language): Promise<void> {
  const catalogue = await LOAD[language]();
  spoken.value = spokenOf(language, catalogue);
  // Tests of words run where there is no page.
  if ('document' in globalThis) document.documentElement.lang = language;
}

/** A message, its places filled. Numbers are written with the language's decimal sign and no grouping. */
export function say<Key extends WordKey>(key: Key, ...given: ArgumentsOf<Words[Key]>): string {
  const { words, rule } = spoken.value;
  const message: Message = words[key];
  const [values = {}] = given as readonly Readonly<Record<string, string | number>>[];
  return fill(message, values, rule, (value) => decimals(String(value)));
}

/** A message whose key is made of what comes from elsewhere (a class, a network); `otherwise` where there is none. */
export function sayOr(key: string, otherwise: string): string {
  const { words } = spoken.value;
  const message = Object.hasOwn(words, key) ? words[key as WordKey] : otherwise;
  return typeof message === 'string' ? message : otherwise;
}

/** A number that was written with a point, as the language writes it. */
export function decimals(text: string): string {
  const { point } = spoken.value;
  return point === '.' ? text : text.replace('.', point);
}

/** The sentence of a failure, which comes in English from wherever it happened. */
export function sentenceOf({
  code,
  message,
}: {
  readonly code: ErrorCode;
  readonly message: string;
}): string {
  return spoken.value.errors?.[code] ?? message;
}
