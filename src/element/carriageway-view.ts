/**
 * `<carriageway-view>`: a segmented road in any page. Elements with the same model share one device and take turns.
 *
 *     <carriageway-view src="drive" mode="classes" controls></carriageway-view>
 */
import { html, LitElement, nothing, type PropertyValues } from 'lit';
import { CarriagewayError, type ErrorReport, reportOf } from '../errors';
import type { OverlayMode, SyncMode } from '../overlay/view';
import { ELEMENT_WORDS, errorsIn, languageAt } from '../words/element-words';
import { unknownAttributes } from './attributes';
import { STYLE } from './carriageway-view.css';
import type { CarriagewayViewEvents, ListenerChange } from './element-events';
import { type Look, overlayOf } from './options';
import type { PlayInput } from './play-input';
import { type StageShare, shareStage } from './shared-stage';
import type { StageView } from './stage-view';

export type { CarriagewayViewEvents } from './element-events';

/** Seconds that an arrow key jumps. */
const JUMP = 5;

const MODES: readonly OverlayMode[] = ['drivable', 'classes', 'confidence'];

/** The element. Attributes reflect the properties of the same names. */
export class CarriagewayView extends LitElement {
  static override readonly styles = STYLE;
  static override readonly properties = {
    src: { type: String, reflect: true },
    mode: { type: String, reflect: true },
    sync: { type: String, reflect: true },
    model: { type: String, reflect: true },
    engine: { type: String, reflect: true },
    base: { type: String, reflect: true },
    opacity: { type: Number, reflect: true },
    controls: { type: Boolean, reflect: true },
    masks: { type: Boolean, reflect: true },
    muted: { type: Boolean, reflect: true },
    notice: { state: true },
    seconds: { state: true },
    stopped: { state: true },
  };

  /** `drive`, `drive:SEED?mood=NAME`, `camera`, or the address of a video; null for nothing. */
  declare src: string | null;
  /** What is painted: `drivable`, `classes` or `confidence`. */
  declare mode: OverlayMode;
  /** `synced`: each picture waits for its own mask; `live`: the newest picture under the newest mask. */
  declare sync: SyncMode;
  /** `auto`, the name of a model that comes along, or the address of a manifest. Read when the element is put on a page. */
  declare model: string;
  /** What runs the network; read when the element is put on a page. */
  declare engine: 'auto' | 'webgpu' | 'cpu' | 'wasm';
  /** Address of the folder that holds `models/`. */
  declare base: string | null;
  /** 0 (picture only) to 1 (paint only). */
  declare opacity: number;
  /** Whether the element shows buttons of its own. */
  declare controls: boolean;
  /** Whether `mask` events are wanted: some 16 KB for each mask. */
  declare masks: boolean;
  /** Whether recordings play without their sound. Browsers play it only after somebody has clicked on the page. */
  declare muted: boolean;
  /** As every element's, with the details of its own events typed. */
  declare addEventListener: ListenerChange<AddEventListenerOptions>;
  /** As every element's, with the details of its own events typed. */
  declare removeEventListener: ListenerChange<EventListenerOptions>;
  declare private notice: string;
  declare private seconds: number;
  declare private stopped: boolean;
  #object: PlayInput | null = null;
  #share: StageShare | null = null;
  #view: StageView | null = null;
  /** Rises when the element comes or goes: what was begun before is let go of. */
  #life = 0;
  #unlisten: () => void = () => {};
  /** Attributes that were called unknown: once is enough. */
  readonly #called = new Set<string>();
  readonly #attributes = new MutationObserver(() => this.#callUnknown());

