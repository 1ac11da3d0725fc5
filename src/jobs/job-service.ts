/** The job worker's side of its interface: opens recording and network, does the one job, releases everything. */
import { type ErrorCode, reportOf } from '../errors';
import { analyse } from './analyser';
import { storageError } from './file-target';
import { FrameRunner } from './frame-runner';
import type { Job, JobAnswer, JobProgress, JobWorkerApi } from './job';
import { JobClock } from './job-clock';
import { exportCoco, exportMasks } from './mask-export';
import { readLines } from './result-lines';
import { readKept } from './result-store';
import { exportTable } from './table-export';

/** Tells the page of progress; from a worker, a promise of its having heard. */
type Told = (progress: JobProgress) => unknown;

/** Does one job. */
export class JobService implements JobWorkerApi {
  readonly #abort = new AbortController();

  async run(job: Job, told: Told): Promise<JobAnswer> {
    let last: unknown;
    const answer = await this.#run(job, (progress) => {
      last = told(progress);
    });
    // Reports travel by a way of their own: unless the last one has arrived, the answer might overtake it.
    await Promise.resolve(last).catch(() => {});
    return answer;
  }

  async #run(job: Job, report: (progress: JobProgress) => void): Promise<JobAnswer> {
    const { signal } = this.#abort;
    try {
      await using runner = await FrameRunner.open(job);
      const { duration } = runner.file.info;
      const from = job.kind === 'analysis' ? 0 : (job.range?.from ?? 0);
      const to = job.kind === 'analysis' ? duration : (job.range?.to ?? duration);
      const clock = new JobClock(from, to - from, 0, report);
      const done = await work(runner, job, clock, report, signal);
      if (signal.aborted) return { ok: false, error: null };
      const note = [done.note, unreadNote(runner.unread)].filter(Boolean).join(' ');
      return { ok: true, frames: done.frames, note };
    } catch (thrown) {
      if (signal.aborted) return { ok: false, error: null };
      const fallback: ErrorCode = job.kind === 'analysis' ? 'analysis-failed' : 'export-failed';
      return { ok: false, error: reportOf(storageError(thrown), fallback) };
    }
  }

  cancel(): void {
    this.#abort.abort();
  }
}

/** Files that are named in a note. */
const NAMED_MAX = 5;

/** What people must know of files that could not be read. */
function unreadNote(files: readonly string[]): string {
  if (files.length === 0) return '';
  const more = files.length > NAMED_MAX ? `, and ${files.length - NAMED_MAX} more` : '';
  return `Could not be read, and left empty: ${files.slice(0, NAMED_MAX).join(', ')}${more}.`;
}

/** What people must know of frames for which the model gave no numbers; they count as wrong where labels are. */
function brokenNote(broken: number, frames: number): string {
  return broken === 0 ? '' : `The model gave no numbers (NaN) on ${broken} of ${frames} frames.`;
}

async function work(
  runner: FrameRunner,
  job: Job,
  clock: JobClock,
  report: (progress: JobProgress) => void,
  signal: AbortSignal,
): Promise<{ frames: number; note: string }> {
  switch (job.kind) {
    case 'analysis': {
      const { frames, broken } = await analyse(runner, job, report, signal);
      return { frames, note: brokenNote(broken, frames) };
    }
    case 'table': {
      const { key } = await analyse(runner, job, report, signal);
      if (signal.aborted) return { frames: 0, note: '' };
      const bytes = await readKept(key);
      const { title, classes } = runner.engine.manifest;
      const records = (bytes && readLines(bytes))?.records ?? [];
      const files = runner.file.info.parts ?? [];
      const frames = await exportTable(records, job, { model: title, list: classes, files });
      return { frames, note: '' };
    }
    case 'masks':
      await exportMasks(runner, job, clock, signal);
      return { frames: clock.frames, note: '' };
    case 'coco':
      await exportCoco(runner, job, clock, signal);
      return { frames: clock.frames, note: '' };
    case 'video': {
      // What draws (three.js) is loaded for those who ask for a video, and for nobody else.
      const { exportVideo } = await import('./video-export');
      const note = await exportVideo(runner, job, clock, signal);
      return { frames: clock.frames, note };
    }
  }
}
