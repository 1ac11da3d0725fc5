/**
 * The network that runs: picks one of the catalogue, leaves the choice to the stage, or takes a file of the user's own.
 * The present one keeps running while another loads, and stays when that one fails.
 */
import { CarriagewayError } from '../../errors';
import { answer, type ByoDraft } from '../../model/byo';
import type { EngineChoice, EngineReport, ModelRequest } from '../../stage/stage-api';
import { say } from '../../words/words';
import { engineRuns } from '../overlay/view-actions';
import type { AppStore, ModelChoice } from '../shell/app-state';
import type { Notices } from '../shell/notices';
import { answered, type FormTexts, ownModel, readAnswers } from './own-model';

/** What the actions need from outside. */
export interface ModelPorts {
  /** The networks that come with the page. */
  readonly catalogue: () => Promise<readonly ModelChoice[]>;
  readonly load: (request: ModelRequest) => Promise<EngineReport>;
  /** Looks at a file of the user's own. */
  readonly inspect: (file: File) => Promise<ByoDraft>;
  /** Starts the stage again, with the engine that the state names. */
  readonly restartStage: () => Promise<void>;
}

/** How to ask for the running model again. Bytes are given away with each request, so they are read anew. */
interface Wish {
  readonly title: string;
  readonly request: () => Promise<ModelRequest>;
}

/** What the state calls a model that the stage chooses. */
export const AUTOMATIC_TITLE = 'Automatic';

const AUTOMATIC: Wish = { title: AUTOMATIC_TITLE, request: async () => ({ kind: 'auto' }) };

/** Loads models. */
export class ModelActions {
  #wish: Wish = AUTOMATIC;
  #turn = 0;

  constructor(
    private readonly store: AppStore,
    private readonly notices: Notices,
    private readonly ports: ModelPorts,
  ) {}

  /**
   * Reads the catalogue and loads the first model.
   * @param asked a name of the catalogue, the address of a manifest, or null to leave it to the stage
   */
  async start(asked: string | null): Promise<void> {
    try {
      this.store.update({ models: await this.ports.catalogue() });
    } catch (thrown) {
      this.notices.thrown(thrown, 'model-not-found');
    }
    if (asked !== null && (await this.#load(this.#wishOf(asked)))) return;
    await this.#load(AUTOMATIC);
  }

  /** Loads a model of the catalogue, or with null the one that suits the machine. */
  async pick(choice: ModelChoice | null): Promise<void> {
    await this.#load(choice ? this.#wishOf(choice.name) : AUTOMATIC);
  }

  /** Whether `choice` (null: automatic) is what was asked for last and runs. */
  isWish(choice: ModelChoice | null): boolean {
    return this.#wish.title === (choice?.title ?? AUTOMATIC.title);
  }

  /**
   * What runs now, as something that can be loaded again elsewhere.
   * @throws CarriagewayError `model-not-found` before anything runs
   */
  async running(): Promise<Exclude<ModelRequest, { kind: 'auto' }>> {
    const request = await this.#wish.request();
    if (request.kind === 'file') return request;
    // Absolute: a worker's own address is another than the page's.
    const absolute = (url: string) => new URL(url, document.baseURI).href;
    if (request.kind === 'manifest') return { kind: 'manifest', url: absolute(request.url) };
    const { engine, models } = this.store.state;
    const url = models.find(({ name }) => name === engine?.model)?.url;
    if (url === undefined)
      throw new CarriagewayError('model-not-found', engine?.model ?? 'no network runs yet');
    return { kind: 'manifest', url: absolute(url) };
  }

  /** Loads the running model again, into a stage that has lost it. */
  async reload(): Promise<void> {
    // What was asked for last is on its way to the new worker by itself.
    if (this.store.state.loading !== null) return;
    await this.#load(this.#wish);
  }

  /** Looks at a file of the user's own; what it cannot say itself becomes a dialog. */
  async bring(file: File): Promise<void> {
    try {
      this.store.update({ own: ownModel(file, await this.ports.inspect(file)) });
    } catch (thrown) {
      this.notices.thrown(thrown, 'model-not-onnx');
      return;
    }
    await this.#finishOwn();
  }

  /** Takes the texts of the dialog's form; asks on, complains in the dialog, or loads the file. */
  async answerOwn(texts: FormTexts): Promise<void> {
    const { own } = this.store.state;
    if (!own) return;
    const answers = readAnswers(own.questions, texts);
    if (typeof answers === 'string') this.store.update({ own: { ...own, problem: answers } });
    else {
      this.store.update({ own: answered(own, answers) });
      await this.#finishOwn();
    }
  }

  /** Loads the user's file once nothing is open. */
  async #finishOwn(): Promise<void> {
    const { own } = this.store.state;
    if (!own || own.questions.length > 0) return;
    const { file, draft } = own;
    try {
      const manifest = answer(draft, own.answers);
      this.store.update({ own: null });
      await this.#load({
        title: manifest.title,
        request: async () => ({ kind: 'file', bytes: await file.arrayBuffer(), manifest }),
      });
    } catch (thrown) {
      // Answers that do not fit together: all is asked again, with the reason.
      const problem = thrown instanceof CarriagewayError ? thrown.detail : String(thrown);
      this.store.update({ own: { ...ownModel(file, draft), problem } });
    }
  }

  /** Drops the file that was looked at. */
  cancelOwn(): void {
    this.store.update({ own: null });
  }

  /** Runs the network on another engine: the stage starts again with it. */
  async chooseEngine(engineChoice: EngineChoice): Promise<void> {
    if (engineChoice === this.store.state.engineChoice) return;
    this.store.update({
      engineChoice,
      engineEnded: null,
      spoken: say('spoken.engine', { name: engineChoice }),
    });
    this.notices.clear('webgpu-ended-page', 'engine-ended-page');
    await this.ports.restartStage();
  }

  #wishOf(asked: string): Wish {
    const known = this.store.state.models.find((m) => m.name === asked);
    const url = known?.url ?? asked;
    return { title: known?.title ?? asked, request: async () => ({ kind: 'manifest', url }) };
  }

  /** @returns whether it runs now */
  async #load(wish: Wish): Promise<boolean> {
    const turn = ++this.#turn;
    this.store.update({ loading: wish.title, progress: null });
    try {
      const engine = await this.ports.load(await wish.request());
      this.#wish = wish;
      this.store.update({
        ...engineRuns(this.store.state, engine),
        spoken: say('spoken.model', { title: engine.title }),
      });
      return true;
    } catch (thrown) {
      // A newer choice makes the stage drop this one: nothing failed that anybody still wants.
      if (turn === this.#turn) this.notices.thrown(thrown, 'model-load-failed');
      return turn !== this.#turn;
    } finally {
      if (turn === this.#turn) this.store.update({ loading: null, progress: null });
    }
  }
}
