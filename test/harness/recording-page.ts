/** What journeys through a recording share: texts that are waited for, and files that come out of the export menu. */
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright';
import { expect, vi } from 'vitest';
import { at } from './journey';

/** Waits until an element says what it should. @param timeout milliseconds; a limit, never a measurement */
export async function pageSays(
  page: Page,
  id: string,
  text: string | RegExp,
  timeout: number,
): Promise<void> {
  await vi.waitFor(async () => expect((await at(page, id).first().textContent()) ?? '').toMatch(text), {
    timeout,
    interval: 200,
  });
}

/** Exports by the menu; the file that comes out. @param timeout milliseconds until it begins to come */
export async function pageExports(
  page: Page,
  item: string,
  timeout: number,
): Promise<{ name: string; bytes: Buffer }> {
  const coming = page.waitForEvent('download', { timeout });
  await at(page, 'export').click();
  await at(page, item).click();
  const download = await coming;
  return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
}
