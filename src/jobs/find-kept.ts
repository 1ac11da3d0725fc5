/** Finds what was analysed of a recording before, without starting a network. */
import { loadManifestAt } from '../model/load-model';
import { parseManifest } from '../model/manifest';
import { keyOfAnalysis } from './fingerprint';
import type { FrameRecord } from './frame-record';
import type { Job } from './job';
import { readLines } from './result-lines';
import { readKept } from './result-store';

/** Records kept of this recording under this network; null when there are none. */
export async function findKept(job: Pick<Job, 'recording' | 'model' | 'ignore' | 'labels'>): Promise<{
  readonly records: readonly FrameRecord[];
  readonly complete: boolean;
} | null> {
  const { model } = job;
  const manifest =
    model.kind === 'manifest' ? await loadManifestAt(model.url) : parseManifest(model.manifest);
  const bytes = await readKept(await keyOfAnalysis(job, manifest));
  return bytes && readLines(bytes);
}
