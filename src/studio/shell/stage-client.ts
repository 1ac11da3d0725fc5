/**
 * The page's side of the stage worker: starts it, tells it what changed, hears its reports, and puts a new one in its
 * place when it falls silent. Desks talk to this, never to a worker that may be gone tomorrow.
 */
import { CarriagewayError, reportOf } from '../../errors';
import { Latest } from '../../media/latest';
import type { FrameHandle } from '../../media/timed-frame';
import type { OverlayView } from '../../overlay/view';
import type { IgnoreRegion } from '../../perception/engine';
import type { SceneCamera } from '../../scene/scene';
import type { InspectionReport, InspectionRequest } from '../../stage/inspector';
import type { EngineReport, ModelRequest, StageApi, StageEvent } from '../../stage/stage-api';
import type { LinkStage, StageLink } from '../../stage/stage-link';
import { Watchdog } from '../../stage/watchdog';
import { appended } from '../scene/scene-actions';
import type { AppState, PictureSize } from './app-state';
import type { Notices } from './notices';
import type { Store } from './state';

/** Where the picture is shown. A canvas can be handed to a worker once only: each worker gets a fresh one. */
export interface CanvasHost {
  /** Puts a new canvas in the place of the old one. */
  freshCanvas(): HTMLCanvasElement;
  /** Size in device pixels. */
  pixels(): PictureSize;
}

/** Tries in a row without a sign of life, after which the worker is given up. */
const TRIES_MAX = 3;

/** Milliseconds between looks at the worker's pulse. */
const PULSE = 1000;

