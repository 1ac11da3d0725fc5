/**
 * What is made of a recording: its analysis, kept from visit to visit, and exports. One job at a time, each in a worker
 * of its own; an export puts the analysis aside and lets it go on afterwards.
 */
import type { JobDrive } from '../../jobs/drive-figures';
import type { FrameRecord } from '../../jobs/frame-record';
import type { Job, JobAnswer, JobBase, JobProgress, VideoContainer } from '../../jobs/job';
import type { KeptFile } from '../../jobs/result-store';
import type { RunJob, RunningJob } from '../../jobs/run-job';
import type { RecordingParts } from '../../sources/recording/recording';
import { sharedTrack } from '../../telemetry/share-track';
import { say } from '../../words/words';
import type { ModelActions } from '../model/model-actions';

import { NOT_ANALYSED, type SourceSession } from '../session/source-session';
import type { AppStore } from '../shell/app-state';
import { fileNameOf } from '../shell/format';
import type { Notices } from '../shell/notices';
import type { ExportFileType, ExportTarget, PickTarget } from './export-target';
import { noteWords } from './note-words';

/** What can be exported. */
export type ExportChoice =
  | {
      readonly kind: 'video';
      readonly container: VideoContainer;
      readonly figures: boolean;
      readonly keepPlace: boolean;
      readonly blur: boolean;
    }
  | { readonly kind: 'masks' }
  | { readonly kind: 'coco' }
  | { readonly kind: 'table'; readonly format: 'csv' | 'json' };

/** What the actions need from outside. */
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

const TYPES: Readonly<Record<string, ExportFileType>> = {
  mp4: { extension: 'mp4', mime: 'video/mp4', description: 'Video' },
  webm: { extension: 'webm', mime: 'video/webm', description: 'Video' },
  masks: { extension: 'zip', mime: 'application/zip', description: 'Masks' },
  coco: { extension: 'json', mime: 'application/json', description: 'COCO run lengths' },
  csv: { extension: 'csv', mime: 'text/csv', description: 'Table' },
  json: { extension: 'json', mime: 'application/json', description: 'Figures' },
};

/** What a recording is called whose name is left out. */
export const NAMELESS = 'recording';

/** Runs analyses and exports. */
export class AnalysisActions {
  /** The analysis that runs. */
  #analysis: RunningJob | null = null;
  /** The job that writes a file. */
  #writing: RunningJob | null = null;

  constructor(
    private readonly store: AppStore,
    private readonly notices: Notices,
    private readonly models: Pick<ModelActions, 'running'>,
    private readonly ports: StudyPorts,
  ) {
    // Another network gives other answers: what is kept of it is shown in their place.
    store.watch(
      (s) => s.engine?.model,
      () => {
        if (store.state.session) void this.begin(store.state.session);
      },
    );
  }

