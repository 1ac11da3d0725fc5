/**
 * A journey through the built page: opened on the real server, steered as a person would, read by its test ids.
 */
import { createHash } from 'node:crypto';
import type { Locator, Page } from 'playwright';
import type { ServerPart } from '../../src/server/app.ts';
import type { TinyNetwork } from '../fixtures/networks/tiny-pspnet.ts';

/** Waits as long as the slowest first compilation here may take, in milliseconds. A limit, never a measurement. */
export const PATIENCE = 180_000;

/** Time between two looks at a figure, in milliseconds. */
const POLL = 200;

/** The element with a test id. */
export function at(page: Page, id: string): Locator {
  return page.getByTestId(id);
}

/** The number that an element counts or, where it does not say one, the first in its text; NaN without either. */
export async function figure(page: Page, id: string): Promise<number> {
  const element = at(page, id).first();
  // Digits of a text may be grouped in any way; a count is the number itself.
  const count = await element.getAttribute('data-count');
  if (count !== null) return Number(count);
  const text = (await element.textContent()) ?? '';
  return Number.parseFloat(/-?\d+(\.\d+)?/.exec(text.replaceAll(',', ''))?.[0] ?? 'NaN');
}

/** Waits until the figure of an element passes `accept`. */
export async function waitForFigure(
  page: Page,
  id: string,
  accept: (value: number) => boolean,
): Promise<number> {
  // A loop of its own: benchmarks wait here, too, and have no test runner around them.
  const end = performance.now() + PATIENCE;
  for (;;) {
    const value = await figure(page, id);
    if (accept(value)) return value;
    if (performance.now() > end) throw new Error(`${id} never became what it should; it is ${value}`);
    await page.waitForTimeout(POLL);
  }
}

/** Waits until masks are on screen: the picture is segmented. */
export async function waitForMasks(page: Page): Promise<void> {
  await waitForFigure(page, 'hud-drivable-share', (share) => !Number.isNaN(share));
}

/** Waits until an element looks the same three times in a row: what moved in it stands. */
export async function untilStill(element: Locator): Promise<void> {
  const end = performance.now() + PATIENCE;
  let same = 0;
  for (let before = ''; same < 2; ) {
    if (performance.now() > end) throw new Error('The picture never stood still.');
    await element.page().waitForTimeout(POLL);
    const now = (await element.screenshot()).toString('base64');
    same = now === before ? same + 1 : 0;
    before = now;
  }
}

/** Opens the details, where the rarer figures stand. */
export async function openDetails(page: Page): Promise<void> {
  const details = at(page, 'details');
  if (!(await details.evaluate((element) => (element as HTMLDetailsElement).open)))
    await details.locator('summary').click();
}

/**
 * Serves a network that is not in the build, as if it lay under `/models/`: its manifest at `/models/NAME.json`.
 * @param name another name than its own
 * @param sha256 another hash than its bytes have
 */
export function networkPart(
  { manifest, bytes }: TinyNetwork,
  name = manifest.name,
  sha256 = createHash('sha256').update(Buffer.from(bytes)).digest('hex'),
): ServerPart {
  const path = `${name}.onnx`;
  const files = manifest.files.map((file) => ({ ...file, path, bytes: bytes.byteLength, sha256 }));
  return async (app) => {
    app.get(`/models/${name}.json`, async () => ({ ...manifest, name, files }));
    app.get(`/models/${path}`, (_request, reply) =>
      reply.type('application/octet-stream').send(Buffer.from(bytes)),
    );
  };
}

/** Drops files on the page, as from a file manager. */
export async function drop(page: Page, name: string, type: string, content: Buffer): Promise<void> {
  const data = await page.evaluateHandle(
    ({ name, type, base64 }) => {
      const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
      const transfer = new DataTransfer();
      transfer.items.add(new File([bytes], name, { type }));
      return transfer;
    },
    { name, type, base64: content.toString('base64') },
  );
  const target = page.locator('body');
  await target.dispatchEvent('dragenter', { dataTransfer: data });
  await target.dispatchEvent('dragover', { dataTransfer: data });
  await target.dispatchEvent('drop', { dataTransfer: data });
  await data.dispose();
}
