/** A headless Chromium with pages that work on recordings: started once, its pages opened and closed with their work. */
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import {
  type BatchFailed,
  type BatchMade,
  type BatchOpened,
  type BatchPlan,
  type BatchSettings,
  type Product,
  TOLD,
} from '../../batch/batch-api.ts';
import { createApp } from '../app.ts';
import { ConfigError } from '../config-error.ts';
import { listen } from '../listen.ts';
import { ROOT } from '../prepare.mjs';
import { staticFiles } from '../static-files.ts';
import { BASE_FLAGS, chromiumPath } from './chromium.ts';

/** WebGPU where the machine has it, drawing in software where it has none, and pages that nobody sees kept awake. */
const FLAGS = [
  ...BASE_FLAGS,
  '--enable-unsafe-webgpu',
  '--enable-features=Vulkan',
  '--enable-unsafe-swiftshader',
  '--disable-background-timer-throttling',
  '--disable-renderer-backgrounding',
  '--disable-backgrounding-occluded-windows',
];

/** Milliseconds without a sign of life after which a page is given up: longer than any model takes to start. */
const SILENCE = 10 * 60_000;

/** How far a product is. @param share done, 0 to 1. @param rate frames a second */
export type Told = (share: number, rate: number) => void;

/** The browser, and the server of its pages. A browser that died is started again with the next page. */
export class BatchBrowser implements AsyncDisposable {
  #context: Promise<BrowserContext> | null = null;

  private constructor(
    private readonly app: FastifyInstance,
    private readonly url: string,
    private readonly profile: string,
    private readonly executablePath: string,
  ) {}

  /**
   * Starts it.
   * @param profile folder of what it keeps; analyses that were interrupted go on from there
   * @param port of the server, or the next free one: what is kept belongs to an address. 0 takes any
   * @throws ConfigError where there is no Chromium, or the profile is in use
   */
  static async start(profile: string, port: number): Promise<BatchBrowser> {
    const executablePath = chromiumPath();
    if (!executablePath)
      throw new ConfigError(
        'No Chromium was found; install Chromium or Chrome, or set CHROMIUM_PATH to one.',
      );
    const app = await createApp([staticFiles(join(ROOT, 'dist'))]);
    try {
      const place = { host: '127.0.0.1', origin: { host: 'default', port: 'default' } } as const;
      const browser = new BatchBrowser(app, await listen(app, { ...place, port }), profile, executablePath);
      await browser.#running();
      return browser;
    } catch (error) {
      await app.close();
      throw error;
    }
  }

  /** Opens a page. */
  async open(): Promise<BatchTab> {
    const context = await this.#running();
    const page = await context.newPage();
    const tab = new BatchTab(page);
    try {
      await page.exposeFunction(TOLD, (share: number, rate: number) => tab.hear(share, rate));
      await page.goto(`${this.url}?analyse`);
      await page.waitForFunction(() => 'carriageway' in globalThis);
      return tab;
    } catch (error) {
      await tab[Symbol.asyncDispose]();
      throw error;
    }
  }

  #running(): Promise<BrowserContext> {
    this.#context ??= this.#launch();
    return this.#context;
  }

  async #launch(): Promise<BrowserContext> {
    const gone = (): void => {
      this.#context = null;
    };
    try {
      const context = await chromium.launchPersistentContext(this.profile, {
        executablePath: this.executablePath,
        args: FLAGS,
        acceptDownloads: true,
        // Ours decide what becomes of a recording when the program is told to stop.
        handleSIGINT: false,
        handleSIGTERM: false,
        handleSIGHUP: false,
      });
      context.once('close', gone);
      return context;
    } catch (error) {
      gone();
      throw new ConfigError(
        `Chromium could not be started in ${this.profile}. Is another command at work there? (${firstLine(error)})`,
      );
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const context = await this.#context?.catch(() => null);
    await context?.close().catch(() => {});
    await this.app.close();
  }
}

/** One page. Every call rejects when it crashes or falls silent. */
export class BatchTab implements AsyncDisposable {
  #told: Told = () => {};
  #heard = 0;
  readonly #crashed: Promise<never>;

  constructor(private readonly page: Page) {
    this.#crashed = new Promise((_, reject) => {
      page.once('crash', () => reject(new Error('The browser’s page crashed.')));
      page.once('close', () => reject(new Error('The browser’s page was closed.')));
    });
    this.#crashed.catch(() => {});
  }

  /** The page says how far it is. */
  hear(share: number, rate: number): void {
    this.#heard = performance.now();
    this.#told(share, rate);
  }

  /** Lays files into the page, for everything that is asked next. */
  async take(files: readonly string[], model: readonly string[]): Promise<void> {
    await this.#lively(this.page.getByTestId('recording-files').setInputFiles([...files]));
    await this.#lively(this.page.getByTestId('model-files').setInputFiles([...model]));
  }

  plan(paths: readonly string[]): Promise<BatchPlan> {
    return this.#lively(this.page.evaluate((all) => carriageway.plan(all), paths));
  }

  openRecording(paths: readonly string[], settings: BatchSettings): Promise<BatchOpened | BatchFailed> {
    return this.#lively(
      this.page.evaluate(([all, wish]) => carriageway.open(all, wish), [paths, settings] as const),
    );
  }

  /** Makes a product and writes it to `path`, whole or not at all. */
  async make(product: Product, path: string, told: Told): Promise<BatchMade | BatchFailed> {
    this.#told = told;
    const answer = await this.#lively(this.page.evaluate((wanted) => carriageway.make(wanted), product));
    if (!answer.ok) return answer;
    const coming = this.page.waitForEvent('download', { timeout: SILENCE });
    coming.catch(() => {});
    await this.#lively(this.page.evaluate(() => carriageway.hand()));
    const download = await this.#lively(coming);
    await this.#lively(download.saveAs(path));
    await download.delete();
    await this.#lively(this.page.evaluate(() => carriageway.discard()));
    return answer;
  }

  /** Waits for `work` as long as the page shows life. */
  async #lively<T>(work: Promise<T>): Promise<T> {
    this.#heard = performance.now();
    let timer: ReturnType<typeof setInterval> | undefined;
    const silent = new Promise<never>((_, reject) => {
      timer = setInterval(() => {
        if (performance.now() - this.#heard > SILENCE)
          reject(new Error('The browser’s page did not answer for ten minutes.'));
      }, 5000);
    });
    try {
      return await Promise.race([work, silent, this.#crashed]);
    } finally {
      clearInterval(timer);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.page.close().catch(() => {});
  }
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
}
