/** The page in the frame of another origin's page. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createApp } from '../../src/server/app';
import { listen } from '../../src/server/listen';
import { ensurePageBuilt, ROOT } from '../../src/server/prepare.mjs';
import { staticFiles } from '../../src/server/static-files';
import { screenshot, TestBrowser } from '../harness/browser';
import { PATIENCE } from '../harness/journey';

/** What the other page says of itself. */
interface Outside {
  readonly origin: string;
  readonly server: Server;
}

let outside: Outside;
let browser: TestBrowser;
/** What the frame shows. */
let framed = '';

beforeAll(async () => {
  ensurePageBuilt();
  browser = await TestBrowser.launch();
  const server = createServer((request, response) => {
    const isolated = request.url === '/isolated';
    response.writeHead(200, {
      'Content-Type': 'text/html',
      ...(isolated
        ? { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' }
        : {}),
    });
    response.end(
      `<!doctype html><title>Outside</title><h1>Somebody else’s page</h1>
       <iframe src="${framed}" allow="camera; cross-origin-isolated" width="640" height="400"></iframe>`,
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  outside = { origin: `http://localhost:${(server.address() as AddressInfo).port}`, server };
});

afterAll(async () => {
  await browser?.[Symbol.asyncDispose]();
  outside?.server.close();
});

/** Serves the page for these embedders, and looks at it in the other's frame. */
async function inFrame(embedders: readonly string[], path: string) {
  const app = await createApp([staticFiles(join(ROOT, 'dist'))], { embedders });
  const url = await listen(app, { host: '127.0.0.1', port: 0, origin: { host: 'default', port: 'flag' } });
  framed = `${url}?embed&engine=wasm`;
  const watched = await browser.open({ viewport: { width: 800, height: 520 } });
  await watched.page.goto(`${outside.origin}${path}`);
  return {
    ...watched,
    frame: watched.page.frameLocator('iframe'),
    async [Symbol.asyncDispose]() {
      await watched[Symbol.asyncDispose]();
      await app.close();
    },
  };
}

test.each([
  ['an isolated page', '/isolated', true],
  ['a page that is not', '/', false],
])('%s shows the drive segmented, in a frame without the page’s own', async (_, path, isolated) => {
  await using seen = await inFrame([outside.origin], path);
  const picture = seen.frame.getByTestId('canvas').first();
  await picture.waitFor({ timeout: PATIENCE });
  await expect
    .poll(() => seen.frame.getByTestId('hud-drivable-share').first().textContent({ timeout: PATIENCE }), {
      timeout: PATIENCE,
    })
    .toMatch(/\d/);
  expect(await seen.frame.locator('cw-header').isVisible()).toBe(false);
  expect(await seen.frame.getByTestId('statement').isVisible()).toBe(true);
  const inside = seen.page.frames()[1];
  expect(await inside?.evaluate(() => crossOriginIsolated)).toBe(isolated);
  await screenshot(seen.page, isolated ? 'embedded-isolated' : 'embedded');
});

test('a page that was not named shows nothing of it', async () => {
  await using seen = await inFrame(['https://somebody.example'], '/');
  await expect.poll(() => seen.complaints.join(' ')).toContain('frame-ancestors');
  expect(await seen.frame.getByTestId('statement').count()).toBe(0);
});
