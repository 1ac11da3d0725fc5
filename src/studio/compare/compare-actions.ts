/**
 * Labels beside a recording: files of somebody's, or what another network makes of it. Either way the picture can show
 * both, and the analysis says how far they agree.
 */

import { CarriagewayError } from '../../errors';
import type { Job } from '../../jobs/job';
import type { LabelView } from '../../overlay/view';
import type { LabelParts } from '../../sources/source';
import type { AnalysisActions } from '../analysis/analysis-actions';
import type { ExportTarget } from '../analysis/export-target';
import type { SourceActions } from '../session/source-actions';
import type { SourceSession } from '../session/source-session';
import type { AppStore, ModelChoice } from '../shell/app-state';
import type { Notices } from '../shell/notices';

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

  constructor(
    private readonly store: AppStore,
    private readonly notices: Notices,
    private readonly sources: Pick<SourceActions, 'seekBy'>,
    private readonly study: Pick<AnalysisActions, 'write' | 'begin'>,
    private readonly scratch: (name: string) => Promise<ExportTarget>,
  ) {}

  /** Lays the labels that came along with a source beside it; without any, none are drawn. */
  begin({ request }: SourceSession): void {
    this.#drawNone();
    if (request.kind === 'file' && request.labels) void this.openLabels(request.labels, 'its labels');
  }

  /**
   * Lays labels beside the recording: its pictures are scored against them from now on, and so is its next analysis.
   * @param parts null takes them away
   * @param name shown to people
   * @param discard deletes what was made for these labels alone
   */
  async openLabels(parts: LabelParts | null, name: string, discard?: () => Promise<void>): Promise<void> {
    const { session } = this.store.state;
    try {
      if (!session) throw new CarriagewayError('labels-mismatch', 'no recording is open');
      const count = await session.setLabels(parts && { parts, name, ...(discard ? { discard } : {}) });
      if (session.signal.aborted) return;
      if (!parts) this.#drawNone();
      this.store.update({ spoken: parts ? `${count} label maps` : 'No labels' });
      // The picture that stands came without its labels, or with them.
      this.sources.seekBy(0);
      await this.study.begin(session);
    } catch (thrown) {
      await discard?.();
      this.notices.thrown(thrown, 'labels-unreadable');
    }
  }

  /** Has another network segment the whole recording, and lays its masks beside it as labels. */
  async compareWith({ title, url }: ModelChoice): Promise<void> {
    const { session, view } = this.store.state;
    if (!session?.state.playback.canStep) return;
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
    if (session.signal.aborted) return target.discard();
    await this.openLabels(await target.handle.getFile(), title, target.discard);
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

  #drawNone(): void {
    if (this.store.state.view.labels !== 'off') this.setView('off');
  }
}
