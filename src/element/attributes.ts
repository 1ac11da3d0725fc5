/** Attributes that would do nothing: a misspelt one is told, where it cannot belong to somebody else. */

/** Plain names that belong to every element of HTML. */
const EVERYWHERE: ReadonlySet<string> = new Set([
  ...[
    'accesskey',
    'autocapitalize',
    'autofocus',
    'class',
    'contenteditable',
    'dir',
    'draggable',
    'enterkeyhint',
  ],
  ...['exportparts', 'height', 'hidden', 'id', 'inert', 'inputmode', 'is', 'itemid', 'itemprop', 'itemref'],
  ...['itemscope', 'itemtype', 'key', 'lang', 'name', 'nonce', 'part', 'popover', 'ref', 'role', 'slot'],
  ...['spellcheck', 'style', 'tabindex', 'title', 'translate', 'width', 'writingsuggestions'],
]);

/**
 * The attributes that nobody reads. Names with signs in them (`data-road`, `aria-label`, `v-if`, `@click`) and those of
 * events belong to others.
 * @param known those of the element itself
 */
export function unknownAttributes(names: readonly string[], known: Iterable<string>): string[] {
  const own = new Set(known);
  return names.filter(
    (name) => /^[a-z]+$/.test(name) && !name.startsWith('on') && !own.has(name) && !EVERYWHERE.has(name),
  );
}
