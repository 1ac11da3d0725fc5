/** One picture of a stage, as an embedder holds it: what plays on it, how it is painted, and what it tells. */
import { CarriagewayError, type ErrorReport } from '../errors';
import type { OverlayView } from '../overlay/view';
import type { SceneEvent } from '../scene/events';
import { FollowingSound } from '../sources/recording/following-sound';
import type { FrameSource, SourceControls, SourceInfo } from '../sources/source';
import type { LiveObjects, MaskMap, ViewReport } from '../stage/stage-api';
import type { ClientEvent, StageClient } from '../stage/stage-client';
import type { ViewClient } from '../stage/view-client';
import { Listeners } from './listeners';
import { type Look, overlayOf, viewSenses } from './options';
import { openInput, opensAgain, type PlayInput } from './play-input';
import type { ViewCanvas } from './view-canvas';

/** What a view tells. */
export interface ViewEvents {
  /** The class map of every mask, of a view without a canvas or with `masks`. */
  mask: MaskMap;
  /** What happened on the road. */
  scene: readonly SceneEvent[];
  /** Four times a second, with the road as geometry in it. */
  report: ViewReport;
  /** The picture has another size, pixels. */
  picture: { readonly width: number; readonly height: number };
  notice: ErrorReport;
  /** What is alive in the worker of its stage, for all views together: flat over time. Four times a second. */
  objects: LiveObjects;
  /** Where a recording is, seconds. */
  time: { readonly seconds: number; readonly playing: boolean };
  /** The source is over. */
  ended: null;
}

/** Where a view is drawn, and how. */
export interface ViewInit extends Look {
  /** A canvas in the page; left out, nothing is drawn and the figures come all the same. */
  readonly canvas?: HTMLCanvasElement;
  /** Whether the class map of every mask is told. Default: true without a canvas. */
  readonly masks?: boolean;
  /** Whether recordings play without their sound. Default: true without a canvas. Live sources have none. */
  readonly muted?: boolean;
}

const EVENTS = ['mask', 'scene', 'report', 'picture', 'notice', 'objects', 'time', 'ended'] as const;

/** One picture of a stage. */
export class StageView {
  readonly #listeners = new Listeners<ViewEvents>(EVENTS);
  readonly #resize: ResizeObserver;
  #overlay: OverlayView;
  #input: PlayInput | null = null;
  #source: FrameSource | null = null;
  /** Rises with each source that is asked for: one that comes late is let go of. */
  #turn = 0;
  #disposed = false;
  #muted: boolean;
  /** Made when something is to be heard for the first time. */
  #sound: FollowingSound | null = null;
  /** Where the recording is, and how fast it is played. */
  #time = { seconds: 0, playing: false };
  #rate = 1;

  /** Made by `EmbeddedStage.addView`. */
  constructor(
    /** Its name within its stage. */
    readonly key: string,
    private readonly client: StageClient,
    private readonly view: ViewClient,
    private readonly place: ViewCanvas,
    { overlay, muted }: { readonly overlay: OverlayView; readonly muted: boolean },
    private readonly leave: () => void,
  ) {
    this.#overlay = overlay;
    this.#muted = muted;
    this.#resize = new ResizeObserver(() => view.refreshSize());
    this.#resize.observe(place.element);
  }

  /** The canvas that is drawn on now: another one after a lost device. */
  get canvas(): HTMLCanvasElement {
    return this.place.element;
  }

  /** What plays; null while nothing does. */
  get source(): SourceInfo | null {
    return this.#source?.info ?? null;
  }

  /** The transport controls that its source has. */
  get controls(): SourceControls {
    const controls = this.#source?.controls ?? {};
    const { setRate } = controls;
    if (!setRate) return controls;
    return {
      ...controls,
      setRate: async (rate) => {
        await setRate(rate);
        this.#rate = rate;
        this.#hearSound();
      },
    };
  }

  /** Whether recordings play without their sound. Browsers play it only after somebody has clicked on the page. */
  get muted(): boolean {
    return this.#muted;
  }

  set muted(muted: boolean) {
    this.#muted = viewSenses({ muted }).muted ?? this.#muted;
    this.#hearSound();
  }

