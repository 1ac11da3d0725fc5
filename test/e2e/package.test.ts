/** The library from its tarball in an empty folder: every example built, served and looked at. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ROOT } from '../../src/server/prepare.mjs';
import { screenshot, TestBrowser } from '../harness/browser';
import { PATIENCE } from '../harness/journey';
import { type Installed, installPacked, servePlainly } from '../harness/packed';

let installed: Installed;
let browser: TestBrowser;

beforeAll(async () => {
  installed = await installPacked();
  browser = await TestBrowser.launch();
}, 300_000);

afterAll(async () => {
  await browser?.[Symbol.asyncDispose]();
  await installed?.[Symbol.asyncDispose]();
});

/** Serves a folder of the embedder's and opens it. */
async function visit(
  folder: string,
  look: (page: Page) => Promise<void>,
  isolated = true,
): Promise<readonly string[]> {
  await using server = await servePlainly(folder, isolated);
  await using watched = await browser.open({ viewport: { width: 800, height: 500 } });
  await watched.page.goto(server.url);
  await look(watched.page);
  return watched.complaints;
}

/** Waits for a report with a drivable share from the element on the page. */
async function shareOfElement(page: Page): Promise<number> {
  const handle = await page.waitForFunction(
    () => {
      const host = window as { shareSeen?: number };
      const view = document.querySelector('carriageway-view');
      if (view && !('watched' in view)) {
        Object.assign(view, { watched: true });
        view.addEventListener('report', (event) => {
          const { drivableShare } = (event as CustomEvent<{ drivableShare: number | null }>).detail;
          if (drivableShare !== null) host.shareSeen = drivableShare;
        });
      }
      return host.shareSeen;
    },
    undefined,
    { timeout: PATIENCE },
  );
  return (await handle.jsonValue()) ?? Number.NaN;
}

test('the package depends on nothing, has types, and names the licence of the weights apart', async () => {
  const at = join(installed.folder, 'node_modules/carriageway');
  const manifest = JSON.parse(
    await installed.run(process.execPath, '-p', `JSON.stringify(require('${at}/package.json'))`),
  );
  expect(manifest.dependencies).toBeUndefined();
  for (const { types, default: file } of [
    manifest.exports['.'],
    manifest.exports['./element'],
    manifest.exports['./drive'],
    manifest.exports['./testing'],
  ]) {
    expect(existsSync(join(at, types)), types).toBe(true);
    expect(existsSync(join(at, file)), file).toBe(true);
  }
  expect(await installed.run('cat', join(at, 'README.md'))).toContain('The weights are not');
  expect(await installed.run('cat', join(at, 'THIRD-PARTY.md'))).toContain('## three ');
  // What it weighs is quoted in docs/library.md.
  expect(installed.bytes / 1e6).toBeLessThan(60);
});

describe('without a bundler', () => {
  beforeAll(async () => {
    await installed.run('npx', 'carriageway', 'copy', 'public/carriageway');
  });

  test('five lines of HTML show a segmented drive', async () => {
    await installed.run('cp', join(ROOT, 'docs/examples/html/index.html'), 'public/index.html');
    const complaints = await visit(join(installed.folder, 'public'), async (page) => {
      expect(await shareOfElement(page)).toBeGreaterThan(0.05);
      await screenshot(page, 'package-html');
    });
    expect(complaints).toEqual([]);
  });

  test('the same without cross-origin isolation', async () => {
    const complaints = await visit(
      join(installed.folder, 'public'),
      async (page) => {
        expect(await page.evaluate(() => crossOriginIsolated)).toBe(false);
        expect(await shareOfElement(page)).toBeGreaterThan(0.05);
      },
      false,
    );
    expect(complaints).toEqual([]);
  });

  test('figures come without any picture', async () => {
    await installed.run('cp', join(ROOT, 'docs/examples/events/index.html'), 'public/index.html');
    await visit(join(installed.folder, 'public'), async (page) => {
      await page.waitForFunction(
        () => /drivable \d+ %/.test(document.getElementById('figures')?.textContent ?? ''),
        undefined,
        { timeout: PATIENCE },
      );
    });
  });

  test('esbuild: the element behind a bundler that does not follow workers', async () => {
    const [html, main] = ['index.html', 'main.js'].map((file) => join(ROOT, 'docs/examples/esbuild', file));
    await installed.run('cp', html!, 'public/index.html');
    await installed.run(
      join(ROOT, 'node_modules/.bin/esbuild'),
      main!,
      '--bundle',
      '--format=esm',
      '--outfile=public/main.js',
      '--external:/carriageway/*',
    );
    await visit(join(installed.folder, 'public'), async (page) => {
      expect(await shareOfElement(page)).toBeGreaterThan(0.05);
    });
  });
});

test('Vite: the call with its typed events, built', async () => {
  await installed.example('vite');
  await installed.run('npx', 'carriageway', 'copy', 'public', '--models');
  await installed.run(
    join(ROOT, 'node_modules/.bin/vite'),
    'build',
    '--outDir',
    'built',
    '--logLevel',
    'warn',
  );
  await visit(join(installed.folder, 'built'), async (page) => {
    await page.waitForFunction(
      () => /drivable \d+ %/.test(document.getElementById('figures')?.textContent ?? ''),
      undefined,
      { timeout: PATIENCE },
    );
    await screenshot(page, 'package-vite');
  });
});
