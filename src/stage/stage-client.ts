/**
 * The page's side of the stage: starts its worker, gives it views and settings, hears its reports, and puts a new worker
 * in its place when it falls silent. Pages talk to this, never to a worker that may be gone tomorrow. Knows no page's
 * state: what happens is told to one listener.
 */
import { CarriagewayError, type ErrorCode, reportOf } from '../errors';
import { Latest } from '../media/latest';
import { Watchdog } from '../media/watchdog';
import type {
  EngineChoice,
  EngineReport,
  ModelRequest,
  StageApi,
  StageEvent,
  StageOptions,
} from './stage-api';
import type { LinkStage, StageLink } from './stage-link';
import { type CanvasHost, type NewView, ViewClient } from './view-client';

/** How the stage stands: a worker is being started, runs, is being replaced, or is given up. */
export type StageState = 'starting' | 'running' | 'restarting' | 'gone';

/** What a client tells: what the worker tells (canvases are its own affair), and how the stage stands. */
export type ClientEvent =
  | Exclude<StageEvent, { readonly type: 'canvas-needed' }>
  | { readonly type: 'state'; readonly state: StageState };

/** What a client needs. */
export interface ClientOptions extends Omit<StageOptions, 'engine' | 'because'> {
  readonly link: LinkStage;
  /** Asked at the start of each worker. */
  readonly engine: () => EngineChoice;
  /** Asked with it: why it is not the one that somebody asked for; null when it is. */
  readonly because?: () => ErrorCode | null;
  readonly listener: (event: ClientEvent) => void;
  /**
   * Called after another worker took the place of one that was lost: sources must be given again, and the model unless it
   * was asked for meanwhile, of this very worker.
   */
  readonly restore: (modelAsked: boolean) => Promise<void>;
}

/** Tries in a row without a sign of life, after which the worker is given up. */
const TRIES_MAX = 3;

/** Milliseconds between looks at the worker's pulse. */
const PULSE = 1000;

/** Drives one stage worker after the other. */
export class StageClient {
  readonly #views = new Map<string, ViewClient>();
  #link: StageLink | null = null;
  /** Whether the present worker was told to start: what it is asked from then on is done behind that. */
  #begun = false;
  #state: StageState = 'starting';
  /** Ends the calls that the present worker will not answer any more. */
  readonly #open = new Set<(reason: unknown) => void>();
  /** Waits for the state to become another. */
  readonly #waiting = new Set<() => void>();
  #tries = 0;
  /** Whether a worker ever ran: one that never did cannot be started *again*. */
  #ran = false;
  #pulse: ReturnType<typeof setInterval> | undefined;
  readonly #watchdog = new Watchdog(performance.now());
  #paused = false;
  #hidden = false;
  #sharing = false;
  #focused: string | null = null;
  /** Models on their way, asked for from here; and whether the worker says that it is at one. */
  #loads = 0;
  /** The worker that was asked for a model before it ran, unless that failed. */
  #asked: StageLink | null = null;
  #progress = false;
  readonly #resting = new Latest<void>(
    () => this.call((api) => api.setPaused(this.#paused || this.#hidden)),
    ignore,
  );

  constructor(private readonly options: ClientOptions) {}

  /** What is told when there will be no worker. */
  get #ending(): 'worker-gone' | 'worker-not-started' {
    return this.#ran ? 'worker-gone' : 'worker-not-started';
  }

  get state(): StageState {
    return this.#state;
  }

  /** Starts the first worker. Calls made meanwhile wait for it. Never rejects. */
  async start(): Promise<void> {
    this.#pulse = setInterval(() => this.#look(), PULSE);
    await this.#begin();
  }

