/**
 * The theme for what is drawn on a canvas: the page's colours as they are now, and when they are others. Everything else
 * follows by the style sheet.
 */

/** What the system may be asked for that changes colours; `tokens.css` answers the same questions. */
const QUESTIONS = ['(prefers-color-scheme: light)', '(prefers-contrast: more)'] as const;

/** A colour of the page as an element has it: the value of a custom property such as `--accent`. */
export function colourOf(element: Element, property: `--${string}`): string {
  return getComputedStyle(element).getPropertyValue(property).trim();
}

/** Whether the page is dark or light now. */
export function themeNow(): 'dark' | 'light' {
  return matchMedia(QUESTIONS[0]).matches ? 'light' : 'dark';
}

/** Calls back whenever the system asks for another theme or contrast, until `signal` says that it is over. */
export function onTheme(changed: () => void, signal: AbortSignal): void {
  for (const question of QUESTIONS) matchMedia(question).addEventListener('change', changed, { signal });
}
