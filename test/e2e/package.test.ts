/** The library from its tarball in an empty folder: every example built, served and looked at. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ROOT } from '../../src/server/prepare.mjs';
import { screenshot, TestBrowser } from '../harness/browser';
import { PATIENCE } from '../harness/journey';
import { type Installed, installPacked, type PlainOptions, servePlainly } from '../harness/packed';

/** The policy of docs/library/headers.md. */
const POLICY =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self' blob:; media-src 'self' blob:; img-src 'self' blob: data:; style-src 'self'";

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
  options: PlainOptions = {},
): Promise<readonly string[]> {
  await using server = await servePlainly(folder, options);
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

/** A program of an embedder's with a fault in each of the lines that are commented. */
const WRONG = `import { createStage, type ModelManifest, type StageSettings } from 'carriageway';
import 'carriageway/element';
import { FakeSource } from 'carriageway/testing';

const settings: StageSettings = { engine: 'cuda' }; // 5
const name: ModelManifest['name'] = 7; // 6
const view = document.createElement('carriageway-view');
view.addEventListener('report', ({ detail }) => console.log(detail.nonsense)); // 8
view.addEventListener('report', ({ detail }) => console.log(detail.drivableShare));
view.opacity = 'half'; // 10
view.requestUpdate(1, 2, 3, 4, 5, 6, 7); // 11
const road = await createStage({ mode: 'heat' }); // 12
road.view.on('masks', () => {}); // 13
road.view.on('mask', ({ classes }) => classes.length.nonsense); // 14
await road.view.play(new FakeSource({ kind: 'camera', deviceId: null }).nonsense); // 15
export { name, settings };
`;

test.each([
  ['nodenext', 'nodenext'],
  ['esnext', 'bundler'],
])('the types are all there, and tell every fault (modules %s, found as %s)', async (module, resolution) => {
  const folder = join(installed.folder, `typed-${resolution}`);
  await mkdir(folder);
  await cp(join(ROOT, 'docs/examples/vite/main.ts'), join(folder, 'right.ts'));
  await writeFile(join(folder, 'wrong.ts'), WRONG);
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
  const compiled = await installed
    .run(
      join(ROOT, 'node_modules/.bin/tsc'),
      ...['--noEmit', '--strict', '--skipLibCheck', '--target', 'esnext', '--pretty', 'false'],
      ...['--module', module, '--moduleResolution', resolution, '--lib', 'esnext,dom,dom.iterable'],
      ...['--types', '', join(folder, 'right.ts'), join(folder, 'wrong.ts')],
    )
    .catch((error: { stdout: string }) => error.stdout);
  const lines = [...compiled.matchAll(/wrong\.ts\((\d+),/g)].map(([, line]) => Number(line));
  expect([...new Set(lines)], compiled).toEqual([5, 6, 8, 10, 11, 12, 13, 14, 15]);
  expect(compiled).not.toContain('right.ts');
});

test('the command that lays out its files takes no option for a folder', async () => {
  const refused = installed.run('npx', 'carriageway', 'copy', '--help');
  await expect(refused).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining('Usage: ') });
  expect(existsSync(join(installed.folder, '--help'))).toBe(false);
});

