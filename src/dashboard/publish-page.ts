/** The page of a vehicle: sends a camera, a file or a simulated drive into a room, and shows what it sends. */
import { CarriagewayError, type ErrorReport, reportOf } from '../errors';
import { Publishing } from '../live/publishing';
import type { SessionState } from '../live/session';
import { type SourceTrack, trackOf } from '../live/source-track';
import type { FrameSource } from '../sources/source';
import { formatRate } from '../studio/shell/format';
import { type PlainKey, say, sentenceOf } from '../words/words';
import { h, setText } from './dom';
import { liveHead } from './head';
import type { LiveParams } from './params';
import { sessionPorts } from './session-ports';

/** Sizes of a simulated drive, in pixels. */
const DRIVE_SIZES = {
  small: { width: 320, height: 180, fps: 15 },
  usual: { width: 640, height: 360, fps: 25 },
  large: { width: 1280, height: 720, fps: 25 },
} as const;

/** Opens sources for sending. */
export interface PublishPorts {
  drive(options: {
    readonly seed: number;
    readonly mood: LiveParams['mood'];
    readonly width: number;
    readonly height: number;
    readonly fps: number;
  }): Promise<FrameSource>;
  camera(): Promise<FrameSource>;
  file(file: File): Promise<FrameSource>;
}

const STATES: Readonly<Record<SessionState, PlainKey>> = {
  joining: 'live.joining',
  joined: 'live.joined',
  reconnecting: 'live.reconnecting',
  refused: 'live.refused',
  left: 'live.stopped',
};

/** What a source is called whose vehicle has no name. */
const SOURCES: Readonly<Record<NonNullable<LiveParams['publish']>, PlainKey>> = {
  drive: 'live.from-drive',
  camera: 'live.from-camera',
  file: 'publish.video',
};

/** A vehicle's page; `dispose` leaves the room and releases the source. */
export class PublishPage {
  readonly #state = h('p', { class: 'publish-state', role: 'status', 'data-testid': 'session' });
  readonly #sending = h('p', { class: 'figure muted', 'data-testid': 'sending' });
  readonly #notice = h('p', { class: 'live-notice', role: 'alert', hidden: true, 'data-testid': 'notice' });
  readonly #preview = h('video', { class: 'publish-preview', 'aria-label': say('publish.preview') });
  readonly #stopButton: HTMLButtonElement;
  readonly #controls = h('div', { class: 'row' });
  #source: SourceTrack | null = null;
  #publishing: Publishing | null = null;
  #timer: ReturnType<typeof setInterval> | undefined;
  #last = { bytes: 0, at: 0 };

