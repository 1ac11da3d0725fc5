/** The built page with a tiny network beside it, and a browser without WebGPU, for all tests of a file. */
import { afterAll, beforeAll } from 'vitest';
import { tinyPspnet } from '../fixtures/networks/tiny-pspnet';
import { TestBrowser } from './browser';
import { networkPart } from './journey';
import { servePage, type TestServer } from './serve';

/** What runs from before the first test of a file until behind its last. */
export interface TinyPage {
  readonly server: TestServer;
  readonly browser: TestBrowser;
}

/** Starts both before the tests of the file that calls it, and ends them. They are there in tests and hooks only. */
export function useTinyPage(): TinyPage {
  const page: { server: TestServer; browser: TestBrowser } = Object.create(null);
  beforeAll(async () => {
    page.server = await servePage([networkPart(tinyPspnet())]);
    page.browser = await TestBrowser.launch({ webgpu: false });
  });
  afterAll(async () => {
    await page.browser?.[Symbol.asyncDispose]();
    await page.server?.[Symbol.asyncDispose]();
  });
  return page;
}
