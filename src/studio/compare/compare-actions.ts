/**
 * Labels beside a recording: files of somebody's, or what another network makes of it. Either way the picture can show
 * both, and the analysis says how far they agree.
 */

import type { Job } from '../../jobs/job';
import { type FrameRule, type LabelParts, labelParts } from '../../labels/label-parts';
import { type LabelSurvey, readingOf } from '../../labels/reading/survey';
import type { LabelView } from '../../overlay/view';
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
  /** The labels chosen last, not yet read by anybody's answers. */
  #chosen: LabelParts | null = null;
  /** Rises with each choice: what is still looked at for an earlier one is left. */
  #turn = 0;
  /** Where the other network's masks lie. */
  #made: ExportTarget | null = null;

  constructor(
    private readonly store: Store<AppState>,
    private readonly notices: Notices,
    private readonly sources: Pick<SourceActions, 'setLabels' | 'surveyLabels' | 'seekBy'>,
    private readonly study: Pick<AnalysisActions, 'write' | 'scoreAgainst'>,
    private readonly scratch: (name: string) => Promise<ExportTarget>,
  ) {
    store.watch(
      (s) => s.playback?.info,
      () => {
        this.#turn++;
        this.#chosen = null;
        const { study, playback } = store.state;
        if (study.reading) store.update({ study: { ...study, reading: null } });
        const request = playback?.request;
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
   * Looks at labels and lays them beside the recording: its pictures are scored against them from now on, and so is its
   * next analysis. What is unsure about them is asked first, and nothing is scored until it is answered.
   * @param labels null takes them away
   * @param name shown to people
   */
  async openLabels(labels: LabelParts | null, name: string): Promise<void> {
    const turn = ++this.#turn;
    this.#chosen = labels;
    try {
      if (!labels) return await this.#lay(null, '');
      const survey = await this.sources.surveyLabels(labels, null);
      if (turn !== this.#turn) return;
      await this.#surveyed(name, survey);
    } catch (thrown) {
      if (turn === this.#turn) this.notices.thrown(thrown, 'labels-unreadable');
    }
  }

  /** Reads the labels by another dictionary. @param id of the dictionary */
  async setDictionary(id: string): Promise<void> {
    const turn = ++this.#turn;
    const { reading } = this.store.state.study;
    if (!reading || !this.#chosen) return;
    try {
      const survey = await this.sources.surveyLabels(this.#chosen, id);
      if (turn === this.#turn)
        this.#ask({ ...survey, frames: reading.survey.frames, unsure: reading.survey.unsure });
    } catch (thrown) {
      this.notices.thrown(thrown, 'labels-unreadable');
    }
  }

  /** Says what a number or a colour of the labels is. @param ours name of a class; null for unlabelled */
  setMeaning(value: number, ours: string | null): void {
    const { reading } = this.store.state.study;
    if (!reading) return;
    const values = reading.survey.values.map((each) => (each.value === value ? { ...each, ours } : each));
    this.#ask({ ...reading.survey, values });
  }

  /** Says which frames the maps are of. */
  setFrames(frames: FrameRule): void {
    const { reading } = this.store.state.study;
    if (reading) this.#ask({ ...reading.survey, frames });
  }

  /** Lays the labels beside the recording as they are read now; values without a meaning stay unlabelled. */
  async confirmReading(): Promise<void> {
    const { reading } = this.store.state.study;
    if (!reading || !this.#chosen) return;
    try {
      this.#ask({ ...reading.survey, unsure: [] });
      await this.#lay({ ...this.#chosen, reading: readingOf(reading.survey) }, reading.name);
    } catch (thrown) {
      this.notices.thrown(thrown, 'labels-unreadable');
    }
  }

  async #surveyed(name: string, survey: LabelSurvey): Promise<void> {
    const asks = survey.unsure.length > 0;
    // What lay there before is no answer to the question.
    if (asks && this.store.state.study.labels) await this.#lay(null, '');
    const { study } = this.store.state;
    this.store.update({ study: { ...study, reading: { name, survey } } });
    if (!asks) return this.confirmReading();
    this.store.update({ spoken: 'These labels need an answer before they are used' });
  }

  #ask(survey: LabelSurvey): void {
    const { study } = this.store.state;
    if (study.reading) this.store.update({ study: { ...study, reading: { ...study.reading, survey } } });
  }

  async #lay(labels: LabelParts | null, name: string): Promise<void> {
    const count = await this.sources.setLabels(labels);
    const { study } = this.store.state;
    const { reading } = study;
    this.store.update({
      study: { ...study, labels: labels && { name, count }, reading: labels ? reading : null },
    });
    this.store.update({ spoken: labels ? `${count} label maps` : 'No labels' });
    // The picture that stands came without its labels, or with them.
    this.sources.seekBy(0);
    await this.study.scoreAgainst(labels);
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
    await this.openLabels(labelParts(await target.handle.getFile()), title);
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
}
