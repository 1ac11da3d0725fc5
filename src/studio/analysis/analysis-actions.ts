/**
 * What is made of a recording: its analysis, kept from visit to visit, and exports. One job at a time, each in a worker
 * of its own; an export puts the analysis aside and lets it go on afterwards.
 */
import type { FrameRecord } from '../../jobs/frame-record';
import type { Job, JobAnswer, JobBase, JobProgress, VideoContainer } from '../../jobs/job';
import type { KeptFile } from '../../jobs/result-store';
import type { RunJob, RunningJob } from '../../jobs/run-job';
import type { LabelParts } from '../../labels/label-parts';
import type { ModelActions } from '../model/model-actions';
import type { AppState, Playback, StudyState } from '../shell/app-state';
import { fileNameOf } from '../shell/format';
import type { Notices } from '../shell/notices';
import type { Store } from '../shell/state';
import type { ExportFileType, ExportTarget, PickTarget } from './export-target';

/** What can be exported. */
export type ExportChoice =
  | {
      readonly kind: 'video';
      readonly container: VideoContainer;
      readonly figures: boolean;
      readonly keepPlace: boolean;
    }
  | { readonly kind: 'masks' }
  | { readonly kind: 'coco' }
  | { readonly kind: 'table'; readonly format: 'csv' | 'json' };

/** What the desk needs from outside. */
export interface StudyPorts {
  readonly runJob: RunJob;
  readonly pickTarget: PickTarget;
  /** A file of the page's own, for masks that are compared with. */
  readonly scratch: (name: string) => Promise<ExportTarget>;
  readonly listKept: () => Promise<readonly KeptFile[]>;
  readonly deleteKept: (keys: readonly string[]) => Promise<void>;
  /** Records kept of this recording under this network; null when there are none. */
  readonly findKept: (
    job: Pick<Job, 'recording' | 'model' | 'ignore' | 'labels'>,
  ) => Promise<{ readonly records: readonly FrameRecord[]; readonly complete: boolean } | null>;
}

/** Before anything was analysed. */
const NOTHING: StudyState['analysis'] = {
  running: false,
  complete: false,
  frames: 0,
  share: 0,
  rate: 0,
  left: null,
};

const TYPES: Readonly<Record<string, ExportFileType>> = {
  mp4: { extension: 'mp4', mime: 'video/mp4', description: 'Video' },
  webm: { extension: 'webm', mime: 'video/webm', description: 'Video' },
  masks: { extension: 'zip', mime: 'application/zip', description: 'Masks' },
  coco: { extension: 'json', mime: 'application/json', description: 'COCO run lengths' },
  csv: { extension: 'csv', mime: 'text/csv', description: 'Table' },
  json: { extension: 'json', mime: 'application/json', description: 'Figures' },
};

/** Runs analyses and exports. */
export class AnalysisActions {
  /** Records of the present recording, in order; grows while an analysis runs (`analysis.frames` tells). */
  records: readonly FrameRecord[] = [];
  #analysis: RunningJob | null = null;
  /** The job that writes a file. */
  #writing: RunningJob | null = null;
  #labels: LabelParts | null = null;
  #labelsOf: string | undefined;
  /** Rises with each recording: what jobs of an earlier one still say is ignored. */
  #turn = 0;

  constructor(
    private readonly store: Store<AppState>,
    private readonly notices: Notices,
    private readonly models: Pick<ModelActions, 'running'>,
    private readonly ports: StudyPorts,
  ) {
    store.watch(
      (s) => s.playback?.info.key,
      () => void this.#begin(),
    );
    // Another network gives other answers: what is kept of it is shown in their place.
    store.watch(
      (s) => s.engine?.model,
      () => void this.#begin(),
    );
  }

  /** Analyses the recording, or stops; what was analysed is kept. */
  async toggleAnalysis(): Promise<void> {
    if (this.#analysis) {
      this.#analysis.cancel();
      return;
    }
    await this.#analyse();
  }

