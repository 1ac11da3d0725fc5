/** Visits without a server: the page is kept, new versions wait for a word, and what is half is never used. */
import { existsSync } from 'node:fs';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { layServiceWorker } from '../../src/server/offline';
import { ensurePageBuilt, ROOT } from '../../src/server/prepare.mjs';
import { staticFiles } from '../../src/server/static-files';
import { makeMedia } from '../fixtures/make-media.mjs';
import { screenshot, TestBrowser, type WatchedPage } from '../harness/browser';
import { at, drop, PATIENCE, waitForFigure, waitForMasks } from '../harness/journey';
import { serveParts, type TestServer } from '../harness/serve';

const CLIP = join(ROOT, 'test', 'fixtures', 'generated', 'h264.mp4');
/** The smallest network: what is tested is where it comes from. */
const QUERY = '?engine=cpu&model=pspnet-wasm';

await makeMedia();
if (!existsSync(CLIP)) console.warn('There is no ffmpeg; files without a server are skipped.');

let browser: TestBrowser;
let folder = '';
let server: TestServer | null = null;
let url = '';
let watched: WatchedPage;
let page: Page;

/** Serves the folder at the address of before. */
async function serve(): Promise<void> {
  server = await serveParts([staticFiles(folder)], url ? Number(new URL(url).port) : 0);
  url = server.url;
}

async function stop(): Promise<void> {
  await server?.[Symbol.asyncDispose]();
  server = null;
}

/** Waits until the page is kept as far as it says. */
async function state(wanted: string): Promise<void> {
  await page.waitForFunction(
    (text) => document.querySelector<HTMLElement>('[data-testid=offline]')?.dataset.state === text,
    wanted,
    { timeout: PATIENCE },
  );
}

/** The version that a build's worker keeps. */
async function versionOf(): Promise<string> {
  const script = await readFile(join(folder, 'service-worker.js'), 'utf8');
  return /"version":"(\w+)"/.exec(script)?.[1] ?? '';
}

const stores = () => page.evaluate(async () => (await caches.keys()).sort());

beforeAll(async () => {
  ensurePageBuilt();
  folder = await mkdtemp(join(tmpdir(), 'carriageway-offline-'));
  await cp(join(ROOT, 'dist'), folder, { recursive: true });
  await serve();
  browser = await TestBrowser.launch({ webgpu: false });
  watched = await browser.open({ serviceWorkers: 'allow' });
  page = watched.page;
  await page.goto(url + QUERY);
  await waitForMasks(page);
});

afterAll(async () => {
  await watched?.[Symbol.asyncDispose]();
  await browser?.[Symbol.asyncDispose]();
  await stop();
  await rm(folder, { recursive: true, force: true });
});

describe('after one visit', () => {
  test('the drive is segmented with the server stopped, and the page is as isolated as before', async () => {
    await state('kept');
    // What this visit has used is laid aside in the background.
    await page.waitForFunction(
      async () => {
        const kept = await (await caches.open('carriageway-runtime-1')).keys();
        return kept.some(({ url }) => url.includes('litert') && url.endsWith('.wasm'));
      },
      undefined,
      { timeout: PATIENCE },
    );
    await stop();
    await page.reload();
    await waitForMasks(page);
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
    await waitForFigure(page, 'hud-drivable-iou', (iou) => iou > 50);
    await screenshot(page, 'offline-drive');
  });

  test.skipIf(!existsSync(CLIP))('a file is segmented, too', async () => {
    await drop(page, 'own.mp4', 'video/mp4', await readFile(CLIP));
    await page.waitForFunction(
      () => document.querySelector('[data-testid=source-title]')?.textContent === 'own.mp4',
    );
    await waitForMasks(page);
    await screenshot(page, 'offline-file');
  });

  test.skipIf(!existsSync(CLIP))('what another program shares with it is opened', async () => {
    const base64 = (await readFile(CLIP)).toString('base64');
    await page.evaluate((text) => {
      const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
      const chosen = new DataTransfer();
      chosen.items.add(new File([bytes], 'shared.mp4', { type: 'video/mp4' }));
      const form = document.createElement('form');
      Object.assign(form, { method: 'post', action: '/share', enctype: 'multipart/form-data' });
      const input = Object.assign(document.createElement('input'), { type: 'file', name: 'files' });
      input.files = chosen.files;
      form.append(input);
      document.body.append(form);
      form.submit();
    }, base64);
    await page.waitForURL(/shared=files/);
    await page.waitForFunction(
      () => document.querySelector('[data-testid=source-title]')?.textContent === 'shared.mp4',
      undefined,
      { timeout: PATIENCE },
    );
  });
});

describe('when the page changes', () => {
  let before = '';

  beforeAll(async () => {
    before = await versionOf();
    await serve();
    await page.goto(url + QUERY);
    await waitForMasks(page);
    await state('kept');
  });

  test('a build whose files are not its own is not taken, and the old one goes on', async () => {
    await writeFile(
      join(folder, 'index.html'),
      `${await readFile(join(folder, 'index.html'), 'utf8')}<!-- next -->`,
    );
    await layServiceWorker(ROOT, folder);
    const next = await versionOf();
    expect(next).not.toBe(before);
    // Half of an upload: the list is new already, and one of its files is not.
    const script = join(folder, 'service-worker.js');
    const whole = await readFile(script, 'utf8');
    await writeFile(script, whole.replace(/("\/":")\w{4}/, '$1dead'));
    for (const twin of ['service-worker.js', 'index.html'])
      for (const ending of ['br', 'gz']) await rm(join(folder, `${twin}.${ending}`), { force: true });
    const outcome = await page.evaluate(async () => {
      const registration = (await navigator.serviceWorker.getRegistration())!;
      await registration.update().catch(() => {});
      const worker = registration.installing;
      if (!worker) return 'none';
      return new Promise<string>((resolve) => {
        worker.onstatechange = () => resolve(worker.state);
      });
    });
    expect(outcome).toBe('redundant');
    expect(await stores()).toContain(`carriageway-shell-${before}`);
    expect(await stores()).not.toContain(`carriageway-shell-${next}`);
    await writeFile(script, whole);
  });

  test('a new version waits for a word, is told, and takes over when it gets it', async () => {
    await page.evaluate(() => {
      document.documentElement.dataset.before = 'yes';
    });
    await page.evaluate(async () => void (await (await navigator.serviceWorker.getRegistration())!.update()));
    const notice = at(page, 'notice-update-ready');
    await notice.waitFor({ timeout: PATIENCE });
    await screenshot(page, 'offline-update');
    // Nothing was loaded behind anybody's back.
    expect(await page.evaluate(() => document.documentElement.dataset.before)).toBe('yes');
    await notice.getByTestId('notice-action').click();
    await page.waitForFunction(() => document.documentElement.dataset.before === undefined);
    await page.waitForLoadState();
    const next = await versionOf();
    await expect.poll(stores).not.toContain(`carriageway-shell-${before}`);
    expect(await stores()).toContain(`carriageway-shell-${next}`);
    await waitForMasks(page);
  });
});

test('where service workers are forbidden the page works, and says that it is not kept', async () => {
  await using forbidden = await browser.open({ serviceWorkers: 'block' });
  await forbidden.page.addInitScript(() => {
    ServiceWorkerContainer.prototype.register = () => Promise.reject(new DOMException('', 'SecurityError'));
  });
  await forbidden.page.goto(url + QUERY);
  await waitForMasks(forbidden.page);
  page = forbidden.page;
  await state('refused');
  expect(forbidden.complaints).toEqual([]);
});
