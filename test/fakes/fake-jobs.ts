/** Jobs that a test steps, for tests of the page. */
import type { FrameRecord } from '../../src/jobs/frame-record';
import type { Job, JobAnswer, JobProgress } from '../../src/jobs/job';
import type { KeptFile } from '../../src/jobs/result-store';
import type { RunningJob } from '../../src/jobs/run-job';
import type { StudyPorts } from '../../src/studio/analysis/analysis-actions';
import type { ExportTarget } from '../../src/studio/analysis/export-target';

/** One job that was asked for. */
export interface FakeJob {
  readonly job: Job;
  readonly report: (progress: JobProgress) => void;
  readonly end: (answer: JobAnswer) => void;
}

/** Everything that studies of recordings need, faked. */
export class FakeJobs implements StudyPorts {
  readonly asked: FakeJob[] = [];
  /** Names of the files that exports were to be written to, with what became of them. */
  readonly files: { readonly name: string; state: 'open' | 'finished' | 'discarded' }[] = [];
  kept: { readonly records: readonly FrameRecord[]; readonly complete: boolean } | null = null;
  /** Whether the user says no to the next save dialog. */
  refuses = false;

  readonly runJob = (job: Job, report: (progress: JobProgress) => void): RunningJob => {
    let end: (answer: JobAnswer) => void = () => {};
    const answer = new Promise<JobAnswer>((resolve) => {
      end = resolve;
    });
    this.asked.push({ job, report, end });
    return { answer, cancel: () => end({ ok: false, error: null }) };
  };

  readonly pickTarget = async (name: string): Promise<ExportTarget | null> =>
    this.refuses ? null : this.scratch(name);

  readonly scratch = async (name: string): Promise<ExportTarget> => {
    const file: FakeJobs['files'][number] = { name, state: 'open' };
    this.files.push(file);
    return {
      // Nothing is written by a fake job.
      handle: { getFile: async () => new File([], name) } as unknown as FileSystemFileHandle,
      finish: async () => {
        file.state = 'finished';
      },
      discard: async () => {
        file.state = 'discarded';
      },
    };
  };

  /** Kept analyses of all recordings. */
  readonly store: KeptFile[] = [];
  readonly listKept = async (): Promise<readonly KeptFile[]> => this.store;
  readonly deleteKept = async (keys: readonly string[]): Promise<void> => {
    for (const key of keys)
      this.store.splice(
        this.store.findIndex((file) => file.key === key),
        1,
      );
  };

  readonly findKept = async (): Promise<FakeJobs['kept']> => this.kept;
}