describe('without a bundler', () => {
  beforeAll(async () => {
    await installed.run('npx', 'carriageway', 'copy', 'public/carriageway');
  });

  /** The page of five lines. */
  const fiveLines = () =>
    installed.run('cp', join(ROOT, 'docs/examples/html/index.html'), 'public/index.html');

  test('five lines of HTML show a segmented drive', async () => {
    await fiveLines();
    const complaints = await visit(join(installed.folder, 'public'), async (page) => {
      expect(await shareOfElement(page)).toBeGreaterThan(0.05);
      await screenshot(page, 'package-html');
    });
    expect(complaints).toEqual([]);
  });

  test('the same without cross-origin isolation', async () => {
    await fiveLines();
    const complaints = await visit(
      join(installed.folder, 'public'),
      async (page) => {
        expect(await page.evaluate(() => crossOriginIsolated)).toBe(false);
        expect(await shareOfElement(page)).toBeGreaterThan(0.05);
      },
      { isolated: false },
    );
    expect(complaints).toEqual([]);
  });

  test('a base that answers every address with a web page is told, and the page around is unharmed', async () => {
    await installed.run('mkdir', '-p', 'lost');
    await writeFile(
      join(installed.folder, 'lost/index.html'),
      `<!doctype html><title>Around</title><h1>Still here</h1>
       <script type="importmap">{ "imports": { "carriageway/element": "/carriageway/element.js" } }</script>
       <script type="module">
         import 'carriageway/element';
         window.told = [];
         document.querySelector('carriageway-view').addEventListener('notice', (e) => told.push(e.detail.code));
       </script>
       <carriageway-view src="drive" model="pspnet-lite" base="./nowhere/"></carriageway-view>`,
    );
    await cp(join(installed.folder, 'public/carriageway'), join(installed.folder, 'lost/carriageway'), {
      recursive: true,
    });
    const complaints = await visit(
      join(installed.folder, 'lost'),
      async (page) => {
        await page.waitForFunction(
          () => (window as unknown as { told: string[] }).told.includes('model-is-html'),
          undefined,
          { timeout: PATIENCE },
        );
        expect(await page.locator('[part=notice]').textContent()).toContain('web page');
        expect(await page.locator('h1').isVisible()).toBe(true);
      },
      { fallback: true },
    );
    expect(complaints).toEqual([]);
  });

  test('where nothing can be drawn (neither WebGPU nor WebGL) that is told, and the page around is unharmed', async () => {
    const folder = join(installed.folder, 'undrawn');
    await cp(join(installed.folder, 'public/carriageway'), join(folder, 'carriageway'), { recursive: true });
    await cp(join(ROOT, 'docs/examples/html/index.html'), join(folder, 'index.html'));
    const assets = join(folder, 'carriageway/assets');
    for (const name of await readdir(assets))
      if (/worker/.test(name)) {
        const script = await readFile(join(assets, name), 'utf8');
        await writeFile(join(assets, name), `OffscreenCanvas.prototype.getContext = () => null;\n${script}`);
      }
    await using server = await servePlainly(folder);
    await using bare = await TestBrowser.launch({ webgpu: false });
    await using watched = await bare.open();
    const { page } = watched;
    await page.addInitScript(() => {
      const told: string[] = [];
      Object.assign(window, { told });
      document.addEventListener('notice', ({ detail }: CustomEventInit) => told.push(detail.code), true);
    });
    await page.goto(server.url);
    await page.waitForFunction(
      () => {
        const { told } = window as unknown as { told: string[] };
        return told.some((code) => code === 'overlay-failed' || code === 'drive-failed');
      },
      undefined,
      { timeout: PATIENCE },
    );
    expect((await page.locator('[part=notice]').textContent())?.length).toBeGreaterThan(20);
    expect(await page.title()).toBe('A segmented road');
  });

  test('figures come without any picture', async () => {
    await installed.run('cp', join(ROOT, 'docs/examples/events/index.html'), 'public/index.html');
    await visit(join(installed.folder, 'public'), async (page) => {
      await figures(page, /drivable \d+ %/);
    });
  });

  test('esbuild, under a strict policy: the element behind a bundler that does not follow workers', async () => {
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
    const complaints = await visit(
      join(installed.folder, 'public'),
      async (page) => {
        expect(await shareOfElement(page)).toBeGreaterThan(0.05);
      },
      { policy: POLICY },
    );
    expect(complaints).toEqual([]);
  });
});

/** The text of the example's figures, once it is what is waited for. */
async function figures(page: Page, pattern: RegExp): Promise<string> {
  const handle = await page.waitForFunction(
    (source) => {
      const text = document.getElementById('figures')?.textContent ?? '';
      return new RegExp(source).test(text) && text;
    },
    pattern.source,
    { timeout: PATIENCE },
  );
  return String(await handle.jsonValue());
}

