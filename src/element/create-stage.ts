/**
 * The library's one call: a stage on canvases of the embedder's, with whatever it takes to keep it going (watchdog,
 * fresh canvases, another worker) inside. Knows no page.
 */
import { CarriagewayError, type ErrorReport, reportOf } from '../errors';
import { DEFAULT_VIEW, inLanguage } from '../overlay/view';
import type { EngineReport, ModelProgress, ModelRequest } from '../stage/stage-api';
import { type ClientEvent, StageClient, type StageState } from '../stage/stage-client';
import { type LinkStage, linkStage } from '../stage/stage-link';
import { languageAt } from '../words/element-words';
import { decimalPoint } from '../words/language';
import { Listeners } from './listeners';
import { overlayOf, present, type StageSettings, stageSettings, viewSenses } from './options';
import { StageView, type ViewInit } from './stage-view';
import { ViewCanvas } from './view-canvas';

/** What a stage tells. */
export interface StageEvents {
  /** A model runs. */
  engine: EngineReport;
  progress: ModelProgress;
  state: StageState;
  /** Something about the whole stage that people should know. */
  notice: ErrorReport;
}

/** How a stage begins, with its first view. */
export interface StageInit extends StageSettings, ViewInit {}

/** A running stage. `await using` ends it, with all its views and sources. */
export class EmbeddedStage implements AsyncDisposable {
  readonly #listeners = new Listeners<StageEvents>(['engine', 'progress', 'state', 'notice']);
  readonly #views = new Map<string, StageView>();
  readonly #client: StageClient;
  readonly #base: string | undefined;
  /** What runs, or is to run: another worker begins with it. */
  #model: () => Promise<ModelRequest>;
  #engine: EngineReport | null = null;
  #count = 0;
  #disposed = false;
  readonly #visibility = () => this.#client.setHidden(document.hidden);