/** Drives one stage worker after the other. */
export class StageClient {
  #link: StageLink | null = null;
  /** Ends the calls that the present worker will not answer any more. */
  readonly #open = new Set<(reason: unknown) => void>();
  #tries = 0;
  #pulse: ReturnType<typeof setInterval> | undefined;
  readonly #watchdog = new Watchdog(performance.now());
  readonly #unwatch: (() => void)[] = [];
  readonly #view = new Latest<OverlayView>((view) => this.#call((api) => api.setView(view)), ignore);
  readonly #region = new Latest<IgnoreRegion | null>(
    (region) => this.#call((api) => api.setIgnoreRegion(region)),
    ignore,
  );
  readonly #size = new Latest<PictureSize>(
    (size) => this.#call((api) => api.resize(size.width, size.height)),
    ignore,
  );
  readonly #ground = new Latest<SceneCamera | null>(
    (camera) => this.#call((api) => api.setSceneCamera(camera)),
    (thrown) => this.notices.thrown(thrown, 'camera-model-invalid'),
  );
  readonly #paused = new Latest<boolean>((paused) => this.#call((api) => api.setPaused(paused)), ignore);

  /**
   * @param restore called after another worker took the place of one that was lost: model and source must be given again
   */
  constructor(
    private readonly store: Store<AppState>,
    private readonly notices: Notices,
    private readonly linkStage: LinkStage,
    private readonly host: CanvasHost,
    private readonly restore: () => Promise<void>,
  ) {}

  /** Starts the first worker and begins to follow the state. Calls made meanwhile wait for it. */
  async start(): Promise<void> {
    const { store } = this;
    this.#unwatch.push(
      store.watch(
        (s) => s.view,
        (view) => this.#view.push(view),
      ),
      store.watch(
        (s) => enclosed(s.region),
        (region) => this.#region.push(region),
      ),
      store.watch(
        (s) => s.ground,
        (camera) => this.#ground.push(camera),
      ),
      store.watch(
        (s) => s.paused,
        () => this.refreshPaused(),
      ),
    );
    this.#pulse = setInterval(() => this.#look(), PULSE);
    await this.#begin();
  }

  /** Tells the worker whether to rest: the user said so, or nobody can see the page. */
  refreshPaused(): void {
    this.#paused.push(this.store.state.paused || document.hidden);
  }

  /** Tells the worker that the place of the picture has another size. */
  refreshSize(): void {
    if (this.#link) this.#size.push(this.host.pixels());
  }

  /** See `StageApi.loadModel`. */
  loadModel(request: ModelRequest): Promise<EngineReport> {
    return this.#call((api) => api.loadModel(request));
  }

  /** See `StageApi.attach`. */
  attach(handle: FrameHandle, key: string): Promise<void> {
    return this.#call((api) => api.attach(handle, key));
  }

  /** See `StageApi.inspect`. */
  inspect(request: InspectionRequest | null): Promise<InspectionReport | null> {
    return this.#call((api) => api.inspect(request));
  }

  /** See `StageApi.snapshot`. */
  snapshot(withOverlay: boolean): Promise<Blob> {
    return this.#call((api) => api.snapshot(withOverlay));
  }

  /** Ends the present worker, starts another and gives it model and source again. */
  async restart(): Promise<void> {
    this.store.update({ stage: 'restarting', report: null });
    this.#drop();
    if (!(await this.#begin())) return;
    this.#view.push(this.store.state.view);
    this.#region.push(enclosed(this.store.state.region));
    this.#ground.push(this.store.state.ground);
    this.refreshPaused();
    await this.restore();
  }

  /** Ends everything. */
  dispose(): void {
    clearInterval(this.#pulse);
    for (const stop of this.#unwatch.splice(0)) stop();
    this.#drop();
  }

  #drop(): void {
    this.#link?.terminate();
    this.#link = null;
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

  #freshCanvas(): OffscreenCanvas {
    return this.host.freshCanvas().transferControlToOffscreen();
  }

  /** Whether something runs that may block the worker for long. */
  get #busy(): boolean {
    const { stage, loading, progress } = this.store.state;
    return stage !== 'running' || loading !== null || progress !== null;
  }

  /**
   * Starts a worker; never rejects: what goes wrong is shown, and tried again.
   * @returns whether this very worker runs; a later try looks after itself
   */
  async #begin(): Promise<boolean> {
    let link: StageLink;
    try {
      link = this.linkStage();
    } catch (thrown) {
      this.notices.thrown(thrown, 'worker-gone');
      this.store.update({ stage: 'gone' });
      return false;
    }
    this.#link = link;
    this.#watchdog.hear(performance.now());
    link.onDeath((detail) => void this.#lost(link, detail));
    const { width, height } = this.host.pixels();
    const { engineChoice, view } = this.store.state;
    const starting = link.api
      .start(this.#freshCanvas(), { engine: engineChoice, width, height, view })
      .then(() => link.api.listen((event) => this.#onEvent(link, event)));
    try {
      await this.#orDropped(starting);
      if (this.#link !== link) return false;
      this.store.update({ stage: 'running' });
      return true;
    } catch (thrown) {
      if (this.#link === link)
        await this.#lost(link, thrown instanceof Error ? thrown.message : String(thrown));
      return false;
    }
  }

  /**
   * Calls the worker as soon as there is one that runs.
   * @throws CarriagewayError `worker-gone` when there will be none, `worker-silent` when it was lost over the call
   */
  async #call<T>(use: (api: StageApi) => Promise<T>): Promise<T> {
    let link = await this.#running();
    // Between that promise and this line the worker may have been replaced.
    while (link !== this.#link) link = await this.#running();
    const value = await this.#orDropped(use(link.api));
    this.#watchdog.hear(performance.now());
    return value;
  }

  #running(): Promise<StageLink> {
    return new Promise((resolve, reject) => {
      const look = (stage: AppState['stage']): boolean => {
        if (stage === 'running' && this.#link) resolve(this.#link);
        else if (stage === 'gone') reject(new CarriagewayError('worker-gone'));
        else return false;
        return true;
      };
      if (look(this.store.state.stage)) return;
      const stop = this.store.watch(
        (s) => s.stage,
        (stage) => {
          if (look(stage)) stop();
        },
      );
    });
  }

  #onEvent(link: StageLink, event: StageEvent): void {
    if (this.#link !== link) return;
    this.#watchdog.hear(performance.now());
    this.#tries = 0;
    switch (event.type) {
      case 'report':
        this.notices.clear('worker-silent');
        this.store.update({ report: event.report });
        break;
      case 'engine':
        this.store.update({ engine: event.engine, progress: null });
        break;
      case 'progress':
        this.store.update({ progress: event.progress });
        break;
      case 'picture':
        this.store.update({ picture: { width: event.width, height: event.height } });
        break;
      case 'notice':
        this.notices.show(event.error);
        break;
      case 'scene-events':
        this.store.update({ sceneLog: appended(this.store.state.sceneLog, event.events) });
        break;
      case 'canvas-needed':
        link.api.replaceCanvas(this.#freshCanvas()).catch(ignore);
        this.refreshSize();
        break;
      case 'source-ended':
        // The page hears the same from the source itself, which also knows whether it begins again.
        break;
    }
  }

  #look(): void {
    const link = this.#link;
    if (!link) return;
    // Hidden pages get few timer ticks, and the worker has leave to be quiet.
    if (document.hidden) this.#watchdog.hear(performance.now());
    const verdict = this.#watchdog.tick(performance.now(), this.#busy);
    // Saying again what is already so changes nothing; that it answers is what counts.
    if (verdict === 'ping') this.#view.push(this.store.state.view);
    if (verdict === 'silent') void this.#lost(link, 'No answer.');
  }

  async #lost(link: StageLink, detail: string): Promise<void> {
    if (this.#link !== link) return;
    if (++this.#tries > TRIES_MAX) {
      this.#drop();
      this.store.update({ stage: 'gone', report: null });
      this.notices.clear('worker-silent');
      this.notices.show(reportOf(new CarriagewayError('worker-gone', detail), 'worker-gone'));
      return;
    }
    this.notices.show(reportOf(new CarriagewayError('worker-silent', detail), 'worker-silent'));
    this.#watchdog.restart(performance.now());
    await this.restart();
  }
}

/** A polygon in the making encloses nothing yet. */
function enclosed(region: IgnoreRegion | null): IgnoreRegion | null {
  return region && region.length >= 3 ? region : null;
}

/** A setting that could not be delivered: the worker is being replaced, and the new one is told everything again. */
function ignore(): void {}