  /** Analyses the recording, or stops; what was analysed is kept. */
  async toggleAnalysis(): Promise<void> {
    const { session } = this.store.state;
    if (this.#analysis) this.#analysis.cancel();
    else if (session) await this.#analyse(session);
  }

  /**
   * Exports the range, or all where there is none. Asks where to.
   * @param nameless whether the recording's name, which often tells date and time, is left out
   * @param together whether all cameras of a drive stand in one picture; else it is of the one that is looked at
   */
  async export(choice: ExportChoice, nameless = false, together = false): Promise<void> {
    const { playback, view, session } = this.store.state;
    if (!playback || !session || this.#writing) return;
    const type =
      TYPES[
        choice.kind === 'video' ? choice.container : choice.kind === 'table' ? choice.format : choice.kind
      ]!;
    const title = nameless ? NAMELESS : playback.info.title;
    const camera = together ? '' : session.camera.name;
    const words = [fileNameOf(title.replace(/\.[^.]+$/, '')), camera, choice.kind];
    const name = `${words.filter(Boolean).join('-')}.${type.extension}`;
    const { range } = playback;
    const answer = await this.write(
      say('export.title'),
      () => this.ports.pickTarget(name, type),
      (base, target): Job => {
        const named = { name: camera ? `${title}, ${camera}` : title, range, target };
        // Regions and labels belong to one camera's picture.
        const shared = { ...base, ...named, ...(together ? inOnePicture(session.request) : {}) };
        const drive = this.#drive;
        if (choice.kind === 'video') {
          // The place of the container is where the drive began.
          const keepPlace = choice.keepPlace && !(drive?.places && this.store.state.driveShare.cut > 0);
          return { ...shared, ...choice, view, keepPlace, drive };
        }
        if (choice.kind === 'table') return { ...shared, ...choice, drive };
        if (choice.kind === 'masks') return { ...shared, ...choice, colours: view.colours, side: null };
        return { ...shared, ...choice };
      },
    );
    if (answer?.ok)
      this.store.update({
        spoken: noteWords(answer.notes) || say('spoken.exported', { frames: answer.frames }),
      });
  }

  /** What the recording says of the drive, as far as it may leave; null without a track. */
  get #drive(): JobDrive | null {
    const { telemetry, driveShare, speedUnit } = this.store.state;
    if (!telemetry.track || telemetry.track.format === 'place') return null;
    const { burn, places } = driveShare;
    return { track: sharedTrack(telemetry.track, driveShare), places, burn, unit: speedUnit };
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
    const { session } = this.store.state;
    if (!session || this.#writing) return null;
    const base = await this.#jobBase(session);
    if (!base) return null;
    try {
      const target = await pick();
      if (!target) return null;
      const resumed = this.#analysis !== null;
      this.#analysis?.cancel();
      await this.#analysis?.answer;
      this.store.update({ exporting: { title, share: 0, rate: 0, left: null } });
      this.#writing = this.ports.runJob(make(base, target.handle), ({ share, rate, left }) =>
        this.store.update({ exporting: { title, share, rate, left } }),
      );
      const answer = await this.#writing.answer;
      this.#writing = null;
      this.store.update({ exporting: null });
      await (answer.ok ? target.finish() : target.discard());
      this.#tell(answer);
      if (resumed && !session.signal.aborted) await this.#analyse(session);
      return answer;
    } catch (thrown) {
      this.#writing = null;
      this.store.update({ exporting: null });
      this.notices.thrown(thrown, 'export-failed');
      return null;
    }
  }

  /** Starts afresh (another recording, network or labels), with what is kept of such an analysis. */
  async begin(session: SourceSession): Promise<void> {
    this.#analysis?.cancel();
    this.#analysis = null;
    session.update({ analysis: NOT_ANALYSED, records: [] });
    const { canStep, info } = session.state.playback;
    const { engine } = this.store.state;
    if (!canStep || session.request.kind !== 'file' || !engine) return;
    try {
      const model = await this.models.running();
      const { region, labels, chosen } = session.state;
      const kept = await this.ports.findKept({
        recording: ofCamera(session.request.parts, chosen),
        model,
        ignore: region,
        labels: labels?.parts ?? null,
      });
      // Something newer began meanwhile.
      const now = session.state;
      const stale = this.#analysis || labels !== now.labels || chosen !== now.chosen;
      if (!kept || stale || engine !== this.store.state.engine) return;
      const last = kept.records.at(-1)?.t ?? 0;
      const share = kept.complete ? 1 : last / (info.duration || 1);
      session.update({
        records: kept.records,
        analysis: { ...NOT_ANALYSED, complete: kept.complete, frames: kept.records.length, share },
      });
    } catch {
      // Nothing kept that can be read: the analysis starts from the beginning, and says what is wrong if it is.
    }
  }

  /** Looks at how much is kept. */
  async refreshKept(): Promise<void> {
    try {
      const kept = await this.ports.listKept();
      const bytes = kept.reduce((sum, file) => sum + file.bytes, 0);
      this.store.update({ kept: { count: kept.length, bytes } });
    } catch {
      // A browser without a file system of its own keeps nothing.
    }
  }

  /** Deletes all analyses that are kept; those on screen stay until the recording is left. */
  async forgetKept(): Promise<void> {
    try {
      await this.ports.deleteKept((await this.ports.listKept()).map(({ key }) => key));
      this.store.update({ spoken: say('spoken.kept-deleted') });
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
    this.#analysis?.cancel();
    this.#analysis = null;
    this.#writing?.cancel();
  }

  async #analyse(session: SourceSession): Promise<void> {
    if (this.#writing) return;
    const base = await this.#jobBase(session);
    if (!base || session.signal.aborted || this.#analysis) return;
    session.update({ records: [], analysis: { ...session.state.analysis, running: true } });
    const job = this.ports.runJob({ ...base, kind: 'analysis' }, (progress) => {
      if (this.#analysis === job) progressed(session, progress);
    });
    this.#analysis = job;
    session.signal.addEventListener('abort', () => job.cancel());
    const answer = await job.answer;
    if (this.#analysis !== job) return;
    this.#analysis = null;
    if (session.signal.aborted) return;
    session.update({
      analysis: { ...session.state.analysis, running: false, complete: answer.ok, left: null },
    });
    this.store.update({ spoken: say(answer.ok ? 'spoken.analysed' : 'spoken.analysis-stopped') });
    this.#tell(answer);
  }

  async #jobBase({ request, state }: SourceSession): Promise<JobBase | null> {
    const { engine } = this.store.state;
    if (request.kind !== 'file' || !engine) return null;
    try {
      return {
        recording: ofCamera(request.parts, state.chosen),
        name: state.playback.info.title,
        model: await this.models.running(),
        engine: engine.kind,
        ignore: state.region,
        labels: state.labels?.parts ?? null,
      };
    } catch (thrown) {
      this.notices.thrown(thrown, 'model-not-found');
      return null;
    }
  }

  #tell(answer: JobAnswer): void {
    if (!answer.ok && answer.error) this.notices.show(answer.error);
  }
}

/** All cameras of a recording in one picture. */
function inOnePicture(request: SourceSession['request']): Partial<JobBase> {
  return request.kind === 'file' ? { recording: request.parts, ignore: null, labels: null } : {};
}

/** What a camera alone recorded, where there are several. */
function ofCamera(parts: RecordingParts, camera: number): RecordingParts {
  return parts.kind === 'cameras' ? { ...parts, camera } : parts;
}

function progressed(session: SourceSession, { share, rate, left, records: more }: JobProgress): void {
  const { records: known } = session.state;
  // The same list would look unchanged to whoever watches it.
  const records = more.length > 0 ? [...known, ...more] : known;
  const frames = records.length;
  session.update({ records, analysis: { running: true, complete: false, frames, share, rate, left } });
}