  /** Ends the present worker, starts another and gives it everything again. */
  async restart(): Promise<void> {
    this.#drop();
    this.#become('restarting');
    if (await this.#begin()) await this.options.restore(this.#asked === this.#link);
  }

  /** Ends everything. */
  dispose(): void {
    clearInterval(this.#pulse);
    this.#drop();
    this.#views.clear();
    this.#state = 'gone';
    this.#wake();
  }

  /**
   * Adds a view.
   * @param key of no other view that is there
   * @param onCameraRefused is told when the camera that was set cannot be
   */
  addView(
    key: string,
    host: CanvasHost,
    begin: NewView,
    onCameraRefused?: (thrown: unknown) => void,
  ): ViewClient {
    const view = new ViewClient(key, host, begin, (use) => this.call(use), onCameraRefused);
    this.#views.set(key, view);
    // Before a worker runs there is nothing to add it to; it is then given all views there are.
    if (this.#link && this.#state === 'running')
      this.#orDropped(view.open(this.#link.api)).catch((thrown: unknown) => {
        if (this.#views.get(key) === view && this.#state === 'running')
          this.options.listener({ type: 'notice', key: null, error: reportOf(thrown, 'overlay-failed') });
      });
    return view;
  }

  removeView(key: string): void {
    if (this.#views.delete(key)) this.call((api) => api.removeView(key)).catch(ignore);
  }

  /** See `StageApi.loadModel`. Does not wait until all views have what draws them. */
  async loadModel(request: ModelRequest): Promise<EngineReport> {
    this.#loads++;
    try {
      // The bytes of a file are given away, and cannot be given to a second worker.
      return await (request.kind === 'file'
        ? this.call((api) => api.loadModel(request))
        : this.#loadEarly(request));
    } finally {
      this.#loads--;
    }
  }

  async #loadEarly(request: ModelRequest): Promise<EngineReport> {
    for (;;) {
      await this.#until(() => this.#begun);
      const link = this.#link!;
      const ran = this.#state === 'running';
      this.#asked = link;
      try {
        return await this.#orDropped(link.api.loadModel(request));
      } catch (thrown) {
        if (this.#asked === link) this.#asked = null;
        // Asked of a worker that never came to run, it is asked of the next one.
        if (ran || link === this.#link) throw thrown;
      }
    }
  }

  /** Stops everything, or goes on. */
  setPaused(paused: boolean): void {
    this.#paused = paused;
    this.#resting.push();
  }

  /** Whether nobody can see the page: it rests then, too, and has leave to be quiet. */
  setHidden(hidden: boolean): void {
    this.#hidden = hidden;
    this.#resting.push();
  }

  /** See `StageApi.focus`. */
  focus(key: string | null): void {
    this.#focused = key;
    this.call((api) => api.focus(key)).catch(ignore);
  }

  /** See `StageApi.setSharing`. */
  setSharing(sharing: boolean): void {
    this.#sharing = sharing;
    this.call((api) => api.setSharing(sharing)).catch(ignore);
  }

  /**
   * Calls the worker as soon as there is one that runs.
   * @throws CarriagewayError `worker-gone` or `worker-not-started` when there will be none, `worker-silent` when it was lost over the call
   */
  async call<T>(use: (api: StageApi) => Promise<T>): Promise<T> {
    await this.#until(() => this.#state === 'running');
    const value = await this.#orDropped(use(this.#link!.api));
    this.#watchdog.hear(performance.now());
    return value;
  }

  /** Waits for a worker of which something is true. While this waits, it may be replaced. */
  async #until(isSo: () => boolean): Promise<void> {
    while (!this.#link || !isSo()) {
      if (this.#state === 'gone') throw new CarriagewayError(this.#ending);
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
  }

  #become(state: StageState): void {
    this.#state = state;
    this.options.listener({ type: 'state', state });
    this.#wake();
  }

  #wake(): void {
    for (const go of this.#waiting) go();
    this.#waiting.clear();
  }

  #drop(): void {
    this.#link?.terminate();
    this.#link = null;
    this.#begun = false;
    // A terminated worker answers nothing: without this every waiting call, and its caller, would wait for ever.
    for (const reject of [...this.#open]) reject(new CarriagewayError('worker-silent'));
    this.#open.clear();
  }

  /** The promise of a call, or a rejection as soon as its worker is dropped. */
  #orDropped<T>(call: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#open.add(reject);
      call.then(resolve, reject).finally(() => this.#open.delete(reject));
    });
  }

  /**
   * Starts a worker; never rejects: what goes wrong is told, and tried again.
   * @returns whether this very worker runs; a later try looks after itself
   */
  async #begin(): Promise<boolean> {
    const { tier, manyViews, base } = this.options;
    const because = this.options.because?.() ?? null;
    const given = {
      ...(tier && { tier }),
      ...(base !== undefined && { base }),
      ...(because && { because }),
    };
    let link: StageLink;
    try {
      link = this.options.link();
    } catch (thrown) {
      this.options.listener({ type: 'notice', key: null, error: reportOf(thrown, this.#ending) });
      this.#become('gone');
      return false;
    }
    this.#link = link;
    this.#progress = false;
    this.#watchdog.hear(performance.now());
    link.onDeath((detail) => void this.#lost(link, detail));
    try {
      await this.#orDropped(this.#equip(link, { engine: this.options.engine(), manyViews, ...given }));
    } catch (thrown) {
      await this.#lost(link, thrown instanceof Error ? thrown.message : String(thrown));
      return false;
    }
    return this.#link === link;
  }

  /** Tells a new worker everything that is kept here; it runs then, if it was not replaced meanwhile. */
  async #equip(link: StageLink, options: StageOptions): Promise<void> {
    const { api } = link;
    const starting = api.start(options);
    this.#begun = true;
    this.#wake();
    await starting;
    await api.listen((event) => this.#onEvent(link, event));
    if (this.#paused || this.#hidden) await api.setPaused(true);
    if (this.#sharing) await api.setSharing(true);
    if (this.#focused !== null) await api.focus(this.#focused);
    const given = new Set<ViewClient>();
    // One may be added while another is given.
    for (let next = this.#nextOf(given); next; next = this.#nextOf(given)) {
      given.add(next);
      try {
        await next.open(api);
      } catch (thrown) {
        // Where nothing can be drawn another worker could not draw either; this one runs all the same.
        if (!(thrown instanceof CarriagewayError && thrown.code === 'overlay-failed')) throw thrown;
        this.options.listener({ type: 'notice', key: null, error: reportOf(thrown, 'overlay-failed') });
      }
    }
    if (this.#link !== link) return;
    this.#ran = true;
    this.#become('running');
  }

  #nextOf(given: ReadonlySet<ViewClient>): ViewClient | undefined {
    return [...this.#views.values()].find((view) => !given.has(view));
  }

  #onEvent(link: StageLink, event: StageEvent): void {
    if (this.#link !== link) return;
    this.#watchdog.hear(performance.now());
    this.#tries = 0;
    if (event.type === 'canvas-needed') {
      this.#views.get(event.key)?.replaceCanvas(link.api);
      return;
    }
    if (event.type === 'progress') this.#progress = true;
    else if (event.type === 'engine') this.#progress = false;
    this.options.listener(event);
  }

  #look(): void {
    const link = this.#link;
    if (!link) return;
    // Hidden pages get few timer ticks, and the worker has leave to be quiet.
    if (this.#hidden) this.#watchdog.hear(performance.now());
    // Compiling may block the worker for long.
    const busy = this.#state !== 'running' || this.#loads > 0 || this.#progress;
    const verdict = this.#watchdog.tick(performance.now(), busy);
    if (verdict === 'ping') this.call((api) => api.ping()).catch(ignore);
    if (verdict === 'silent') void this.#lost(link, 'No answer.');
  }

  async #lost(link: StageLink, detail: string): Promise<void> {
    if (this.#link !== link) return;
    const gone = ++this.#tries > TRIES_MAX;
    const error = new CarriagewayError(gone ? this.#ending : 'worker-silent', detail);
    if (gone) {
      this.#drop();
      this.#become('gone');
    }
    this.options.listener({ type: 'notice', key: null, error: reportOf(error, error.code) });
    if (gone) return;
    this.#watchdog.restart(performance.now());
    await this.restart();
  }
}

/** What could not be delivered: the worker is being replaced, and the new one is told everything again. */
function ignore(): void {}
