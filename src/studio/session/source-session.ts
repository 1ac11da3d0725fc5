/**
 * The session of a source: everything that belongs to this source and to no other, made when it is opened and gone when
 * it is closed. Whatever still speaks of a closed session changes nothing that anybody sees.
 */
import { CarriagewayError, type ErrorReport } from '../../errors';
import type { FrameRecord } from '../../jobs/frame-record';
import type { LabelParts } from '../../labels/label-parts';
import type { LabelSurvey } from '../../labels/reading/label-survey';
import { Latest } from '../../media/latest';
import type { IgnoreRegion } from '../../perception/engine';
import type { SceneEvent } from '../../scene/events';
import type { SceneCamera } from '../../scene/scene';
import type { FrameSource, SourceControls, SourceEvent, SourceInfo, TimeRange } from '../../sources/source';
import { toldMount } from '../mount/told-mount';
import { withTold } from '../player/marks';
import type { SavedSettings, UserMark } from '../shell/saved';
import { Store } from '../shell/state';
import { NO_TELEMETRY, type TelemetryState } from '../track/telemetry-state';
import type { SourceRequest } from './open-source';

/** What the source can do and where it stands. Times are seconds of media. */
export interface Playback {
  readonly info: SourceInfo;
  readonly request: SourceRequest;
  readonly playing: boolean;
  readonly seconds: number;
  /** The frame that stood last, by the recording's own index: its time and its number, from 0. */
  readonly frame: { readonly seconds: number; readonly number: number } | null;
  readonly ended: boolean;
  readonly loop: boolean;
  /** Speed against the recording's own; below 0 runs backwards. */
  readonly rate: number;
  /** The part that is played, looped, analysed and exported; null for all. */
  readonly range: TimeRange | null;
  readonly canSeek: boolean;
  readonly canLoop: boolean;
  /** Whether it can be stepped by frames, slowed and cut to a range: a recording. */
  readonly canStep: boolean;
}

/** How far the analysis of a recording is. */
export interface AnalysisState {
  readonly running: boolean;
  readonly complete: boolean;
  /** Frames whose records are there. */
  readonly frames: number;
  /** Share done, 0 to 1. */
  readonly share: number;
  /** Frames per second. */
  readonly rate: number;
  /** Seconds until done; null until it can be told. */
  readonly left: number | null;
}

/** Before anything was analysed. */
export const NOT_ANALYSED: AnalysisState = {
  running: false,
  complete: false,
  frames: 0,
  share: 0,
  rate: 0,
  left: null,
};

/** Labels that lie beside a recording. */
export interface SessionLabels {
  /** Shown to people. */
  readonly name: string;
  readonly count: number;
  readonly parts: LabelParts;
  /** Deletes what was made for them alone. */
  readonly discard?: () => Promise<void>;
}

/** What is known of one camera of a source; most sources have one. */
export interface CameraState {
  /** `front`, `rear`, …; empty where there is one. */
  readonly name: string;
  /** Stable name for settings kept for this camera. */
  readonly key: string;
  readonly region: IgnoreRegion | null;
  /** How the camera stands, as set by hand; null for the usual one, which finds itself. */
  readonly mount: SceneCamera | null;
  /** Events that the user has looked at, by `eventKey`. */
  readonly reviewed: readonly string[];
  /** What happened in the scene, oldest first. */
  readonly sceneLog: readonly SceneEvent[];
  readonly labels: SessionLabels | null;
  /** How the labels chosen last are read. While something about them is unsure they are not laid beside anything. */
  readonly reading: { readonly name: string; readonly survey: LabelSurvey } | null;
}

