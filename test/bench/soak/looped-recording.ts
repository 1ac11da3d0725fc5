/** A recording that is played again and again on a page, and analysed again and again. */
import { existsSync } from 'node:fs';
import type { Page } from 'playwright';
import { at } from '../../harness/journey.ts';
import { ToolError } from '../tool-error.ts';

/** Owns nothing: the page is the caller's. */
export class LoopedRecording {
  /** Analyses that were begun, and those of them that came to their end. */
  begun = 0;
  completed = 0;

  private constructor(
    private readonly page: Page,
    private readonly path: string,
  ) {}

  /** Opens a recording, repeats it and begins its analysis. @throws ToolError where there is no such file */
  static async open(page: Page, path: string): Promise<LoopedRecording> {
    if (!existsSync(path)) throw new ToolError(`--recording ${path}: there is no such file.`);
    const looped = new LoopedRecording(page, path);
    await looped.#begin();
    return looped;
  }

  /**
   * Begins the analysis anew where it is complete: what was kept of it is deleted, and the recording opened again. One
   * that stopped before its end (its engine was taken away, say) goes on, as when a person asks for it.
   */
  async goOn(): Promise<void> {
    const phase = await this.#analyse.getAttribute('data-phase');
    if (phase === 'start') await this.#start();
    if (phase !== 'done') return;
    this.completed = this.begun;
    await this.#forget();
    await this.#begin();
  }

  get #analyse() {
    return at(this.page, 'analyse');
  }

  async #forget(): Promise<void> {
    const { page } = this;
    await at(page, 'export').click();
    await at(page, 'forget-kept').click();
    // Gone once nothing is kept any more: a recording that is opened sooner may still find its analysis.
    await at(page, 'forget-kept').waitFor({ state: 'hidden' });
    await page.keyboard.press('Escape');
    await at(page, 'menu-export').waitFor({ state: 'hidden' });
  }

  async #begin(): Promise<void> {
    const { page } = this;
    await at(page, 'file-input').setInputFiles(this.path);
    const loop = at(page, 'loop');
    await loop.waitFor();
    // Until the recording is another one, its buttons are those of the one before.
    await this.#analyse.and(page.locator('[data-phase=start]')).waitFor();
    if ((await loop.getAttribute('aria-pressed')) !== 'true') await loop.click();
    await this.#start();
    this.begun++;
  }

  async #start(): Promise<void> {
    await this.#analyse.click();
    await this.#analyse.and(this.page.locator('[data-phase=stop], [data-phase=done]')).waitFor();
  }
}