  /** @param link how a worker is started; for tests */
  constructor(settings: StageSettings, link: LinkStage = linkStage) {
    const { engine, model, base, manyViews } = stageSettings(settings);
    this.#base = base;
    const request = requestOf(model, base);
    this.#model = async () => request;
    this.#client = new StageClient({
      link,
      engine: () => engine,
      manyViews,
      ...(base === undefined ? {} : { base: new URL(base, document.baseURI).href }),
      listener: (event) => this.#hear(event),
      restore: (modelAsked) => this.#restore(modelAsked),
    });
    document.addEventListener('visibilitychange', this.#visibility);
  }

  /** What runs; null before the first model is there. */
  get engine(): EngineReport | null {
    return this.#engine;
  }

  /** Listens. @returns ends it @throws CarriagewayError `option-invalid` for an event that there is not */
  on<T extends keyof StageEvents & string>(type: T, listener: (value: StageEvents[T]) => void): () => void {
    return this.#listeners.on(type, listener);
  }

  /** Starts worker, device and model. @throws CarriagewayError a `model-` code, or `worker-not-started` */
  async start(): Promise<void> {
    await this.#client.start();
    this.#engine = await this.#client.loadModel(await this.#model());
  }

  /**
   * Adds a picture.
   * @throws CarriagewayError `option-invalid`, `stage-disposed`
   */
  addView(init: ViewInit = {}): StageView {
    if (this.#disposed) throw new CarriagewayError('stage-disposed');
    const { canvas, masks, muted, ...look } = init;
    // Distances over the picture are written as where it stands.
    const point = canvas instanceof Element ? decimalPoint(languageAt(canvas)) : DEFAULT_VIEW.scene.point;
    const overlay = overlayOf(look, inLanguage(DEFAULT_VIEW, point));
    const senses = viewSenses({ masks, muted });
    const silent = canvas === undefined;
    // Last, since it takes the canvas.
    const place = new ViewCanvas(canvas);
    const key = `view-${++this.#count}`;
    const tellsMasks = senses.masks ?? silent;
    const client = this.#client.addView(key, place, { overlay, governed: true, tellsMasks });
    const view = new StageView(
      key,
      this.#client,
      client,
      place,
      { overlay, muted: senses.muted ?? silent },
      () => this.#views.delete(key),
    );
    this.#views.set(key, view);
    return view;
  }

  /** Gives a view three turns of the model for each turn of another; null treats all alike. */
  focus(view: StageView | null): void {
    this.#client.focus(view?.key ?? null);
  }

  /**
   * Runs another model: a name that comes along, the address of a manifest, or a file of one's own.
   * @throws CarriagewayError `option-invalid`, or a `model-` code; the running one goes on then
   */
  async loadModel(model: string | OwnModel): Promise<EngineReport> {
    const request = typeof model === 'object' ? ownRequest(model) : namedRequest(model, this.#base);
    this.#engine = await this.#client.loadModel(await request());
    this.#model = request;
    return this.#engine;
  }

  /** Ends everything. */
  async dispose(): Promise<void> {
    if (this.#disposed) return;
    this.#disposed = true;
    document.removeEventListener('visibilitychange', this.#visibility);
    await Promise.all([...this.#views.values()].map((view) => view.dispose()));
    this.#client.dispose();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.dispose();
  }

  async #restore(modelAsked: boolean): Promise<void> {
    try {
      if (!modelAsked) this.#engine = await this.#client.loadModel(await this.#model());
    } catch (thrown) {
      this.#listeners.tell('notice', reportOf(thrown, 'model-load-failed'));
    }
    for (const view of [...this.#views.values()])
      await view
        .reopen()
        .catch((thrown: unknown) =>
          view.hear({ type: 'notice', key: view.key, error: reportOf(thrown, 'source-failed') }),
        );
  }

  #hear(event: ClientEvent): void {
    if (event.type === 'engine') {
      this.#engine = event.engine;
      this.#listeners.tell('engine', event.engine);
    } else if (event.type === 'progress') this.#listeners.tell('progress', event.progress);
    else if (event.type === 'state') this.#listeners.tell('state', event.state);
    else if (event.type === 'notice' && event.key === null) {
      this.#listeners.tell('notice', event.error);
    } else if (event.type === 'report') for (const view of this.#views.values()) view.hear(event);
    else if ('key' in event && event.key !== null) this.#views.get(event.key)?.hear(event);
  }
}

/** Largest network that is read, in bytes. */
const MODEL_MAX = 256 * 2 ** 20;

/** A network of one's own, as a file. */
export interface OwnModel {
  /** An ONNX file of at most 256 MB, read each time that a worker begins with it. */
  readonly onnx: Blob;
  /** What the file cannot say, as `ModelManifest` has it; checked when it is loaded. */
  readonly manifest: unknown;
}

function ownRequest({ onnx, manifest }: OwnModel): () => Promise<ModelRequest> {
  if (!(onnx instanceof Blob)) throw new CarriagewayError('option-invalid', 'onnx: no file');
  if (onnx.size > MODEL_MAX) throw new CarriagewayError('model-too-large');
  // The bytes are given away each time.
  return async () => ({ kind: 'file', bytes: await onnx.arrayBuffer(), manifest });
}

function namedRequest(model: string, base: string | undefined): () => Promise<ModelRequest> {
  const request = requestOf(stageSettings({ model }).model, base);
  return async () => request;
}

/** A name that comes along, or an address. */
function requestOf(model: string, base: string | undefined): ModelRequest {
  if (model === 'auto') return { kind: 'auto' };
  const known = /^[a-z0-9][a-z0-9-]{0,63}$/.test(model);
  const root = new URL(base ?? import.meta.env.BASE_URL, document.baseURI).href.replace(/\/?$/, '/');
  const address = known ? `${root}models/${model}.json` : model;
  if (!URL.canParse(address, document.baseURI))
    throw new CarriagewayError('option-invalid', 'model: no address');
  return { kind: 'manifest', url: new URL(address, document.baseURI).href };
}

/** A stage and its first view. */
export interface CreatedStage extends AsyncDisposable {
  readonly stage: EmbeddedStage;
  readonly view: StageView;
}

/**
 * Makes a stage with one view, and starts its model; play something on it next.
 *
 *     await using road = await createStage({ canvas });
 *     road.view.on('report', ({ drivableShare }) => console.log(drivableShare));
 *     await road.view.play('drive');
 *
 * @throws CarriagewayError `option-invalid` with the name of the field, a `model-` code, `worker-not-started`; nothing is
 * left behind
 */
export async function createStage(init: StageInit = {}): Promise<CreatedStage> {
  const { canvas, masks, muted, mode, sync, opacity, ...settings } = init;
  const stage = new EmbeddedStage(settings);
  try {
    const view = stage.addView(present({ canvas, masks, muted, mode, sync, opacity }));
    await stage.start();
    return { stage, view, [Symbol.asyncDispose]: () => stage.dispose() };
  } catch (thrown) {
    await stage.dispose();
    throw thrown;
  }
}
