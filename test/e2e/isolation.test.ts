/** A page whose isolation was lost, as behind a proxy that drops headers: one thread, said so, and masks all the same. */
import { join } from 'node:path';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ensurePageBuilt, ROOT } from '../../src/server/prepare.mjs';
import { staticFiles } from '../../src/server/static-files';
import { TestBrowser } from '../harness/browser';
import { at, openDetails, PATIENCE, waitForMasks } from '../harness/journey';

let app: FastifyInstance;
let browser: TestBrowser;

beforeAll(async () => {
  ensurePageBuilt();
  // The files alone: the product's server would put the headers on.
  app = Fastify();
  await app.register(staticFiles(join(ROOT, 'dist')));
  await app.listen({ host: '127.0.0.1', port: 0 });
  browser = await TestBrowser.launch({ webgpu: false });
});

afterAll(async () => {
  await browser?.[Symbol.asyncDispose]();
  await app?.close();
});

test.each([
  ['cpu', 'page not isolated'],
  ['wasm', '1 thread'],
])('%s', async (engine, words) => {
  await using watched = await browser.open();
  const { page } = watched;
  await page.goto(`${app.listeningOrigin}/?engine=${engine}&model=pspnet-wasm`);
  await waitForMasks(page);
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(false);
  await openDetails(page);
  await expect.poll(() => at(page, 'hud-description').textContent(), { timeout: PATIENCE }).toContain(words);
  expect(watched.complaints).toEqual([]);
});
