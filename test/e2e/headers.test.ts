import { join } from 'node:path';
import { createServer } from 'vite';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { DEVELOPMENT_HEADERS, RESPONSE_HEADERS } from '../../src/server/headers';
import { ROOT } from '../../src/server/prepare.mjs';
import { TestBrowser } from '../harness/browser';
import { servePage } from '../harness/serve';

interface Served {
  readonly url: string;
  close(): Promise<void>;
}

async function started(): Promise<Served> {
  const server = await servePage();
  return { url: server.url, close: () => Promise.resolve(server[Symbol.asyncDispose]()) };
}

/** The development server as `npm run dev` starts it; the test runner's variable would loosen its headers. */
async function developed(): Promise<Served> {
  vi.stubEnv('VITEST', '');
  try {
    const server = await createServer({
      root: ROOT,
      cacheDir: join(ROOT, 'test', 'output', 'vite-cache'),
      logLevel: 'error',
      server: { host: '127.0.0.1', port: 0 },
    });
    await server.listen();
    return { url: server.resolvedUrls?.local[0] ?? '', close: () => server.close() };
  } finally {
    vi.unstubAllEnvs();
  }
}

describe.each([
  ['npm start', started, RESPONSE_HEADERS],
  ['npm run dev', developed, DEVELOPMENT_HEADERS],
])('%s', (_, start, headers) => {
  let server: Served;
  beforeAll(async () => {
    server = await start();
  });
  afterAll(() => server?.close());

  test.each([
    '',
    'index.html',
    'nothing-here',
    'assets/nothing.js',
    'models/nothing.onnx',
    '%2e%2e/etc/passwd',
  ])('/%s carries every header', async (path) => {
    const response = await fetch(`${server.url}${path}`);
    for (const [name, value] of Object.entries(headers))
      expect(response.headers.get(name), `${name} of ${response.status}`).toBe(value);
    await response.arrayBuffer();
  });

  test('the page and everything it loads carries every header, and the page is isolated', async () => {
    await using browser = await TestBrowser.launch({ webgpu: false });
    await using opened = await browser.open();
    const bare: string[] = [];
    opened.page.on('response', (response) => {
      const told = response.headers();
      for (const [name, value] of Object.entries(headers))
        if (told[name.toLowerCase()] !== value) bare.push(`${name} of ${response.url()}`);
    });
    const main = await opened.page.goto(server.url, { waitUntil: 'load' });
    expect(main?.status()).toBe(200);
    expect(await opened.page.evaluate(() => crossOriginIsolated)).toBe(true);
    expect(bare.filter((line) => !line.includes('blob:'))).toEqual([]);
    expect(opened.complaints.filter((line) => /Content.Security.Policy|violates/i.test(line))).toEqual([]);
  });
});