/** What is known of a source while it is open, but for what follows from it. */
interface KeptState {
  readonly playback: Playback;
  /** The vehicle's cameras: at least one, in the source's order. */
  readonly rig: readonly CameraState[];
  /** Place of the camera that is looked at: everything that concerns one camera concerns this one. */
  readonly chosen: number;
  /** Place of the camera that stands beside it where two do: the one chosen before. */
  readonly beside: number;
  /** The user's marks, in order of time. */
  readonly marks: readonly UserMark[];
  /** Of the camera that is looked at. */
  readonly analysis: AnalysisState;
  /** Records of the frames analysed, in order; grows while an analysis runs. */
  readonly records: readonly FrameRecord[];
  /** What the recording, or a file beside it, says of the drive. */
  readonly telemetry: TelemetryState;
}

/** What of the camera that is looked at can be read as if it were the only one. */
type ChosenState = Omit<CameraState, 'name' | 'key'>;

/** What is known of a source while it is open. */
export type SessionState = KeptState & ChosenState;

/** One open source. */
export class SourceSession {
  readonly request: SourceRequest;
  readonly #store: Store<KeptState, ChosenState>;
  readonly #lifetime = new AbortController();
  #source: FrameSource;
  /** Frames that stand have a number; one that cannot be told has none. */
  readonly #numbers = new Latest<number>(
    async (seconds) => {
      const number = await this.controls.numberAt?.(seconds);
      if (number !== undefined && !this.signal.aborted) this.play({ frame: { seconds, number } });
    },
    () => {},
  );

  /**
   * @param source owned from now on
   * @param onError hears what fails while the source runs
   */
  constructor(
    source: FrameSource,
    request: SourceRequest,
    saved: SavedSettings,
    private readonly onError: (error: ErrorReport) => void,
  ) {
    const { info, controls } = source;
    this.request = request;
    this.#source = source;
    const kept: KeptState = {
      playback: {
        info,
        request,
        playing: true,
        seconds: 0,
        frame: null,
        ended: false,
        loop: false,
        rate: 1,
        range: null,
        canSeek: controls.seek !== undefined && info.duration !== undefined,
        canLoop: controls.setLoop !== undefined,
        canStep: controls.step !== undefined,
      },
      rig: rigOf(info, saved),
      chosen: 0,
      beside: info.cameras ? 1 : 0,
      marks: withTold(saved.marks(info.key), info),
      analysis: NOT_ANALYSED,
      records: [],
      telemetry: NO_TELEMETRY,
    };
    this.#store = new Store<KeptState, ChosenState>(kept, {
      region: (state) => chosenOf(state).region,
      mount: (state) => chosenOf(state).mount,
      reviewed: (state) => chosenOf(state).reviewed,
      sceneLog: (state) => chosenOf(state).sceneLog,
      labels: (state) => chosenOf(state).labels,
      reading: (state) => chosenOf(state).reading,
    });
    this.#listen();
  }

  /** What is known of it; reading a field inside a render or a watcher subscribes to it. */
  get state(): Readonly<SessionState> {
    return this.#store.state;
  }

  /** Stable name for settings kept for this source. */
  get key(): string {
    return this.state.playback.info.key;
  }

  get controls(): SourceControls {
    return this.#source.controls;
  }

  /** The camera that is looked at. */
  get camera(): CameraState {
    return chosenOf(this.state);
  }

  /** Aborts when the session is closed: what was begun for it ends with it. */
  get signal(): AbortSignal {
    return this.#lifetime.signal;
  }

  update(patch: Partial<KeptState>): void {
    this.#store.update(patch);
  }

  /** Changes what is known of a camera. @param camera its place; the one that is looked at where it is left out */
  updateCamera(patch: Partial<CameraState>, camera = this.state.chosen): void {
    const { rig } = this.state;
    this.update({ rig: rig.map((each, n) => (n === camera ? { ...each, ...patch } : each)) });
  }

  /** Changes what is known of the drive. */
  updateTelemetry(patch: Partial<TelemetryState>): void {
    this.update({ telemetry: { ...this.state.telemetry, ...patch } });
  }

  /** Changes where the source stands. */
  play(patch: Partial<Playback>): void {
    this.update({ playback: { ...this.state.playback, ...patch } });
    const { playing, seconds, frame, info } = this.state.playback;
    const known = playing || frame?.seconds === seconds;
    if (!known && !info.parts && this.controls.numberAt) this.#numbers.push(seconds);
  }

  /**
   * Lays labels beside the recording; they stay with it when its worker is replaced.
   * @param labels null takes them away
   * @param camera place of the camera they belong to
   * @returns how many there are
   * @throws CarriagewayError `labels-mismatch` for a source that is no recording, `labels-unreadable`
   */
  async setLabels(labels: Omit<SessionLabels, 'count'> | null, camera = this.state.chosen): Promise<number> {
    const { controls } = this;
    if (!this.state.playback.canStep || !controls.setLabels)
      throw new CarriagewayError('labels-mismatch', 'no recording is open');
    const count = await controls.setLabels(labels?.parts ?? null, camera);
    const old = this.state.rig[camera]?.labels;
    this.updateCamera({ labels: labels && { ...labels, count } }, camera);
    await old?.discard?.();
    // Closed meanwhile: nobody else would discard them.
    if (this.signal.aborted) await labels?.discard?.();
    return count;
  }

  /**
   * Looks at labels without laying them beside anything.
   * @param dictionary id of the one to read them by; null for the likeliest
   * @throws CarriagewayError `labels-mismatch` for a source that is no recording, `labels-unreadable`
   */
  async surveyLabels(labels: LabelParts, dictionary: string | null): Promise<LabelSurvey> {
    const { controls } = this;
    if (!this.state.playback.canStep || !controls.surveyLabels)
      throw new CarriagewayError('labels-mismatch', 'no recording is open');
    return controls.surveyLabels(labels, dictionary);
  }

  /** Lets go of the source alone, for one that takes its place: some machines have one camera at a time. */
  async release(): Promise<void> {
    await this.#source.dispose();
  }

  /** Puts the same source, opened once more, in the place of one whose frames went to a worker that is gone. */
  async renew(source: FrameSource): Promise<void> {
    const old = this.#source;
    this.#source = source;
    this.#listen();
    await old.dispose();
    const { rig, playback } = this.state;
    const { loop, range, rate, playing, seconds, canSeek } = playback;
    const { controls } = source;
    // Read without trouble once; should it fail now, the recording plays without.
    for (const [n, { labels }] of rig.entries())
      if (labels) await controls.setLabels?.(labels.parts, n).catch(() => {});
    if (loop) await controls.setLoop?.(true);
    if (range) await controls.setRange?.(range);
    if (rate !== 1) await controls.setRate?.(rate);
    if (canSeek && seconds > 0) await controls.seek?.(seconds);
    if (!playing) await controls.pause?.();
    this.play({ seconds, playing });
  }

  /** Closes the source and everything that was begun for it. */
  async dispose(): Promise<void> {
    this.#lifetime.abort();
    await this.#source.dispose();
    for (const { labels } of this.state.rig) await labels?.discard?.();
  }

  #listen(): void {
    const source = this.#source;
    source.onEvent((event) => {
      if (source === this.#source && !this.signal.aborted) this.#onEvent(event);
    });
  }

  #onEvent(event: SourceEvent): void {
    if (event.type === 'time') this.play({ seconds: event.seconds, playing: event.playing });
    else if (event.type === 'ended') this.play({ playing: false, ended: true });
    else {
      this.play({ playing: false });
      this.onError(event.error);
    }
  }
}

function chosenOf({ rig, chosen }: Pick<KeptState, 'rig' | 'chosen'>): CameraState {
  return rig[chosen]!;
}

/** The cameras of a source, as they were left. */
function rigOf(info: SourceInfo, saved: SavedSettings): readonly CameraState[] {
  const several = info.cameras?.map(({ name }) => ({ name, key: `${info.key}:${name}` }));
  return (several ?? [{ name: '', key: info.key }]).map(({ name, key }) => ({
    name,
    key,
    region: saved.region(key),
    mount: saved.camera(key) ?? toldMount(info),
    reviewed: saved.reviewed(key),
    sceneLog: [],
    labels: null,
    reading: null,
  }));
}
