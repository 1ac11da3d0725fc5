/** The job worker's side of its interface: opens recording and network, does the one job, releases everything. */
import { type ErrorCode, reportOf } from '../errors';
import { analyse } from './analyser';
import { storageError } from './file-target';
import { FrameRunner } from './frame-runner';
import type { Job, JobAnswer, JobNote, JobProgress, JobWorkerApi } from './job';
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
      return { ok: true, frames: done.frames, notes: [...done.notes, ...unreadNote(runner.unread)] };
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
function unreadNote(files: readonly string[]): readonly JobNote[] {
  if (files.length === 0) return [];
  return [{ kind: 'unread', files: files.slice(0, NAMED_MAX), more: Math.max(0, files.length - NAMED_MAX) }];
}

/** What people must know of frames for which the model gave no numbers; they count as wrong where labels are. */
function brokenNote(broken: number, frames: number): readonly JobNote[] {
  return broken === 0 ? [] : [{ kind: 'broken', broken, frames }];
}

async function work(
  runner: FrameRunner,
  job: Job,
  clock: JobClock,
  report: (progress: JobProgress) => void,
  signal: AbortSignal,
): Promise<{ frames: number; notes: readonly JobNote[] }> {
  switch (job.kind) {
    case 'analysis': {
      const { frames, broken } = await analyse(runner, job, report, signal);
      return { frames, notes: brokenNote(broken, frames) };
    }
    case 'table': {
      const { key } = await analyse(runner, job, report, signal);
      if (signal.aborted) return { frames: 0, notes: [] };
      const bytes = await readKept(key);
      const { title, classes } = runner.engine.manifest;
      const records = (bytes && readLines(bytes))?.records ?? [];
      const files = runner.file.info.parts ?? [];
      const frames = await exportTable(records, job, { model: title, list: classes, files });
      return { frames, notes: [] };
    }
    case 'masks':
      await exportMasks(runner, job, clock, signal);
      return { frames: clock.frames, notes: [] };
    case 'coco':
      await exportCoco(runner, job, clock, signal);
      return { frames: clock.frames, notes: [] };
    case 'video': {
      // What draws (three.js) is loaded for those who ask for a video, and for nobody else.
      const { exportVideo } = await import('./video-export');
      const notes = await exportVideo(runner, job, clock, signal);
      return { frames: clock.frames, notes };
    }
  }
}
