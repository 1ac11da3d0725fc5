/** What assistive technology is given of a page in a real browser: its tree, and what axe complains of. */
import axe from 'axe-core';
import type { Page } from 'playwright';

/** What axe complains of, as `rule: element`. A name must hold what is written on its control, too. */
export async function axeComplaints(page: Page): Promise<readonly string[]> {
  // As the debugger's own text: the page's policy lets no script in.
  await page.evaluate(axe.source);
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: typeof import('axe-core') };
    const { violations } = await axe.run(document, {
      resultTypes: ['violations'],
      rules: { 'label-content-name-mismatch': { enabled: true } },
    });
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`));
  });
}

/** A node of the accessibility tree, as far as it is looked at. */
export interface SpokenNode {
  readonly role: string;
  readonly name: string;
  readonly value: string;
  readonly description: string;
  /** Properties such as `focusable`, `live`, `pressed`, by name. */
  readonly properties: Readonly<Record<string, unknown>>;
}

interface RawNode {
  readonly ignored: boolean;
  readonly role?: { readonly value?: unknown };
  readonly name?: { readonly value?: unknown };
  readonly value?: { readonly value?: unknown };
  readonly description?: { readonly value?: unknown };
  readonly properties?: readonly { readonly name: string; readonly value: { readonly value?: unknown } }[];
}

/** The accessibility tree, flat, in the order in which it is read; what is hidden from it is left out. */
export async function spokenTree(page: Page): Promise<readonly SpokenNode[]> {
  const session = await page.context().newCDPSession(page);
  try {
    const { nodes } = (await session.send('Accessibility.getFullAXTree')) as { nodes: readonly RawNode[] };
    return nodes
      .filter(({ ignored }) => !ignored)
      .map(({ role, name, value, description, properties = [] }) => ({
        role: String(role?.value ?? ''),
        name: String(name?.value ?? ''),
        value: String(value?.value ?? ''),
        description: String(description?.value ?? ''),
        properties: Object.fromEntries(properties.map((each) => [each.name, each.value.value])),
      }));
  } finally {
    await session.detach();
  }
}

/** What has the focus: its test id, or its tag; and whether that is to be seen. */
export function focused(page: Page): Promise<{ readonly at: string; readonly seen: boolean }> {
  return page.evaluate(() => {
    const element = document.activeElement as HTMLElement | null;
    if (!element || element === document.body) return { at: 'body', seen: false };
    // A radio button or a file chooser is drawn by what stands beside or around it.
    const drawn = [element, element.nextElementSibling, element.closest('label')].filter(
      (each) => each instanceof HTMLElement,
    );
    const ringed = drawn.some((each) => {
      const { outlineStyle, outlineWidth } = getComputedStyle(each);
      return outlineStyle !== 'none' && Number.parseFloat(outlineWidth) > 0;
    });
    const box = element.getBoundingClientRect();
    const inside = box.bottom > 0 && box.right > 0 && box.top < innerHeight && box.left < innerWidth;
    return { at: element.dataset.testid ?? element.localName, seen: ringed && inside };
  });
}

/**
 * Presses Tab until an element has the focus.
 * @returns the stops on the way, each with whether the focus was to be seen there
 */
export async function tabTo(
  page: Page,
  id: string,
  key = 'Tab',
  most = 120,
): Promise<readonly { readonly at: string; readonly seen: boolean }[]> {
  const stops: { at: string; seen: boolean }[] = [];
  for (let presses = 0; presses < most; presses++) {
    await page.keyboard.press(key);
    const stop = await focused(page);
    stops.push(stop);
    if (stop.at === id) return stops;
  }
  throw new Error(`${id} was not reached by ${key}: ${stops.map(({ at }) => at).join(' ')}`);
}
