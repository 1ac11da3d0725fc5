/**
 * The running source: opens another while the present one goes on, hands it to the stage, and releases the old one
 * only when the new one is shown.
 */
import { CarriagewayError } from '../../errors';
import type { LabelParts } from '../../labels/label-parts';
import type { LabelSurvey } from '../../labels/reading/survey';
import { Latest } from '../../media/latest';
import type { FrameHandle } from '../../media/timed-frame';
import type { FrameSource, SourceControls, SourceEvent } from '../../sources/source';
import type { AppState, Playback } from '../shell/app-state';
import type { Notices } from '../shell/notices';
import type { Store } from '../shell/state';
import { type CameraChoice, type OpenSource, SEED_MAX, type SourceRequest } from './open-source';

/** What the desk needs from outside. */
export interface SourcePorts {
  readonly open: OpenSource;
  readonly listCameras: () => Promise<readonly CameraChoice[]>;
  /** Hands a reading end to the stage. */
  readonly attach: (handle: FrameHandle, key: string) => Promise<void>;
  /** A number from 0 to 1, for the next street. */
  readonly random: () => number;
}

/** Seconds of one step with the arrow keys. */
export const SEEK_STEP = 1;

/** Seconds of one step with the page keys. */
export const SEEK_FAR = 10;

/** Opens, controls and releases sources. */
export class SourceActions {
  #current: FrameSource | null = null;
  /** Rises with every request: a source that opens after a newer request is released at once. */
  #turn = 0;
  /** What lies beside the running recording. */
  #labels: LabelParts | null = null;
  /** A dragged seek bar asks for a hundred places a second; the source gets the one that matters. */
  readonly #seek = new Latest<number>(
    async (to) => this.#current?.controls.seek?.(to),
    (thrown) => this.notices.thrown(thrown, 'source-failed'),
  );

  constructor(
    private readonly store: Store<AppState>,
    private readonly notices: Notices,
    private readonly ports: SourcePorts,
  ) {}

  /** The running source's controls; null without a source. */
  get controls(): SourceControls | null {
    return this.#current?.controls ?? null;
  }

  /**
   * Lays labels beside the running recording; they stay with it when its worker is replaced.
   * @returns how many there are
   * @throws CarriagewayError `labels-mismatch` when no recording runs, `labels-unreadable`
   */
  async setLabels(labels: LabelParts | null): Promise<number> {
    const { controls } = this;
    if (!this.store.state.playback?.canStep || !controls?.setLabels)
      throw new CarriagewayError('labels-mismatch', 'no recording is open');
    const count = await controls.setLabels(labels);
    if (this.controls === controls) this.#labels = labels;
    return count;
  }

  /**
   * Looks at labels without laying them beside anything.
   * @param dictionary id of the one to read them by; null for the likeliest
   * @throws CarriagewayError `labels-mismatch` when no recording runs, `labels-unreadable`
   */
  async surveyLabels(labels: LabelParts, dictionary: string | null): Promise<LabelSurvey> {
    const { controls } = this;
    if (!this.store.state.playback?.canStep || !controls?.surveyLabels)
      throw new CarriagewayError('labels-mismatch', 'no recording is open');
    return controls.surveyLabels(labels, dictionary);
  }

  /** Opens a source. The present one goes on until the new one is there, and stays when it fails. */
  async open(request: SourceRequest): Promise<void> {
    const turn = ++this.#turn;
    this.store.update({ opening: request });
    let next: FrameSource | null = null;
    try {
      next = await this.ports.open(request);
      if (turn !== this.#turn) return await next.dispose();
      await this.#show(next, request);
      next = null;
    } catch (thrown) {
      await next?.dispose();
      if (turn === this.#turn) this.notices.thrown(thrown, failureOf(request));
    } finally {
      if (turn === this.#turn) this.store.update({ opening: null });
    }
    // Labels of cameras are empty until one was allowed; now they may be known.
    if (request.kind === 'camera') await this.refreshCameras();
  }

  /**
   * Opens the present source again and goes to where it stood: a source gives its frames away once, and they went to a
   * worker that is gone.
   */
  async reattach(): Promise<void> {
    const { playback, opening } = this.store.state;
    // What was asked for last is on its way to the new worker by itself.
    if (!playback || opening) return;
    const { request, seconds, loop, playing } = playback;
    const labels = this.#labels;
    await this.open(request);
    // Read without trouble once; should it fail now, the recording plays without.
    if (labels) await this.setLabels(labels).catch(() => {});
    const { canSeek, canLoop } = this.store.state.playback ?? playback;
    if (canLoop && loop) await this.setLoop(true);
    if (canSeek && seconds > 0) this.seekTo(seconds);
    if (!playing && this.#current?.controls.pause) await this.togglePlay();
  }

  /** Stops or goes on; a source that cannot pause has its picture stopped in its place. */
  async togglePlay(): Promise<void> {
    const playback = this.store.state.playback;
    const controls = this.#current?.controls;
    if (!playback || !controls) return;
    if (!controls.pause || !controls.play) {
      const paused = !this.store.state.paused;
      this.store.update({ paused, spoken: paused ? 'Paused' : 'Playing' });
      this.#patch({ playing: !paused });
      return;
    }
    const playing = !playback.playing;
    this.store.update({ spoken: playing ? 'Playing' : 'Paused' });
    await this.#control(async () => {
      if (playing && playback.ended) await controls.seek?.(0);
      await (playing ? controls.play?.() : controls.pause?.());
      this.#patch(playing ? { playing, ended: false } : { playing });
    });
  }

  /** Goes to a time, clamped to the length of the source. */
  seekTo(seconds: number): void {
    const playback = this.store.state.playback;
    const controls = this.#current?.controls;
    if (!playback || !controls?.seek) return;
    const end = playback.info.duration ?? Number.POSITIVE_INFINITY;
    const to = Math.min(end, Math.max(0, seconds));
    this.#patch({ seconds: to, ended: false });
    this.#seek.push(to);
  }

  /** Resolves once the source is where it was last told to go. */
  sought(): Promise<void> {
    return this.#seek.settled();
  }

  /** Goes on or back by seconds. */
  seekBy(seconds: number): void {
    this.seekTo((this.store.state.playback?.seconds ?? 0) + seconds);
  }

  async setLoop(loop: boolean): Promise<void> {
    const controls = this.#current?.controls;
    if (!controls?.setLoop) return;
    await this.#control(() => controls.setLoop?.(loop));
    this.#patch({ loop });
    this.store.update({ spoken: loop ? 'Repeating' : 'Not repeating' });
  }

  async toggleLoop(): Promise<void> {
    await this.setLoop(!this.store.state.playback?.loop);
  }

  /** Another street, in the weather that was chosen. */
  async openNextDrive(): Promise<void> {
    const now = this.store.state.playback?.request;
    const mood = now?.kind === 'drive' ? now.mood : 'any';
    await this.open({ kind: 'drive', seed: this.randomSeed(), mood });
  }

  /** A seed other than the present one. */
  randomSeed(): number {
    const now = this.store.state.playback?.request;
    const seed = 1 + Math.floor(this.ports.random() * SEED_MAX);
    return now?.kind === 'drive' && now.seed === seed ? (seed % SEED_MAX) + 1 : Math.min(seed, SEED_MAX);
  }

  /** The camera; when one runs already, the next of the list. */
  async openNextCamera(): Promise<void> {
    const now = this.store.state.playback?.request;
    if (now?.kind !== 'camera') return this.open({ kind: 'camera', deviceId: null });
    const { cameras } = this.store.state;
    const at = cameras.findIndex((c) => c.deviceId === now.deviceId);
    await this.open({ kind: 'camera', deviceId: cameras[(at + 1) % cameras.length]?.deviceId ?? null });
  }

  /** Reads the list of cameras again; an unreadable list is an empty one. */
  async refreshCameras(): Promise<void> {
    try {
      this.store.update({ cameras: await this.ports.listCameras() });
    } catch {
      this.store.update({ cameras: [] });
    }
  }

  async dispose(): Promise<void> {
    this.#turn++;
    await this.#current?.dispose();
    this.#current = null;
  }

  async #show(next: FrameSource, request: SourceRequest): Promise<void> {
    await this.ports.attach(next.handle(), next.info.key);
    const old = this.#current;
    this.#current = next;
    this.#labels = null;
    next.onEvent((event) => this.#onEvent(next, event));
    const { seek, setLoop, step } = next.controls;
    this.store.update({
      playback: {
        info: next.info,
        request,
        playing: true,
        seconds: 0,
        ended: false,
        loop: false,
        rate: 1,
        range: null,
        canSeek: seek !== undefined && next.info.duration !== undefined,
        canLoop: setLoop !== undefined,
        canStep: step !== undefined,
      },
      picture: { width: next.info.width, height: next.info.height },
      paused: false,
      spoken: `Source: ${next.info.title}`,
    });
    // What was mended in it, and what of it is not played.
    for (const notice of next.info.notices ?? []) this.notices.show(notice);
    await old?.dispose();
    const [event] = next.info.events ?? [];
    if (event && next === this.#current) this.seekTo(event.seconds);
  }

  #onEvent(source: FrameSource, event: SourceEvent): void {
    if (source !== this.#current) return;
    if (event.type === 'time') this.#patch({ seconds: event.seconds, playing: event.playing });
    else if (event.type === 'ended') this.#patch({ playing: false, ended: true });
    else {
      this.#patch({ playing: false });
      this.notices.show(event.error);
    }
  }

  async #control(use: () => Promise<void> | undefined): Promise<void> {
    try {
      await use();
    } catch (thrown) {
      this.notices.thrown(thrown, 'source-failed');
    }
  }

  #patch(patch: Partial<Playback>): void {
    const { playback } = this.store.state;
    if (playback) this.store.update({ playback: { ...playback, ...patch } });
  }
}

/** What a failure without a code of its own is called. */
function failureOf(request: SourceRequest): 'drive-failed' | 'source-failed' | 'camera-busy' {
  if (request.kind === 'drive') return 'drive-failed';
  return request.kind === 'camera' ? 'camera-busy' : 'source-failed';
}