describe('in a script', () => {
  test('a data set is scored, picture by picture', async () => {
    await installed.run('npx', 'carriageway', 'copy', 'public/carriageway');
    const set = join(installed.folder, 'drive-set');
    // Drawn by the project's own simulator, which is served from its folder.
    await promisify(execFile)(
      join(ROOT, 'node_modules/.bin/tsx'),
      [join(ROOT, 'test/harness/export-drive.ts'), ...['--out', set, '--seeds', '4-6', '--frames', '1']],
      { cwd: ROOT },
    );
    const names = (await readdir(join(set, 'images'))).map((name) => name.replace('.jpg', ''));
    await cp(set, join(installed.folder, 'public'), { recursive: true });
    await cp(join(ROOT, 'docs/examples/score'), join(installed.folder, 'public'), { recursive: true });
    await writeFile(
      join(installed.folder, 'public/set.json'),
      JSON.stringify(names.map((name) => ({ picture: `images/${name}.jpg`, labels: `labels/${name}.png` }))),
    );
    const complaints = await visit(join(installed.folder, 'public'), async (page) => {
      const text = await figures(page, /mIoU/);
      expect(text).toContain('3 pictures');
      const road = Number(/^road ([\d.]+)$/m.exec(text)?.[1]);
      expect(road).toBeGreaterThan(70);
      expect(road).toBeLessThan(100);
    });
    expect(complaints).toEqual([]);
  });
});

test('React, built with Vite: the element as a component, taken away and put back', async () => {
  await installed.borrow('react', 'react-dom');
  await installed.example('react');
  await installed.run('npx', 'carriageway', 'copy', 'public', '--models');
  await installed.run(
    join(ROOT, 'node_modules/.bin/vite'),
    ...['build', '--outDir', 'built-react', '--logLevel', 'warn'],
  );
  const complaints = await visit(join(installed.folder, 'built-react'), async (page) => {
    await figures(page, /drivable \d+ %/);
    await screenshot(page, 'package-react');
    await page.getByRole('button', { name: 'Take it away' }).click();
    expect(await page.locator('carriageway-view').count()).toBe(0);
    await page.getByRole('button', { name: 'Put it back' }).click();
    await figures(page, /drivable \d+ %/);
  });
  expect(complaints).toEqual([]);
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
    await figures(page, /drivable \d+ %/);
    await screenshot(page, 'package-vite');
  });
});

test('webpack: the element, with its workers and the fast engine found by the bundler', async () => {
  await installed.borrow('webpack');
  await installed.example('webpack');
  await installed.run('npx', 'carriageway', 'copy', 'public', '--models');
  await installed.run('cp', 'index.html', 'public/index.html');
  // As `npx webpack` does, but without the minutes that making it small takes.
  const build = `const options = { ...require('./webpack.config.cjs'), mode: 'development', devtool: false };
require('webpack')(options, (failed, stats) => {
  if (!failed && !stats.hasErrors()) return;
  console.error(failed ?? stats.toString('errors-only'));
  process.exit(1);
});`;
  await writeFile(join(installed.folder, 'build.cjs'), build);
  await installed.run(process.execPath, 'build.cjs');
  await using server = await servePlainly(join(installed.folder, 'public'));
  await using watched = await browser.open({ viewport: { width: 800, height: 500 } });
  const { page, complaints } = watched;
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  await page.goto(server.url);
  expect(await shareOfElement(page)).toBeGreaterThan(0.05);
  await screenshot(page, 'package-webpack');
  expect(complaints).toEqual([]);
  // The network of the fast engine, and no other engine tried after it.
  expect(asked.filter((path) => path.endsWith('.tflite'))).not.toEqual([]);
  expect(asked.filter((path) => path.endsWith('.onnx'))).toEqual([]);
});
