/**
 * Labels beside a recording: files of somebody's, or what another network makes of it. Either way the picture can show
 * both, and the analysis says how far they agree.
 */

import type { Job } from '../../jobs/job';
import type { LabelView } from '../../overlay/view';
import type { LabelParts } from '../../sources/source';
import type { AnalysisActions } from '../analysis/analysis-actions';
import type { ExportTarget } from '../analysis/export-target';
import type { SourceActions } from '../session/source-actions';
import type { AppState, ModelChoice } from '../shell/app-state';
import type { Notices } from '../shell/notices';
import type { Store } from '../shell/state';

/** What is drawn of labels, with its names, in the order of the panel. */
export const LABEL_VIEWS: readonly { readonly view: LabelView; readonly label: string }[] = [
  { view: 'off', label: 'Off' },
  { view: 'beside', label: 'Beside' },
  { view: 'difference', label: 'Differences' },
];

/** Longest side of the other network's masks, in pixels: twice what is compared, so that edges do not decide. */
const MASK_SIDE = 480;

/** Brings labels and recording together. */
export class CompareActions {
  /** Whether the divider was opened here, and is closed again with what it was opened for. */
  #opened = false;
  /** Where the other network's masks lie. */
  #made: ExportTarget | null = null;

  constructor(
    private readonly store: Store<AppState>,
    private readonly notices: Notices,
    private readonly sources: Pick<SourceActions, 'setLabels' | 'seekBy'>,
    private readonly study: Pick<AnalysisActions, 'write' | 'scoreAgainst'>,
    private readonly scratch: (name: string) => Promise<ExportTarget>,
  ) {
    store.watch(
      (s) => s.playback?.info,
      () => {
        const request = store.state.playback?.request;
        if (request?.kind === 'file' && request.labels) void this.openLabels(request.labels, 'its labels');
      },
    );
    store.watch(
      (s) => s.study.labels === null,
      (none) => {
        if (!none) return;
        if (store.state.view.labels !== 'off') this.setView('off');
        void this.#dropMade();
      },
    );
  }

  /**
   * Lays labels beside the recording: its pictures are scored against them from now on, and so is its next analysis.
   * @param labels null takes them away
   * @param name shown to people
   */
  async openLabels(labels: LabelParts | null, name: string): Promise<void> {
    try {
      const count = await this.sources.setLabels(labels);
      this.#show(labels && { name, count });
      this.store.update({ spoken: labels ? `${count} label maps` : 'No labels' });
      // The picture that stands came without its labels, or with them.
      this.sources.seekBy(0);
      await this.study.scoreAgainst(labels);
    } catch (thrown) {
      this.notices.thrown(thrown, 'labels-unreadable');
    }
  }

  /** Has another network segment the whole recording, and lays its masks beside it as labels. */
  async compareWith({ title, url }: ModelChoice): Promise<void> {
    const { playback, view } = this.store.state;
    if (!playback?.canStep) return;
    const key = playback.info.key;
    let made: ExportTarget | null = null;
    const answer = await this.study.write(
      `${title}:`,
      async () => {
        made = await this.scratch('masks.zip');
        return made;
      },
      (base, target): Job => ({
        ...base,
        kind: 'masks',
        model: { kind: 'manifest', url: new URL(url, document.baseURI).href },
        labels: null,
        range: null,
        target,
        colours: view.colours,
        side: MASK_SIDE,
      }),
    );
    const target = made as ExportTarget | null;
    if (!answer?.ok || !target) return;
    if (this.store.state.playback?.info.key !== key) return target.discard();
    await this.#dropMade();
    this.#made = target;
    await this.openLabels(await target.handle.getFile(), title);
  }

  /** Chooses what is drawn; beside each other there must be a divider. */
  setView(labels: LabelView): void {
    const { view } = this.store.state;
    let { split } = view;
    if (labels === 'beside') {
      this.#opened ||= split === null;
      split ??= 0.5;
    } else if (this.#opened) {
      this.#opened = false;
      split = null;
    }
    const name = LABEL_VIEWS.find((v) => v.view === labels)?.label ?? labels;
    this.store.update({ view: { ...view, labels, split }, spoken: `Labels: ${name}` });
  }

  async #dropMade(): Promise<void> {
    await this.#made?.discard();
    this.#made = null;
  }

  #show(labels: AppState['study']['labels']): void {
    this.store.update({ study: { ...this.store.state.study, labels } });
  }
}
