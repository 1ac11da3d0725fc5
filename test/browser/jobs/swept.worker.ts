/** Another tab, as far as exports are concerned: writes one, and goes when it is terminated. */
import { expose } from 'comlink';
import { scratch } from '../../../src/studio/analysis/export-target';

const tab = {
  async write(): Promise<void> {
    const { handle } = await scratch('film.mp4');
    const stream = await handle.createWritable();
    await stream.write('half of a film');
    await stream.close();
  },
};

export type ExportingTab = typeof tab;

expose(tab);
