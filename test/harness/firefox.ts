/**
 * A Firefox for tests: Debian's, on a screen of its own (without one it has no WebGL2), driven over WebDriver BiDi. Its
 * WebGPU is wgpu over a software Vulkan, independent of Chromium's, and computes in half precision.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants, existsSync, mkdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import puppeteer, { type Browser, type ElementHandle, type Page } from 'puppeteer-core';
import { ROOT } from '../../src/server/prepare.mjs';

/** Preferences: WebGL2 and WebGPU although the graphics card is a program. */
const PREFERENCES = {
  'webgl.force-enabled': true,
  'dom.webgpu.enabled': true,
  'dom.webgpu.workers.enabled': true,
  'gfx.webgpu.ignore-blocklist': true,
};

/** Where a program is; undefined when there is none. */
function programPath(...names: readonly string[]): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter);
  for (const name of names)
    for (const folder of folders) {
      const path = join(folder, name);
      try {
        accessSync(path, constants.X_OK);
        return path;
      } catch {}
    }
  return undefined;
}

/** What is missing for tests in Firefox, as a sentence; null when nothing is. */
export function firefoxMissing(): string | null {
  if (!firefoxPath())
    return 'There is no Firefox (Debian: apt-get install firefox-esr); its tests are skipped.';
  if (!programPath('Xvfb'))
    return 'There is no Xvfb (Debian: apt-get install xvfb); tests in Firefox are skipped.';
  return null;
}

/** Whether there is a Vulkan for Firefox's WebGPU to run on. */
export function hasSoftwareVulkan(): boolean {
  return (
    existsSync('/usr/share/vulkan/icd.d/lvp_icd.x86_64.json') || process.env.VK_ICD_FILENAMES !== undefined
  );
}

function firefoxPath(): string | undefined {
  return process.env.FIREFOX_PATH ?? programPath('firefox-esr', 'firefox');
}

/** What a Firefox is started with. */
interface FirefoxOptions {
  /** Folder of what it remembers; left out, it begins with nothing. */
  readonly profile?: string;
  /** Preferences beside those that every test needs. */
  readonly preferences?: Readonly<Record<string, unknown>>;
}

/** A running Firefox with its screen; dispose of it to end both. */
export class TestFirefox implements AsyncDisposable {
  private constructor(
    private readonly screen: ChildProcess,
    private readonly browser: Browser,
  ) {}

  /** Starts one. Rejects when something is missing: ask `firefoxMissing` first. */
  static async launch({ profile, preferences }: FirefoxOptions = {}): Promise<TestFirefox> {
    const { screen, display } = await openScreen();
    try {
      const browser = await puppeteer.launch({
        browser: 'firefox',
        executablePath: firefoxPath() ?? '',
        headless: false,
        ...(profile === undefined ? {} : { userDataDir: profile }),
        extraPrefsFirefox: { ...PREFERENCES, ...preferences },
        env: { ...process.env, DISPLAY: display, LIBGL_ALWAYS_SOFTWARE: '1', MOZ_ENABLE_WAYLAND: '0' },
        // A first start on a busy machine.
        timeout: 120_000,
        protocolTimeout: 240_000,
      });
      return new TestFirefox(screen, browser);
    } catch (error) {
      screen.kill();
      throw error;
    }
  }

  /** Opens an empty page. */
  async open(): Promise<Page> {
    const page = await this.browser.newPage();
    await page.setViewport({ width: 1280, height: 720 });
    return page;
  }

  /** Ends it at once, as a fault of its own does. */
  async crash(): Promise<void> {
    const process = this.browser.process();
    const ended = new Promise<void>((resolve) => process?.once('exit', () => resolve()));
    process?.kill('SIGKILL');
    await ended;
    this.screen.kill();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      await this.browser.close();
    } finally {
      this.screen.kill();
    }
  }
}

/** A screen that nobody sees, on the first free number. */
async function openScreen(): Promise<{ screen: ChildProcess; display: string }> {
  const screen = spawn('Xvfb', ['-displayfd', '1', '-screen', '0', '1280x800x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const display = await new Promise<string>((resolve, reject) => {
    screen.stdout?.once('data', (data: Buffer) => resolve(`:${data.toString().trim()}`));
    screen.once('error', reject);
    screen.once('exit', (code) => reject(new Error(`Xvfb ended with ${code}`)));
  });
  return { screen, display };
}

/** Codes of the notices on screen. */
export function noticesOn(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('.notice')].map(({ dataset }) => dataset.code ?? ''),
  );
}

/** Chooses a file by an input, as a person would in the dialog. */
export async function chooseFile(page: Page, input: string, path: string): Promise<void> {
  const element = await page.$(`[data-testid=${input}]`);
  if (!element) throw new Error(`There is no ${input}.`);
  await (element as ElementHandle<HTMLInputElement>).uploadFile(path);
}

/** The text of the element with a test id; empty when there is none. */
export function textAt(page: Page, id: string): Promise<string> {
  return page.evaluate((name) => document.querySelector(`[data-testid="${name}"]`)?.textContent ?? '', id);
}

/**
 * Waits until an element's text passes `accept`.
 * @param patience limit in milliseconds, never a measurement
 */
export async function waitForText(
  page: Page,
  id: string,
  accept: (text: string) => boolean,
  patience: number,
): Promise<string> {
  const end = performance.now() + patience;
  for (;;) {
    const text = await textAt(page, id);
    if (accept(text)) return text;
    if (performance.now() > end) throw new Error(`${id} never became what it should; it is "${text}"`);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

/** The first number in a text; NaN without one. */
export function numberIn(text: string): number {
  return Number.parseFloat(/-?\d+(\.\d+)?/.exec(text.replaceAll(',', ''))?.[0] ?? 'NaN');
}

/** Takes a picture of what a page shows, for people to look at. */
export async function firefoxScreenshot(page: Page, name: string): Promise<void> {
  const folder = join(ROOT, 'test', 'output');
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`) as `${string}.png` });
}
