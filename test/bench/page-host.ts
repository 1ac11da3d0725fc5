/**
 * Where a tool's page runs: built from the product's sources, served with the product's headers by the product's
 * server, opened in a headless Chromium.
 */
import { join } from 'node:path';
import type { Page } from 'playwright';
import type { ServerPart } from '../../src/server/app.ts';
import { ensureBuilt, ROOT } from '../../src/server/prepare.mjs';
import { staticFiles } from '../../src/server/static-files.ts';
import { TestBrowser } from '../harness/browser.ts';
import { ensureChromium } from '../harness/install.ts';
import { serveParts } from '../harness/serve.ts';

/** The tools' pages and how they are built; paths are relative to the root. */
export const TOOL_PAGES = {
  out: 'test/output/pages',
  inputs: ['src', 'workers', 'models', 'test/bench/pages', 'vite.config.ts', 'package-lock.json'],
  args: ['--config', 'test/bench/pages/pages.config.ts'],
  title: 'the tools’ pages',
};

/**
 * Opens a page and hands it to `use`; everything is released afterwards, however it ends.
 * @param name base name of an HTML file in `test/bench/pages`
 * @param parts what the tool serves beside the page
 * @param use works with the page; what it returns is returned
 */
export async function withPage<T>(
  name: string,
  parts: readonly ServerPart[],
  use: (page: Page) => Promise<T>,
): Promise<T> {
  ensureChromium();
  ensureBuilt(TOOL_PAGES);
  await using server = await serveParts([...parts, staticFiles(join(ROOT, TOOL_PAGES.out))]);
  await using browser = await TestBrowser.launch();
  await using opened = await browser.open();
  // What a page complains of is what one needs to know when a tool fails.
  opened.page.on('pageerror', (error) => console.error(`page: ${error.message}`));
  await opened.page.goto(`${server.url}${name}.html`);
  return await use(opened.page);
}