  constructor() {
    super();
    this.src = null;
    this.mode = 'classes';
    this.sync = 'synced';
    this.model = 'auto';
    this.engine = 'auto';
    this.base = null;
    this.opacity = 0.5;
    this.controls = false;
    this.masks = false;
    this.muted = false;
    this.notice = '';
    this.seconds = 0;
    this.stopped = false;
    this.addEventListener('keydown', (event) => this.#key(event));
  }

  /** A file, `MediaStream`, track, stream of frames or open source, in place of `src`. */
  get srcObject(): PlayInput | null {
    return this.#object;
  }

  set srcObject(input: PlayInput | null) {
    this.#object = input;
    void this.#play();
  }

  /** The view behind it, for whoever wants more; null while the element is on no page. */
  get view(): StageView | null {
    return this.#view;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (!this.hasAttribute('tabindex')) this.tabIndex = 0;
    this.#attributes.observe(this, { attributes: true });
    void this.#begin();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#attributes.disconnect();
    this.#life++;
    void this.#end();
  }

  /** A PNG of the picture. @throws CarriagewayError `snapshot-failed`, `stage-disposed` */
  snapshot(withOverlay = true): Promise<Blob> {
    if (!this.#view) return Promise.reject(new CarriagewayError('stage-disposed'));
    return this.#view.snapshot(withOverlay);
  }

  /** Goes on, or rests. */
  async setPlaying(playing: boolean): Promise<void> {
    this.stopped = !playing;
    const { controls } = this.#view ?? {};
    const told = playing ? controls?.play?.() : controls?.pause?.();
    if (told) await told;
    else this.#view?.setPaused(!playing);
  }

  override updated(changed: PropertyValues): void {
    if (changed.has('src') && changed.get('src') !== undefined) void this.#play();
    if (['mode', 'sync', 'opacity'].some((name) => changed.has(name)))
      this.#attempt(() => this.#view?.set(this.#look()));
    if (changed.has('muted') && this.#view) this.#view.muted = this.muted;
  }

  override render() {
    const duration = this.#view?.source?.duration;
    const words = ELEMENT_WORDS[languageAt(this)];
    return html`
      <div class="picture" part="picture"></div>
      ${
        this.controls
          ? html`<div class="controls" part="controls">
              <button @click=${() => this.setPlaying(this.stopped)}>${this.stopped ? words.play : words.pause}</button>
              ${
                duration === undefined
                  ? nothing
                  : html`<input
                      type="range"
                      min="0"
                      .max=${String(duration)}
                      step="any"
                      .value=${String(this.seconds)}
                      aria-label=${words.place}
                      @input=${(event: Event) => this.#seek((event.target as HTMLInputElement).valueAsNumber)}
                    />`
              }
              ${
                this.#view?.source?.kind === 'file'
                  ? html`<button
                      aria-pressed=${this.muted ? 'false' : 'true'}
                      @click=${() => {
                        this.muted = !this.muted;
                      }}
                    >
                      ${words.sound}
                    </button>`
                  : nothing
              }
              <select
                aria-label=${words.painted}
                .value=${this.mode}
                @change=${(event: Event) => {
                  this.mode = (event.target as HTMLSelectElement).value as OverlayMode;
                }}
              >
                ${MODES.map((mode) => html`<option value=${mode} ?selected=${mode === this.mode}>${words[mode]}</option>`)}
              </select>
            </div>`
          : nothing
      }
      ${this.notice ? html`<p class="notice" part="notice" role="status">${this.notice}</p>` : nothing}
    `;
  }

  #look(): Look {
    return { mode: this.mode, sync: this.sync, opacity: this.opacity };
  }

  /** Takes part in a stage, with a canvas of its own. */
  async #begin(): Promise<void> {
    const life = ++this.#life;
    await this.#end();
    await this.updateComplete;
    if (life !== this.#life) return;
    let share: StageShare | null = null;
    try {
      overlayOf(this.#look());
      const canvas = document.createElement('canvas');
      share = shareStage({
        engine: this.engine,
        model: this.model,
        ...(this.base === null ? {} : { base: this.base }),
      });
      this.#share = share;
      this.renderRoot.querySelector('.picture')?.replaceChildren(canvas);
      const view = share.stage.addView({ canvas, masks: this.masks, muted: this.muted, ...this.#look() });
      this.#view = view;
      for (const type of ['mask', 'scene', 'report', 'ended'] as const)
        view.on(type, (detail) => this.#emit(type, detail));
      view.on('notice', (error) => this.#say(error));
      view.on('time', ({ seconds, playing }) => {
        this.seconds = seconds;
        this.stopped = !playing;
      });
      const stop = share.stage.on('notice', (error) => this.#say(error));
      this.#unlisten = stop;
      this.#callUnknown();
      // The picture does not wait for the model.
      void this.#play();
      await share.started;
    } catch (thrown) {
      if (life === this.#life) this.#say(reportOf(thrown, 'model-load-failed'));
    }
  }

  async #end(): Promise<void> {
    const [view, share] = [this.#view, this.#share];
    this.#view = null;
    this.#share = null;
    this.#unlisten();
    await view?.dispose();
    await share?.release();
  }

  /** Plays what the properties say. */
  async #play(): Promise<void> {
    const view = this.#view;
    const input = this.#object ?? this.src;
    if (!view) return;
    try {
      this.notice = '';
      if (input === null || input === '') {
        await view.stop();
        return;
      }
      const info = await view.play(input);
      this.stopped = false;
      this.#emit('playing', info);
      this.requestUpdate();
    } catch (thrown) {
      const late = thrown instanceof CarriagewayError && thrown.code === 'stage-disposed';
      if (!late) this.#say(reportOf(thrown, 'source-failed'));
    }
  }

  #seek(seconds: number): void {
    const { duration } = this.#view?.source ?? {};
    const { seek } = this.#view?.controls ?? {};
    if (duration === undefined || !seek) return;
    void seek(Math.min(duration, Math.max(0, seconds)));
  }

  #key(event: KeyboardEvent): void {
    // What a control does with its keys is its own affair.
    if (event.composedPath()[0] !== this || event.ctrlKey || event.metaKey || event.altKey) return;
    const actions: Readonly<Record<string, () => void>> = {
      ' ': () => void this.setPlaying(this.stopped),
      ArrowLeft: () => this.#seek(this.seconds - JUMP),
      ArrowRight: () => this.#seek(this.seconds + JUMP),
      m: () => {
        this.mode = MODES[(MODES.indexOf(this.mode) + 1) % MODES.length] ?? 'classes';
      },
    };
    const action = actions[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  }

  #callUnknown(): void {
    const known = CarriagewayView.observedAttributes;
    for (const name of unknownAttributes(this.getAttributeNames(), known))
      if (!this.#called.has(name)) {
        this.#called.add(name);
        const error = new CarriagewayError('option-invalid', `${name}: there is no such attribute`);
        this.#say(reportOf(error, error.code));
      }
  }

  #attempt(action: () => void): void {
    try {
      action();
    } catch (thrown) {
      this.#say(reportOf(thrown, 'option-invalid'));
    }
  }

  #say(error: ErrorReport): void {
    this.#emit('notice', error);
    const { code, message, detail } = error;
    const told = (sentence: string) => (detail ? `${sentence} (${detail})` : sentence);
    // What is said at once is said in English, and translated when its words are there.
    const english = told(message);
    this.notice = english;
    errorsIn(languageAt(this)).then(
      (sentences) => {
        if (sentences && this.notice === english) this.notice = told(sentences[code]);
      },
      () => {},
    );
  }

  #emit<T extends keyof CarriagewayViewEvents>(type: T, detail: CarriagewayViewEvents[T]['detail']): void {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

if (!customElements.get('carriageway-view')) customElements.define('carriageway-view', CarriagewayView);

declare global {
  interface HTMLElementTagNameMap {
    'carriageway-view': CarriagewayView;
  }
}