  constructor(
    root: HTMLElement,
    private readonly params: LiveParams & {
      readonly room: string;
      readonly publish: NonNullable<LiveParams['publish']>;
    },
    private readonly ports: PublishPorts,
  ) {
    this.#preview.muted = true;
    this.#preview.autoplay = true;
    this.#preview.playsInline = true;
    this.#stopButton = h(
      'button',
      { type: 'button', class: 'button', 'data-testid': 'stop', onclick: () => void this.#stop() },
      say('publish.stop'),
    );
    root.classList.add('live');
    root.replaceChildren(
      liveHead(h('span', { class: 'live-room' }, params.room), h('span', { class: 'muted' }, this.#name)),
      h(
        'main',
        { class: 'publish-main' },
        this.#notice,
        this.#preview,
        this.#state,
        this.#sending,
        this.#controls,
        h('p', { class: 'muted' }, say('publish.who-sees')),
      ),
    );
    document.title = say('live.title-of-vehicle', { name: this.#name, room: params.room });
  }

  get #name(): string {
    const { name, publish } = this.params;
    return name ?? say(SOURCES[publish]);
  }

  /** Opens the source and begins to send. Never rejects: what goes wrong is shown. */
  async start(): Promise<void> {
    const { publish } = this.params;
    if (publish === 'file') this.#askForFile();
    else await this.#send(() => this.#open(publish));
  }

  async dispose(): Promise<void> {
    clearInterval(this.#timer);
    const [publishing, source] = [this.#publishing, this.#source];
    this.#publishing = null;
    this.#source = null;
    this.#stopButton.remove();
    await publishing?.stop();
    this.#preview.srcObject = null;
    await source?.dispose();
  }

  /** Breaks the connection as a network would: for tests. */
  drop(): void {
    this.#publishing?.session.drop();
  }

  /** Stops by the person's own wish, and leaves a way to begin again. */
  async #stop(): Promise<void> {
    await this.dispose();
    const again = h(
      'button',
      { type: 'button', class: 'button', 'data-testid': 'send-again', onclick: () => location.reload() },
      say('publish.again'),
    );
    this.#controls.replaceChildren(again);
    again.focus();
  }

  #open(kind: 'drive' | 'camera'): Promise<FrameSource> {
    const { seed, mood, size, fps } = this.params;
    if (kind === 'camera') return this.ports.camera();
    return this.ports.drive({ seed, mood, ...DRIVE_SIZES[size], ...(fps === null ? {} : { fps }) });
  }

  #askForFile(): void {
    const input = h('input', {
      type: 'file',
      accept: 'video/*',
      'aria-label': say('publish.file'),
      'data-testid': 'file-input',
      onchange: () => {
        const file = input.files?.[0];
        if (file) void this.#send(() => this.ports.file(file));
      },
    });
    this.#controls.replaceChildren(input);
    setText(this.#state, say('publish.choose-file'));
  }

  async #send(open: () => Promise<FrameSource>): Promise<void> {
    try {
      const source = await open();
      source.onEvent((event) => {
        if (event.type === 'error') this.#tell(event.error);
      });
      await source.controls.setLoop?.(true);
      const { width } = source.info;
      this.#source = await trackOf(source);
      this.#preview.srcObject = new MediaStream([this.#source.track]);
      void this.#preview.play().catch(() => {});
      this.#controls.replaceChildren(this.#stopButton);
      const { room, token, codec } = this.params;
      this.#publishing = new Publishing(
        this.#source.track,
        { name: this.#name, codec, width },
        sessionPorts(room, 'publish', token),
        {
          state: (state, error) => this.#show(state, error),
          sending: (_, sent) => {
            this.#sending.dataset.codec = sent;
            this.#notice.hidden = true;
          },
          failed: (error) => this.#tell(error),
        },
      );
      this.#publishing.start();
      this.#timer = setInterval(() => void this.#look(), 1000);
    } catch (thrown) {
      const code = thrown instanceof CarriagewayError ? thrown.code : 'live-publish-failed';
      this.#tell(reportOf(thrown, code));
    }
  }

  #show(state: SessionState, error: ErrorReport | null): void {
    setText(this.#state, say(STATES[state]));
    this.#state.dataset.state = state;
    if (error) this.#tell(error);
    else if (state === 'joined') this.#notice.hidden = true;
  }

  #tell(error: ErrorReport): void {
    setText(this.#notice, sentenceOf(error));
    this.#notice.dataset.code = error.code;
    this.#notice.title = error.detail;
    this.#notice.hidden = false;
  }

  async #look(): Promise<void> {
    const stats = await this.#publishing?.stats().catch(() => null);
    if (!stats) return;
    const now = performance.now();
    const kbits = ((stats.bytes - this.#last.bytes) * 8) / Math.max(1, now - this.#last.at);
    this.#last = { bytes: stats.bytes, at: now };
    this.#sending.dataset.bytes = String(stats.bytes);
    if (stats.bytes === 0 || kbits < 0) return;
    const sent = { codec: this.#sending.dataset.codec ?? '', rate: formatRate(kbits) };
    setText(
      this.#sending,
      stats.roundTrip === null
        ? say('publish.rate', sent)
        : say('publish.rate-and-trip', { ...sent, ms: Math.round(stats.roundTrip) }),
    );
  }
}
