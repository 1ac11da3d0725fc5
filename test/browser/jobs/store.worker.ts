/** Another tab, as far as a kept analysis is concerned: opens one for writing, and lets go of it when it is told. */
import { expose } from 'comlink';
import { CarriagewayError } from '../../../src/errors';
import { openKept, type SyncFile } from '../../../src/jobs/result-store';

let file: SyncFile | null = null;

const tab = {
  /** @returns `open`, or the code and the detail of what was said */
  async open(key: string): Promise<string> {
    try {
      file = await openKept(key);
      return 'open';
    } catch (error) {
      return error instanceof CarriagewayError ? `${error.code}: ${error.detail}` : String(error);
    }
  },
  close(): void {
    file?.close();
  },
};

export type Tab = typeof tab;

expose(tab);
