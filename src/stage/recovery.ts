/**
 * What a stage does when its device is lost, its model fails or its drawing is taken away: rebuilds under all views at
 * once, as the table says. Where there is no GPU, pictures are drawn with WebGL2, which the browser may take away (its
 * graphics process ended, or others asked for too many contexts); the model has no part in that and goes on.
 */
import { CarriagewayError, type ErrorReport, reportOf } from '../errors';
import type { EngineHost } from './engine-host';
import type { StageParts } from './ports';
import { RecoveryTable } from './recovery-table';

/** What the recovery needs of its stage. */
export interface RecoveringStage {
  readonly disposed: boolean;
  /** A view draws with what is gone. */
  readonly drawingLost: boolean;
  notice(error: ErrorReport): void;
  /** It begins: whatever holds a picture lets go of it. */
  began(): void;
  /** Nothing of the running inference counts any more, and no mask may be drawn. */
  dropWork(): void;
  /** The device is about to go: whatever draws with it ends. */
  takeDown(): Promise<void>;
  /** Every view gets a fresh canvas and something that draws on it. */
  putUp(): Promise<void>;
  /** There is a model again, or it is known that there will be none. */
  recovered(): void;
}

/** Watches the device of a stage, and rebuilds it. */
export class Recovery {
  readonly #failures = new RecoveryTable();
  /** Losses of the drawing alone count apart from those of the model. */
  readonly #drawingFailures = new RecoveryTable();
  #running = false;
  #draws = true;
  /** Rises with each device: what an earlier one still says is ignored. */
  #life = 0;

  constructor(
    private readonly parts: Pick<StageParts, 'now' | 'wait'>,
    private readonly engines: EngineHost,
    private readonly stage: RecoveringStage,
  ) {}

  /** Whether there is something to draw with, or may be. */
  get draws(): boolean {
    return this.#draws;
  }

  /** Whether it is rebuilding now. */
  get running(): boolean {
    return this.#running;
  }

  /** Hears of the loss of the device that is there now. */
  watch(): void {
    const life = ++this.#life;
    void this.engines.device?.lost.then(({ message }) => {
      if (life === this.#life) void this.start(new CarriagewayError('webgpu-lost', message));
    });
  }

  /** Ignores whatever the device still says. */
  unwatch(): void {
    this.#life++;
  }

  /** Rebuilds after a failure; the pictures go on as soon as there are canvases. Never rejects. */
  async start(thrown: unknown): Promise<void> {
    const { stage } = this;
    if (this.#running || stage.disposed) return;
    this.#running = true;
    stage.began();
    try {
      await this.#untilItHolds(thrown);
      // A drawing may be lost again while it is being set up; what the model says meanwhile is settled by then.
      while (stage.drawingLost && !stage.disposed)
        await this.#untilItHolds(new CarriagewayError('drawing-lost'));
    } finally {
      this.#running = false;
    }
    stage.recovered();
  }

  /** Ends, since a try that gives up returns. */
  async #untilItHolds(thrown: unknown): Promise<void> {
    for (let failure = thrown; ; ) {
      try {
        if (this.#onlyDrawingFailed(failure)) await this.#redraw(failure);
        else await this.#rebuild(failure);
        return;
      } catch (again) {
        failure = again;
      }
    }
  }

  /** An engine on the GPU fails with its device; one on the processor has no part in the drawing. */
  #onlyDrawingFailed(thrown: unknown): boolean {
    return (
      this.engines.kind !== 'webgpu' &&
      thrown instanceof CarriagewayError &&
      (thrown.code === 'drawing-lost' || thrown.code === 'overlay-failed')
    );
  }

  /** One try. @throws what failed this time */
  async #rebuild(thrown: unknown): Promise<void> {
    const { engines, stage } = this;
    const { kind } = engines;
    const report = reportOf(thrown, kind === 'webgpu' ? 'webgpu-lost' : 'inference-failed');
    stage.notice(report);
    const step = this.#failures.failed(kind, this.parts.now());
    this.unwatch();
    stage.dropWork();
    if (report.code === 'memory-short') engines.lessen();
    await engines.close();
    // A canvas belongs to its device for good; an engine on the processor leaves the canvas, and with it the picture, alone.
    if (kind === 'webgpu') await stage.takeDown();
    if (step.type === 'give-up') return;
    await this.parts.wait(step.delay);
    if (stage.disposed) return;
    if (kind === 'webgpu') {
      if (step.type === 'rebuild') await engines.open('webgpu');
      else
        await engines.openFallback(
          reportOf(new CarriagewayError('webgpu-failed', report.detail), 'webgpu-failed'),
        );
      this.watch();
      await stage.putUp();
      if (stage.disposed) return;
    }
    await engines.restart();
  }

  /** One try to draw again; after too many the page is told that there is nothing to draw with. @throws what failed */
  async #redraw(thrown: unknown): Promise<void> {
    const { stage } = this;
    const step = this.#drawingFailures.failed('wasm', this.parts.now());
    this.#draws = step.type !== 'give-up';
    const { code, detail } = reportOf(thrown, 'drawing-lost');
    stage.notice(
      reportOf(new CarriagewayError(this.#draws ? 'drawing-lost' : 'overlay-failed', detail), code),
    );
    await stage.takeDown();
    if (step.type === 'give-up') return;
    await this.parts.wait(step.delay);
    if (!stage.disposed) await stage.putUp();
  }
}
