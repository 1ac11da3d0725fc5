/** Building elements without a framework: one function, typed by the tag. */

type Attribute = string | number | boolean | null | undefined | ((event: never) => void);

/** A child: a node, a text, or nothing. */
type Child = Node | string | null;

/**
 * Makes an element.
 * @param attributes attributes by name; `true` sets an empty one, `false` and null none; `onclick` and its like add a
 *   listener
 */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, Attribute>> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name.slice(2), value as EventListener);
    else if (value !== null && value !== undefined && value !== false)
      element.setAttribute(name, value === true ? '' : String(value));
  }
  for (const child of children) if (child !== null) element.append(child);
  return element;
}

/** Sets a text only when it differs: writing the same text again would make screen readers say it again. */
export function setText(node: Node, text: string): void {
  if (node.textContent !== text) node.textContent = text;
}
