/** The languages of the page, and which of them a visitor gets. */

/** Languages by their tags, with the names that they give themselves. */
export const LANGUAGES = { en: 'English', de: 'Deutsch' } as const;

/** Tag of a language that the page speaks. */
export type Language = keyof typeof LANGUAGES;

/** All of them, the one that everything is written in first. */
export const LANGUAGE_TAGS: readonly [Language, ...Language[]] = ['en', 'de'];

/** The language of a tag like `de-AT`, whatever its case; null for one that the page does not speak. */
export function languageOf(tag: string): Language | null {
  const [base] = tag.toLowerCase().split(/[-_]/);
  return LANGUAGE_TAGS.find((language) => language === base) ?? null;
}

/**
 * The language for a visitor: what the address asks for, else what was chosen here before, else the first of the
 * browser's own that the page speaks, else English. An address that asks for an unknown one gets English.
 */
export function chooseLanguage({
  asked,
  stored,
  preferred,
}: {
  readonly asked: string | null;
  readonly stored: Language | null;
  readonly preferred: readonly string[];
}): Language {
  if (asked !== null) return languageOf(asked) ?? 'en';
  if (stored !== null) return stored;
  for (const tag of preferred) {
    const language = languageOf(tag);
    if (language) return language;
  }
  return 'en';
}

/** What a language writes before decimals. */
export function decimalPoint(language: Language): string {
  const parts = new Intl.NumberFormat(language).formatToParts(0.5);
  return parts.find(({ type }) => type === 'decimal')?.value ?? '.';
}
