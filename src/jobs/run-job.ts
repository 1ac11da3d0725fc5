/** The page's side of a job: a worker of its own, ended with the job. */
import { proxy, releaseProxy, wrap } from 'comlink';
import { CarriagewayError, reportOf } from '../errors';
import { lendEngineWorkers } from '../perception/engine-workers';
import type { Job, JobAnswer, JobProgress, JobWorkerApi } from './job';

/** How long a cancelled job may take to tidy up before its worker is terminated, in milliseconds. */
const TIDY_TIMEOUT = 5000;

/** A job that runs. */
export interface RunningJob {
  /** Never rejects. */
  readonly answer: Promise<JobAnswer>;
  /** Ends it; `answer` tells when it has. Nothing happens once it has ended. */
  cancel(): void;
}

/** Starts a job. */
export type RunJob = (job: Job, report: (progress: JobProgress) => void) => RunningJob;

/** Starts a job in a worker. */
export const runJob: RunJob = (job, report) => {
  const worker = new Worker(new URL('../../workers/job.worker.ts', import.meta.url), {
    type: 'module',
    name: 'job',
  });
  const lent = lendEngineWorkers(worker);
  const remote = wrap<JobWorkerApi>(worker);
  let giveUp: (answer: JobAnswer) => void = () => {};
  const cut = new Promise<JobAnswer>((resolve) => {
    giveUp = resolve;
  });
  const broken = new Promise<JobAnswer>((resolve) => {
    worker.addEventListener('error', (event) => {
      event.preventDefault();
      const code = job.kind === 'analysis' ? 'analysis-failed' : 'export-failed';
      resolve({ ok: false, error: reportOf(new CarriagewayError(code, event.message), code) });
    });
  });
  let timer: ReturnType<typeof setTimeout> | undefined;
  let over = false;
  const heard = proxy((progress: JobProgress) => {
    // A job that was given up may still be talking.
    if (!over) report(progress);
  });
  const answer = Promise.race([remote.run(job, heard), broken, cut])
    .catch((thrown: unknown): JobAnswer => ({ ok: false, error: reportOf(thrown, 'export-failed') }))
    .finally(() => {
      over = true;
      clearTimeout(timer);
      remote[releaseProxy]();
      worker.terminate();
      lent[Symbol.dispose]();
    });
  return {
    answer,
    cancel() {
      if (over) return;
      // The worker may break before it hears of it.
      remote.cancel().catch(() => {});
      timer ??= setTimeout(() => giveUp({ ok: false, error: null }), TIDY_TIMEOUT);
    },
  };
};
