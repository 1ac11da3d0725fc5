/** A recording that is played again and again on a page, and analysed again and again. */
import { existsSync } from 'node:fs';
import type { Page } from 'playwright';
import { at } from '../../harness/journey.ts';
import { ToolError } from '../tool-error.ts';

/** Owns nothing: the page is the caller's. */
export class LoopedRecording {
  /** Analyses that were begun. */
  analyses = 0;

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

  /** Begins the analysis anew where it is complete: what was kept of it is deleted, and the recording opened again. */
  async goOn(): Promise<void> {
    const done = await at(this.page, 'analyse').getAttribute('aria-disabled');
    if (done !== 'true') return;
    await at(this.page, 'export').click();
    await at(this.page, 'forget-kept').click();
    await this.page.keyboard.press('Escape');
    await this.#begin();
  }

  async #begin(): Promise<void> {
    const { page } = this;
    await at(page, 'file-input').setInputFiles(this.path);
    const loop = at(page, 'loop');
    await loop.waitFor();
    // Until the recording is another one, its buttons are those of the one before.
    await at(page, 'analyse').and(page.locator('[aria-disabled=false]')).waitFor();
    if ((await loop.getAttribute('aria-pressed')) !== 'true') await loop.click();
    await at(page, 'analyse').click();
    this.analyses++;
  }
}
