/** What a Firefox of tests downloads, in a folder of its own. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Milliseconds between two looks at the folder. */
const POLL = 200;

/** The folder; dispose of it when the browser has ended. */
export class Downloads implements Disposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'carriageway-downloads-'));

  /** Preferences of a Firefox that puts its downloads there, without asking. */
  get preferences(): Readonly<Record<string, unknown>> {
    return {
      'browser.download.folderList': 2,
      'browser.download.dir': this.folder,
      'browser.download.useDownloadDir': true,
      'browser.download.alwaysOpenPanel': false,
      'browser.download.always_ask_before_handling_new_types': false,
    };
  }

  /**
   * What comes of an act: the next file, once it is whole.
   * @param patience limit in milliseconds, never a measurement
   */
  async next(
    act: () => Promise<void>,
    patience: number,
  ): Promise<{ name: string; path: string; bytes: Buffer }> {
    const before = new Set(readdirSync(this.folder));
    await act();
    const end = performance.now() + patience;
    for (;;) {
      const names = readdirSync(this.folder).filter((name) => !before.has(name));
      // While it comes, the name is there without content, and beside it a part.
      // A part that was there a moment ago may have become the whole by now.
      const sizeOf = (name: string) =>
        statSync(join(this.folder, name), { throwIfNoEntry: false })?.size ?? 0;
      const whole = names.find((name) => sizeOf(name) > 0);
      if (whole !== undefined && !names.some((name) => name.endsWith('.part'))) {
        const path = join(this.folder, whole);
        return { name: whole, path, bytes: readFileSync(path) };
      }
      if (performance.now() > end)
        throw new Error(`No download came; there is: ${names.join(', ') || 'nothing'}`);
      await new Promise((resolve) => setTimeout(resolve, POLL));
    }
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
