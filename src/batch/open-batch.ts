/** The page that works for `npm run analyse`: two inputs for files, and an interface for the program that drives it. */
import { CarriagewayError, reportOf } from '../errors';
import { runJob } from '../jobs/run-job';
import { availableModels } from '../model/catalogue';
import { type ExportTarget, scratch, sweepExports } from '../studio/analysis/export-target';
import type { GatheredFile } from '../studio/session/gather';
import { type BatchPage, TOLD } from './batch-api';
import { BatchJob } from './batch-job';
import { planOf } from './batch-plan';

/** Hears of progress; the driver's, there before the page is. */
type Told = (share: number, rate: number) => Promise<void>;

/** Shows the page and puts its interface on the window, as `carriageway`. */
export function openBatch(root: HTMLElement): void {
  const recordings = inputOf(root, 'recording-files');
  const model = inputOf(root, 'model-files');
  let job: BatchJob | null = null;
  let made: { readonly target: ExportTarget; readonly name: string } | null = null;

  const filesAt = (paths: readonly string[]): GatheredFile[] =>
    [...(recordings.files ?? [])].map((file, n) => ({ file, path: paths[n] ?? file.name }));

  const discard = async (): Promise<void> => {
    await made?.target.discard();
    made = null;
  };

  const page: BatchPage = {
    async plan(paths) {
      await sweepExports();
      return planOf(filesAt(paths));
    },
    async open(paths, settings) {
      job = null;
      try {
        const ports = { runJob, models: availableModels() };
        job = await BatchJob.open(filesAt(paths), [...(model.files ?? [])], settings, ports);
        return job.opened;
      } catch (thrown) {
        return { ok: false, error: reportOf(thrown, 'source-failed') };
      }
    },
    async make(product) {
      await discard();
      try {
        if (!job) throw new CarriagewayError('source-failed', 'nothing is open');
        const target = await scratch(product);
        made = { target, name: product };
        const told = (globalThis as { [TOLD]?: Told })[TOLD];
        const answer = await job.make(product, target.handle, ({ share, rate }) => void told?.(share, rate));
        if (!answer.ok) await discard();
        return answer;
      } catch (thrown) {
        await discard();
        return { ok: false, error: reportOf(thrown, 'export-failed') };
      }
    },
    async hand() {
      if (!made) return;
      const link = document.createElement('a');
      link.href = URL.createObjectURL(await made.target.handle.getFile());
      link.download = made.name;
      link.click();
    },
    discard,
  };
  globalThis.carriageway = page;
}

function inputOf(root: HTMLElement, id: string): HTMLInputElement {
  const input = document.createElement('input');
  input.type = 'file';
  input.multiple = true;
  input.dataset.testid = id;
  input.setAttribute('aria-label', id.replace('-', ' '));
  root.append(input);
  return input;
}
