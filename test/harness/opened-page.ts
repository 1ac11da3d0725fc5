/** One page that is open, with masks on it, from before the first test of a file until behind its last. */
import { afterAll, beforeAll } from 'vitest';
import type { ServerPart } from '../../src/server/app.ts';
import { tinyPspnet } from '../fixtures/networks/tiny-pspnet';
import { TestBrowser, type WatchedPage } from './browser';
import { networkPart, waitForMasks } from './journey';
import { servePage, type TestServer } from './serve';

/** Which page. */
export interface OpenedPageOptions {
  /** A network that segments every frame in no time, on the processor, in place of the shipped ones; false unless told otherwise. */
  readonly tiny?: boolean;
  /** Exports become downloads, as in other browsers: a save dialog has no place in a journey without a person. */
  readonly downloads?: boolean;
}

/** What the tests of a file share. It is there in tests and hooks only. */
export interface OpenedPage {
  readonly server: TestServer;
  readonly browser: TestBrowser;
  readonly watched: WatchedPage;
}

/** Opens the built page before the tests of the file that calls it, and closes it behind them. */
export function useOpenedPage({ tiny = false, downloads = false }: OpenedPageOptions = {}): OpenedPage {
  const opened: { server: TestServer; browser: TestBrowser; watched: WatchedPage } = Object.create(null);
  beforeAll(async () => {
    const parts: readonly ServerPart[] = tiny ? [networkPart(tinyPspnet())] : [];
    opened.server = await servePage(parts);
    opened.browser = await TestBrowser.launch(tiny ? { webgpu: false } : {});
    opened.watched = await opened.browser.open();
    const { page } = opened.watched;
    if (downloads) await page.addInitScript(() => Reflect.deleteProperty(globalThis, 'showSaveFilePicker'));
    await page.goto(`${opened.server.url}${tiny ? '?model=/models/tiny.json' : ''}`);
    await waitForMasks(page);
  });
  afterAll(async () => {
    await opened.watched?.[Symbol.asyncDispose]();
    await opened.browser?.[Symbol.asyncDispose]();
    await opened.server?.[Symbol.asyncDispose]();
  });
  return opened;
}
