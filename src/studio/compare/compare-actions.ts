/**
 * Labels beside a recording: files of somebody's, or what another network makes of it. Either way the picture can show
 * both, and the analysis says how far they agree.
 */

import { CarriagewayError } from '../../errors';
import type { Job } from '../../jobs/job';
import { type FrameRule, type LabelParts, labelParts } from '../../labels/label-parts';
import { type LabelSurvey, readingOf } from '../../labels/reading/label-survey';
import type { LabelView } from '../../overlay/view';
import { say } from '../../words/words';
import type { AnalysisActions } from '../analysis/analysis-actions';
import type { ExportTarget } from '../analysis/export-target';
import type { SourceActions } from '../session/source-actions';
import type { SessionLabels, SourceSession } from '../session/source-session';
import type { AppStore, ModelChoice } from '../shell/app-state';
import type { Notices } from '../shell/notices';

/** What is drawn of labels, in the order of the panel. */
export const LABEL_VIEWS: readonly LabelView[] = ['off', 'beside', 'difference'];

/** Longest side of the other network's masks, in pixels: twice what is compared, so that edges do not decide. */
const MASK_SIDE = 480;

/** Labels that were chosen for a camera, by its place. */
interface Choice {
  readonly session: SourceSession;
  readonly camera: number;
  readonly labels: Omit<SessionLabels, 'count'>;
}

/** Brings labels and recording together: those of the camera that is looked at. */
export class CompareActions {
  /** Whether the divider was opened here, and is closed again with what it was opened for. */
  #opened = false;
  /** The labels chosen last for each camera, and for which session. */
  readonly #chosen = new Map<number, Choice>();
  /** Rises with each choice: what is still looked at for an earlier one is left. */
  #turn = 0;

  constructor(
    private readonly store: AppStore,
    private readonly notices: Notices,
    private readonly sources: Pick<SourceActions, 'seekBy'>,
    private readonly study: Pick<AnalysisActions, 'write' | 'begin'>,
    private readonly scratch: (name: string) => Promise<ExportTarget>,
  ) {}