  /** Listens. @returns ends it @throws CarriagewayError `option-invalid` for an event that there is not */
  on<T extends keyof ViewEvents & string>(type: T, listener: (value: ViewEvents[T]) => void): () => void {
    return this.#listeners.on(type, listener);
  }

  /**
   * Plays something in place of what plays.
   * @throws CarriagewayError of the source; what played goes on then
   */
  async play(input: PlayInput): Promise<SourceInfo> {
    this.#mustLive();
    const turn = ++this.#turn;
    const source = await openInput(input);
    if (this.#disposed || turn !== this.#turn) {
      await source.dispose();
      throw new CarriagewayError('stage-disposed', 'another source was asked for meanwhile');
    }
    const old = this.#source;
    this.#forgetSound();
    this.#source = source;
    this.#input = input;
    source.onEvent((event) => {
      if (this.#source !== source) return;
      if (event.type === 'ended') this.#listeners.tell('ended', null);
      else if (event.type === 'error') this.#listeners.tell('notice', event.error);
      else if (event.type === 'time') {
        this.#time = event;
        this.#hearSound();
        this.#listeners.tell('time', event);
      }
    });
    await old?.dispose();
    await this.view.attach(source.handle(), source.info.key);
    for (const notice of source.info.notices ?? []) this.#listeners.tell('notice', notice);
    return source.info;
  }

  /** Takes the source away; its last picture stays. */
  async stop(): Promise<void> {
    this.#turn++;
    const source = this.#source;
    this.#forgetSound();
    this.#source = null;
    this.#input = null;
    if (!source) return;
    await source.dispose();
    await this.view.detach();
  }

  /** Paints otherwise. @throws CarriagewayError `option-invalid` */
  set(look: Look): void {
    this.#overlay = overlayOf(look, this.#overlay);
    this.view.set({ overlay: this.#overlay });
  }

  /** Rests, or goes on. */
  setPaused(paused: boolean): void {
    this.view.set({ paused });
  }

  /** A PNG of the picture. @throws CarriagewayError `snapshot-failed` */
  snapshot(withOverlay = true): Promise<Blob> {
    return this.view.snapshot(withOverlay);
  }

  /** Gives the view up, with its source. */
  async dispose(): Promise<void> {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#turn++;
    this.#resize.disconnect();
    this.#forgetSound();
    const source = this.#source;
    this.#source = null;
    this.client.removeView(this.key);
    this.leave();
    await source?.dispose();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.dispose();
  }

  /** Opens the source again for a new worker, where that can be. */
  async reopen(): Promise<void> {
    const input = this.#input;
    if (input === null || this.#disposed) return;
    if (opensAgain(input)) await this.play(input);
    else {
      await this.stop();
      this.#listeners.tell('ended', null);
    }
  }

  /** Passes on what its stage heard of it. Called by the stage alone. */
  hear(event: ClientEvent): void {
    if (event.type === 'mask') this.#listeners.tell('mask', event.mask);
    else if (event.type === 'scene-events') this.#listeners.tell('scene', event.events);
    else if (event.type === 'picture') this.#listeners.tell('picture', event.size);
    else if (event.type === 'notice') this.#listeners.tell('notice', event.error);
    else if (event.type === 'source-ended') this.#listeners.tell('ended', null);
    else if (event.type === 'report') {
      for (const report of event.views) if (report.key === this.key) this.#listeners.tell('report', report);
      this.#listeners.tell('objects', event.liveObjects);
    }
  }

  #forgetSound(): void {
    this.#sound?.follow(null);
    this.#time = { seconds: 0, playing: false };
    this.#rate = 1;
  }

  /** The sound goes along with the picture. */
  #hearSound(): void {
    const file = this.#source?.info.kind === 'file' ? this.#input : null;
    const address = typeof file === 'string' ? new URL(file.trim(), document.baseURI).href : file;
    if (this.#muted || !(typeof address === 'string' || address instanceof Blob)) {
      this.#sound?.follow(null);
      return;
    }
    this.#sound ??= new FollowingSound();
    const { seconds, playing } = this.#time;
    const start = this.#source?.info.containerStart ?? 0;
    this.#sound.follow({ file: address, seconds: seconds + start, rate: this.#rate, playing });
  }

  #mustLive(): void {
    if (this.#disposed) throw new CarriagewayError('stage-disposed');
  }
}
