/**
 * A Chromium for end-to-end tests and tools: launched with the right flags, every page's complaints collected.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright';
import { chromiumPath } from '../../src/server/analyse/chromium.ts';
import { ROOT } from '../../src/server/prepare.mjs';
import { NO_WEBGPU_FLAGS, WEBGPU_FLAGS } from './chromium.ts';

/**
 * A page that is not ours, to come from and to go to. None of the server's bare files: beside a picture that is opened
 * by itself browsers ask for a `favicon.ico`, sooner or later, and the console complains that there is none.
 */
export const ELSEWHERE = 'data:text/html,<title>Elsewhere</title>';

/** How a browser is wanted. */
export interface BrowserOptions {
  /** With software WebGPU (the default), or with WebGL2 only. */
  readonly webgpu?: boolean;
  /** More flags, such as a fake camera's. */
  readonly flags?: readonly string[];
}

/** A page and what it complained of: console errors and exceptions nobody caught, in order. */
export interface WatchedPage extends AsyncDisposable {
  readonly page: Page;
  readonly complaints: readonly string[];
}

/** A running browser; dispose of it to end it with all its pages. */
export class TestBrowser implements AsyncDisposable {
  private constructor(private readonly browser: Browser) {}

  /** Starts one. Rejects when there is no browser: `npm test` and the tools make sure there is. */
  static async launch(options: BrowserOptions = {}): Promise<TestBrowser> {
    const executablePath = chromiumPath();
    const flags = options.webgpu === false ? NO_WEBGPU_FLAGS : WEBGPU_FLAGS;
    const browser = await chromium.launch({
      args: [...flags, ...(options.flags ?? [])],
      ...(executablePath ? { executablePath } : {}),
    });
    return new TestBrowser(browser);
  }

  /**
   * Opens an empty page in a context of its own: no cache, storage or permission is shared with another. Its service
   * worker is blocked unless it is asked for: it would answer in place of what a test puts between page and server. The
   * system asks for dark.
   */
  async open(context: BrowserContextOptions = {}): Promise<WatchedPage> {
    const owner = await this.browser.newContext({
      viewport: { width: 1280, height: 720 },
      serviceWorkers: 'block',
      colorScheme: 'dark',
      ...context,
    });
    const page = await owner.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    return { page, complaints, [Symbol.asyncDispose]: () => owner.close() };
  }

  /** The ids of its processes: its own, the GPU's, and those of pages and their workers. */
  async processes(): Promise<readonly number[]> {
    const session = await this.browser.newBrowserCDPSession();
    try {
      const { processInfo } = await session.send('SystemInfo.getProcessInfo');
      return processInfo.map(({ id }) => id);
    } finally {
      await session.detach();
    }
  }

  /** Kills the process that owns the GPU, as a crashing driver does. The browser starts another. */
  async crashGpu(): Promise<void> {
    const session = await this.browser.newBrowserCDPSession();
    // The answer never comes from a process that is gone.
    await Promise.race([
      session.send('Browser.crashGpuProcess').catch(() => {}),
      new Promise((r) => setTimeout(r, 1000)),
    ]);
    await session.detach();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.browser.close();
  }
}

/** Longest wait for a picture, in milliseconds: a limit, never a measurement. */
const SCREENSHOT_LIMIT = 120_000;

/** Where pictures and reports of a test run go; not committed. */
const OUTPUT = join(ROOT, 'test', 'output');

/**
 * Takes a picture of what a page shows, for people to look at.
 * @param name file name without extension
 * @returns path of the PNG
 */
export async function screenshot(page: Page, name: string): Promise<string> {
  mkdirSync(OUTPUT, { recursive: true });
  const path = join(OUTPUT, `${name}.png`);
  // Software rendering on a busy machine takes its time, more so right after the page began.
  await page.screenshot({ path, timeout: SCREENSHOT_LIMIT });
  return path;
}