  /** Lays the labels that came along with a source beside it; without any, none are drawn. */
  begin(session: SourceSession): void {
    const { request } = session;
    this.#turn++;
    this.#chosen.clear();
    this.#drawNone();
    if (request.kind !== 'file' || !request.labels) return;
    const { labels, showsLabels } = request;
    if (!showsLabels) void this.openLabels(labels, say('compare.its-labels'));
    else
      void this.#layBesideAll(session, labels).then(() => {
        if (session.state.labels && session === this.store.state.session) this.setView('beside');
      });
  }

  /** What was shared of all cameras is laid beside each; whatever is asked meanwhile ends that. */
  async #layBesideAll({ state }: SourceSession, labels: LabelParts): Promise<void> {
    for (const camera of state.rig.keys()) {
      const turn = this.#turn + 1;
      await this.openLabels(labels, say('compare.its-labels'), undefined, camera);
      if (turn !== this.#turn) return;
    }
  }

  /** Another camera is looked at: what was drawn were the other one's labels. */
  cameraChosen(): void {
    if (!this.store.state.labels) this.#drawNone();
  }

  /**
   * Looks at labels and lays them beside the recording: its pictures are scored against them from now on, and so is its
   * next analysis. What is unsure about them is asked first, and nothing is scored until it is answered.
   * @param parts null takes them away
   * @param name shown to people
   * @param discard deletes what was made for these labels alone
   * @param camera place of the camera they belong to; the one that is looked at where it is left out
   */
  async openLabels(
    parts: LabelParts | null,
    name: string,
    discard?: () => Promise<void>,
    camera = this.store.state.chosen,
  ): Promise<void> {
    const turn = ++this.#turn;
    const { session } = this.store.state;
    this.#chosen.delete(camera);
    try {
      if (!session) throw new CarriagewayError('labels-mismatch', 'no recording is open');
      if (!parts) return await this.#lay(session, null, camera);
      const choice = { session, camera, labels: { parts, name, ...(discard && { discard }) } };
      this.#chosen.set(camera, choice);
      const survey = await session.surveyLabels(parts, null);
      if (turn === this.#turn) await this.#surveyed(choice, survey);
      else await discard?.();
    } catch (thrown) {
      await discard?.();
      if (turn === this.#turn) this.notices.thrown(thrown, 'labels-unreadable');
    }
  }

  /** Reads the labels by another dictionary. @param id of the dictionary */
  async setDictionary(id: string): Promise<void> {
    const turn = ++this.#turn;
    const { reading, chosen } = this.store.state;
    const choice = this.#chosen.get(chosen);
    if (!reading || !choice) return;
    const { session, labels } = choice;
    try {
      const survey = await session.surveyLabels(labels.parts, id);
      if (turn === this.#turn) {
        const { frames, unsure, drawnStored } = reading.survey;
        this.#ask({ ...survey, frames, unsure, drawnStored }, chosen);
      }
    } catch (thrown) {
      this.notices.thrown(thrown, 'labels-unreadable');
    }
  }

  /** Says what a number or a colour of the labels is. @param ours name of a class; null for unlabelled */
  setMeaning(value: number, ours: string | null): void {
    const { reading } = this.store.state;
    if (!reading) return;
    const values = reading.survey.values.map((each) => (each.value === value ? { ...each, ours } : each));
    this.#ask({ ...reading.survey, values });
  }

  /** Says which frames the maps are of. */
  setFrames(frames: FrameRule): void {
    const { reading } = this.store.state;
    if (reading) this.#ask({ ...reading.survey, frames });
  }

  /** Says whether the maps were drawn on the pixels as they are stored, where their proportions do not tell it. */
  setDrawnStored(drawnStored: boolean): void {
    const { reading } = this.store.state;
    if (reading) this.#ask({ ...reading.survey, drawnStored });
  }

  /** Lays the labels beside the recording as they are read now; values without a meaning stay unlabelled. */
  async confirmReading(camera = this.store.state.chosen): Promise<void> {
    const choice = this.#chosen.get(camera);
    const reading = choice?.session.state.rig[camera]?.reading;
    if (!choice || !reading) return;
    const { session, labels } = choice;
    const read = { ...labels, parts: { ...labels.parts, reading: readingOf(reading.survey) } };
    try {
      this.#ask({ ...reading.survey, unsure: [] }, camera);
      await this.#lay(session, read, camera);
    } catch (thrown) {
      this.notices.thrown(thrown, 'labels-unreadable');
    }
  }

  async #surveyed({ session, camera, labels }: Choice, survey: LabelSurvey): Promise<void> {
    // What lay there before is no answer to the question.
    if (survey.unsure.length > 0 && session.state.rig[camera]?.labels) await this.#lay(session, null, camera);
    session.updateCamera({ reading: { name: labels.name, survey } }, camera);
    if (survey.unsure.length === 0) return this.confirmReading(camera);
    this.store.update({ spoken: say('spoken.need-answer') });
  }

  #ask(survey: LabelSurvey, camera = this.store.state.chosen): void {
    const { session } = this.store.state;
    const reading = session?.state.rig[camera]?.reading;
    if (reading) session.updateCamera({ reading: { ...reading, survey } }, camera);
  }

  async #lay(
    session: SourceSession,
    labels: Omit<SessionLabels, 'count'> | null,
    camera: number,
  ): Promise<void> {
    const count = await session.setLabels(labels, camera);
    if (session.signal.aborted) return;
    if (!labels) {
      session.updateCamera({ reading: null }, camera);
      this.#drawNone();
    }
    this.store.update({
      spoken: labels ? say('spoken.label-maps', { number: count }) : say('spoken.no-labels'),
    });
    // The picture that stands came without its labels, or with them.
    this.sources.seekBy(0);
    await this.study.begin(session);
  }

  /** Has another network segment the whole recording, and lays its masks beside it as labels. */
  async compareWith({ title, url }: ModelChoice): Promise<void> {
    const { session, view, chosen } = this.store.state;
    if (!session?.state.playback.canStep) return;
    let made: ExportTarget | null = null;
    const answer = await this.study.write(
      say('compare.title', { title }),
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
    await this.openLabels(labelParts(await target.handle.getFile()), title, target.discard, chosen);
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
    this.store.update({
      view: { ...view, labels, split },
      spoken: say('spoken.label-view', { name: say(`label-view.${labels}`) }),
    });
  }

  #drawNone(): void {
    if (this.store.state.view.labels !== 'off') this.setView('off');
  }
}
