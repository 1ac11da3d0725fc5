/**
 * What a wall does when its device is lost or its network fails: rebuilds, as `Recovery` says, under all tiles at once.
 */
import { CarriagewayError, type ErrorReport, reportOf } from '../errors';
import type { EngineHost } from './engine-host';
import type { StageParts } from './ports';
import { Recovery, rebuildUntilItHolds } from './recovery';
import { onlyDrawingFailed, redraw } from './redraw';

/** What the recovery needs of its wall. */
export interface RecoveringWall {
  readonly disposed: boolean;
  /** A tile draws with what is gone. */
  readonly drawingLost: boolean;
  notice(error: ErrorReport): void;
  /** Nothing of the running inference counts any more, and no mask may be drawn. */
  dropWork(): void;
  /** The device is about to go: whatever draws with it ends. */
  disposeDrawing(): Promise<void>;
  /** Every tile gets a fresh canvas and something that draws on it. */
  equipAll(): Promise<void>;
  /** There is a network again, or it is known that there will be none. */
  recovered(): void;
}

/** Watches the device of a wall, and rebuilds it. */
export class WallRecovery {
  readonly #recovery = new Recovery();
  readonly #redrawing = new Recovery();
  #running = false;
  #draws = true;
  /** Rises with each device: what an earlier one still says is ignored. */
  #life = 0;

  constructor(
    private readonly parts: Pick<StageParts, 'now' | 'wait'>,
    private readonly engines: EngineHost,
    private readonly wall: RecoveringWall,
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
    if (this.#running || this.wall.disposed) return;
    this.#running = true;
    try {
      await rebuildUntilItHolds((failure) => this.#rebuild(failure), thrown);
      // A drawing may be lost again while it is being set up; what the network says meanwhile is settled by then.
      while (this.wall.drawingLost && !this.wall.disposed)
        await rebuildUntilItHolds((failure) => this.#rebuild(failure), new CarriagewayError('drawing-lost'));
    } finally {
      this.#running = false;
    }
    this.wall.recovered();
  }

  /** One try. @throws what failed this time */
  async #rebuild(thrown: unknown): Promise<void> {
    const { engines, wall } = this;
    const kind = engines.kind;
    if (onlyDrawingFailed(thrown, kind)) {
      this.#draws = await redraw(thrown, this.#redrawing, this.parts, {
        get disposed() {
          return wall.disposed;
        },
        notice: (error) => wall.notice(error),
        takeDown: () => wall.disposeDrawing(),
        putUp: () => wall.equipAll(),
      });
      return;
    }
    const report = reportOf(thrown, kind === 'webgpu' ? 'webgpu-lost' : 'inference-failed');
    wall.notice(report);
    const step = this.#recovery.failed(kind, this.parts.now());
    this.unwatch();
    wall.dropWork();
    await engines.close();
    if (kind === 'webgpu') await wall.disposeDrawing();
    if (step.type === 'give-up') return;
    await this.parts.wait(step.delay);
    if (wall.disposed) return;
    if (kind === 'webgpu') {
      if (step.type === 'rebuild') await engines.open('webgpu');
      else
        await engines.openFallback(
          reportOf(new CarriagewayError('webgpu-failed', report.detail), 'webgpu-failed'),
        );
      this.watch();
      await wall.equipAll();
    }
    await engines.restart();
  }
}