  /** Exports the range, or all where there is none. Asks where to. */
  async export(choice: ExportChoice): Promise<void> {
    const { playback, view } = this.store.state;
    if (!playback || this.#writing) return;
    const type =
      TYPES[
        choice.kind === 'video' ? choice.container : choice.kind === 'table' ? choice.format : choice.kind
      ]!;
    const name = `${fileNameOf(playback.info.title.replace(/\.[^.]+$/, ''))}-${choice.kind}.${type.extension}`;
    const { range } = playback;
    const answer = await this.write(
      'Exporting',
      () => this.ports.pickTarget(name, type),
      (base, target): Job => {
        const shared = { ...base, range, target };
        if (choice.kind === 'video') return { ...shared, ...choice, view };
        if (choice.kind === 'masks') return { ...shared, ...choice, colours: view.colours, side: null };
        return { ...shared, ...choice };
      },
    );
    if (answer?.ok) this.store.update({ spoken: answer.note || `Exported ${answer.frames} frames` });
  }

  /**
   * Runs a job that writes a file. A running analysis is put aside and goes on afterwards; what goes wrong is shown.
   * @param title what is being done, for people
   * @param pick asks for the file; null when the user thought better of it
   * @returns how it ended; null when it never began
   */
  async write(
    title: string,
    pick: () => Promise<ExportTarget | null>,
    make: (base: JobBase, target: FileSystemFileHandle) => Job,
  ): Promise<JobAnswer | null> {
    const { playback } = this.store.state;
    if (!playback || this.#writing) return null;
    const base = await this.#jobBase(playback);
    if (!base) return null;
    const turn = this.#turn;
    try {
      const target = await pick();
      if (!target) return null;
      const resumed = this.#analysis !== null;
      this.#analysis?.cancel();
      await this.#analysis?.answer;
      this.#patch({ export: { title, share: 0, rate: 0, left: null } });
      this.#writing = this.ports.runJob(make(base, target.handle), ({ share, rate, left }) =>
        this.#patch({ export: { title, share, rate, left } }),
      );
      const answer = await this.#writing.answer;
      this.#writing = null;
      this.#patch({ export: null });
      await (answer.ok ? target.finish() : target.discard());
      this.#tell(answer);
      if (resumed && turn === this.#turn) await this.#analyse();
      return answer;
    } catch (thrown) {
      this.#writing = null;
      this.#patch({ export: null });
      this.notices.thrown(thrown, 'export-failed');
      return null;
    }
  }

  /**
   * Scores from now on against labels: what was analysed without them, or with others, is put away.
   * @param labels null without
   */
  async scoreAgainst(labels: LabelParts | null): Promise<void> {
    this.#labels = labels;
    this.#labelsOf = this.store.state.playback?.info.key;
    await this.#begin();
  }

  /** Looks at how much is kept. */
  async refreshKept(): Promise<void> {
    try {
      const kept = await this.ports.listKept();
      this.#patch({ kept: { count: kept.length, bytes: kept.reduce((sum, { bytes }) => sum + bytes, 0) } });
    } catch {
      // A browser without a file system of its own keeps nothing.
    }
  }

  /** Deletes all analyses that are kept; those on screen stay until the recording is left. */
  async forgetKept(): Promise<void> {
    try {
      await this.ports.deleteKept((await this.ports.listKept()).map(({ key }) => key));
      this.store.update({ spoken: 'Kept analyses deleted' });
    } finally {
      await this.refreshKept();
    }
  }

  /** Ends the running export; nothing is written. */
  cancelExport(): void {
    this.#writing?.cancel();
  }

  /** Ends all jobs. */
  dispose(): void {
    this.#turn++;
    this.#analysis?.cancel();
    this.#writing?.cancel();
  }

  /** Another recording, or another network: starts afresh, with what is kept. */
  async #begin(): Promise<void> {
    const turn = ++this.#turn;
    this.#analysis?.cancel();
    this.#analysis = null;
    this.records = [];
    this.#patch({ analysis: NOTHING });
    const { playback, engine } = this.store.state;
    if (playback?.info.key !== this.#labelsOf) {
      this.#labels = null;
      this.#labelsOf = undefined;
      this.#patch({ labels: null });
    }
    if (!playback?.canStep || playback.request.kind !== 'file' || !engine) return;
    try {
      const model = await this.models.running();
      const { region } = this.store.state;
      const recording = playback.request.parts;
      const kept = await this.ports.findKept({ recording, model, ignore: region, labels: this.#labels });
      if (!kept || turn !== this.#turn || this.#analysis) return;
      this.records = kept.records;
      const last = kept.records.at(-1)?.t ?? 0;
      const share = kept.complete ? 1 : last / (playback.info.duration || 1);
      this.#patch({
        analysis: { ...NOTHING, complete: kept.complete, frames: kept.records.length, share },
      });
    } catch {
      // Nothing kept that can be read: the analysis starts from the beginning, and says what is wrong if it is.
    }
  }

  async #analyse(): Promise<void> {
    const { playback } = this.store.state;
    if (!playback || this.#writing) return;
    const turn = this.#turn;
    const base = await this.#jobBase(playback);
    if (!base || turn !== this.#turn) return;
    this.records = [];
    const running = this.ports.runJob({ ...base, kind: 'analysis' }, (progress) => {
      if (turn === this.#turn) this.#progressed(progress);
    });
    this.#analysis = running;
    this.#patch({ analysis: { ...this.store.state.study.analysis, running: true } });
    const answer = await running.answer;
    if (turn !== this.#turn) return;
    this.#analysis = null;
    const { analysis } = this.store.state.study;
    this.#patch({ analysis: { ...analysis, running: false, complete: answer.ok, left: null } });
    this.store.update({ spoken: answer.ok ? 'Analysis complete' : 'Analysis stopped' });
    this.#tell(answer);
  }

  #progressed({ share, rate, left, records }: JobProgress): void {
    // The same list would look unchanged to whoever watches it.
    if (records.length > 0) this.records = [...this.records, ...records];
    const frames = this.records.length;
    this.#patch({ analysis: { running: true, complete: false, frames, share, rate, left } });
  }

  async #jobBase(playback: Playback): Promise<JobBase | null> {
    const { engine, region } = this.store.state;
    if (playback.request.kind !== 'file' || !engine) return null;
    try {
      const model = await this.models.running();
      const recording = playback.request.parts;
      const { kind } = engine;
      return {
        recording,
        name: playback.info.title,
        model,
        engine: kind,
        ignore: region,
        labels: this.#labels,
      };
    } catch (thrown) {
      this.notices.thrown(thrown, 'model-not-found');
      return null;
    }
  }

  #tell(answer: JobAnswer): void {
    if (!answer.ok && answer.error) this.notices.show(answer.error);
  }

  #patch(patch: Partial<StudyState>): void {
    this.store.update({ study: { ...this.store.state.study, ...patch } });
  }
}
