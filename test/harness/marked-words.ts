/**
 * A page whose every message bears a mark: German, as far as the page knows, with each text in brackets. What is shown
 * without them was written somewhere else than in `src/words`, and stays English in every language.
 */
import type { Page, Route } from 'playwright';
import { GERMAN } from '../../src/words/german';
import type { Message } from '../../src/words/message';

const [OPEN, CLOSE] = ['⟦', '⟧'];

const marked = (text: string) => `${OPEN}${text}${CLOSE}`;

function markedMessage(message: Message): Message {
  return typeof message === 'string'
    ? marked(message)
    : { one: marked(message.one), other: marked(message.other) };
}

function markedRecord<T>(record: Readonly<Record<string, T>>, mark: (value: T) => T): Record<string, T> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, mark(value)]));
}

/** Lets a page's German come with marks. Called before the page is opened, in German. */
export async function markWords(page: Page): Promise<void> {
  await page.route(/\/german-[^/]*\.js$/, async (route: Route) => {
    const response = await route.fetch();
    // A build may give what it exports other names.
    const [, name] = /export\s*\{[^}]*\bas\s+(\w+)\s*\}/.exec(await response.text()) ?? [];
    if (!name) throw new Error('The build’s German does not export what it did.');
    const words = {
      words: markedRecord<Message>(GERMAN.words, markedMessage),
      errors: markedRecord(GERMAN.errors ?? {}, marked),
    };
    await route.fulfill({ response, body: `export const ${name} = ${JSON.stringify(words)};` });
  });
}

/** Names, units and what people wrote themselves: the same in every language. */
const OF_ALL_LANGUAGES = new RegExp(
  [
    // Names of this project, of others', and of formats.
    /Carriageway|WebGPU|WebAssembly|LiteRT|PSPNet (?:lite|base|wasm)|PSPNet|ONNX|GPU|Apache-2\.0|CC-BY-4\.0|Cityscapes|JSON|CSV|COCO|PNG|ZIP|MP4|WebM|GPX/,
    // Units of figures, and signs between them.
    /\b(?:ms|fps|kbit\/s|km\/h|mph|[KMG]i?B|MiB|px|IoU|p95)\b|\/s\b/,
    // What an engine runs as: names of precisions and instructions.
    /\b(?:fp(?:16|32)|int8|relaxed SIMD)\b/,
    // A language is named in its own words; keys are as they are printed.
    /\b(?:English|Deutsch|Esc|Tab|Enter)\b/,
  ]
    .map(({ source }) => source)
    .join('|'),
  'g',
);

/**
 * What a page shows and says without a mark.
 * @param own names that the test itself gave: of files, rooms, vehicles
 * @returns each as it stands, with the element that it stands in
 */
export async function unmarked(page: Page, ...own: readonly string[]): Promise<readonly string[]> {
  const texts = await page.evaluate(() => {
    const found: string[] = [`title: ${document.title}`];
    const where = (element: Element) =>
      `${element.localName}${element.closest('[data-testid]')?.getAttribute('data-testid') ? ` in ${element.closest('[data-testid]')?.getAttribute('data-testid')}` : ''}`;
    // Single keys, and what a machine said word for word.
    const foreign = 'kbd, code, script, style, option[lang], [data-key]';
    const look = (root: Document | ShadowRoot) => {
      for (const element of root.querySelectorAll('*')) {
        if (element.shadowRoot) look(element.shadowRoot);
        if (element.closest(foreign) || !element.checkVisibility()) continue;
        for (const name of [
          'aria-label',
          'title',
          'placeholder',
          'alt',
          'aria-valuetext',
          'aria-description',
        ]) {
          const value = element.getAttribute(name);
          // What a machine said lies behind a notice, too.
          const machine = name === 'title' && element.hasAttribute('data-code');
          if (value && !machine) found.push(`${where(element)} ${name}: ${value}`);
        }
        for (const node of element.childNodes)
          if (node.nodeType === Node.TEXT_NODE && node.textContent?.trim())
            found.push(`${where(element)}: ${node.textContent.trim()}`);
      }
    };
    look(document);
    return found;
  });
  return texts.filter((text) => {
    const said = text.slice(text.indexOf(': ') + 2);
    let rest = said;
    // Marks lie within each other where a message is a part of another.
    for (let before = ''; before !== rest; ) {
      before = rest;
      rest = rest.replace(new RegExp(`${OPEN}[^${OPEN}${CLOSE}]*${CLOSE}`, 'g'), ' ');
    }
    for (const name of own) rest = rest.replaceAll(name, ' ');
    return /\p{L}{2,}/u.test(rest.replace(OF_ALL_LANGUAGES, ' '));
  });
}
