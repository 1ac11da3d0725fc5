/**
 * The stage: everything between a source and the canvas, in one worker. It reads frames, keeps the newest, has them
 * segmented, draws picture and mask together, and survives whatever fails.
 */
import { CarriagewayError, type ErrorReport, reportOf } from '../errors';
import type { FrameHandle, TimedFrame } from '../media/timed-frame';
import type { OverlayView } from '../overlay/view';
import type { IgnoreRegion } from '../perception/engine';
import type { SceneCamera } from '../scene/scene';
import { EngineHost } from './engine-host';
import { Governor } from './governor';
import { Inspection, type InspectionReport, type InspectionRequest } from './inspector';
import { Lane } from './lane';
import { LaneMeters } from './lane-meters';
import type { StageParts } from './ports';
import { Recovery, rebuildUntilItHolds } from './recovery';
import { onlyDrawingFailed, redraw } from './redraw';
import { SceneRunner } from './scene-runner';
import { Screen } from './screen';
import { Segmenter } from './segmenter';
import type { EngineReport, ModelRequest, StageApi, StageEvent, StageOptions } from './stage-api';

/** How often a report is sent, in milliseconds: four times a second reads as live and costs nothing. */
const REPORT_INTERVAL = 250;

/** Reports between two looks of the governor: one second. */
const REPORTS_PER_LOOK = 4;

/** Runs one stream on one canvas. All methods of `StageApi` are called by the page through comlink. */
export class Stage implements StageApi {
  readonly #engines: EngineHost;
  readonly #segmenter: Segmenter;
  readonly #governor = new Governor();
  readonly #recovery = new Recovery();
  readonly #redrawing = new Recovery();
  readonly #scene: SceneRunner;
  readonly #inspection: Inspection;
  /** Meters shown while there is no source: all nought, and a sign of life. */
  readonly #idle = new LaneMeters();
  readonly #screen: Screen;
  #lane: Lane | null = null;
  #ignore: IgnoreRegion | null = null;
  #listener: (event: StageEvent) => void = () => {};
  #paused = false;
  #recovering = false;
  #disposed = false;
  /** Rises with each device: what an earlier one still says is ignored. */
  #life = 0;

  constructor(private readonly parts: StageParts) {
    const stage = this;
    this.#engines = new EngineHost(parts, (progress) => this.#tell({ type: 'progress', progress }));
    this.#screen = new Screen(parts, {
      laneOf: () => this.#lane,
      onPicture: (width, height) => this.#tell({ type: 'picture', width, height }),
      onCanvasNeeded: () => this.#tell({ type: 'canvas-needed' }),
      onFailed: (thrown) => void this.#recover(thrown),
    });
    this.#scene = new SceneRunner(
      {
        onState: (state, truth) => this.#screen.compositor?.showScene(state, truth),
        onEvents: (events) => this.#tell({ type: 'scene-events', events }),
        onError: (error) => this.#tell({ type: 'notice', error }),
      },
      parts.now,
    );
    this.#inspection = new Inspection({
      engines: this.#engines,
      get compositor() {
        return stage.#screen.compositor;
      },
      get lane() {
        return stage.#lane;
      },
      get ignore() {
        return stage.#ignore;
      },
      hold: () => this.#lane?.setPaused(true),
      goOn: () => {
        this.#lane?.setPaused(this.#paused);
        this.#lane?.repeat();
      },
    });
    this.#segmenter = new Segmenter(
      this.#engines,
      {
        compositorOf: () => stage.#screen.compositor,
        viewOf: () => stage.#screen.view,
        get ignore() {
          return stage.#ignore;
        },
        get open() {
          return !stage.#paused && !stage.#recovering && !stage.#disposed && !stage.#inspection.open;
        },
        shows: (lane) => lane === this.#lane,
        presented: (lane, arrival) => this.#screen.maskPresented(lane, arrival),
        understood: (_, map, timed, frame) => {
          // A map that was still on its way must not draw over what is inspected.
          if (this.#inspection.open) return;
          this.#screen.compositor?.showLabels(timed.truth ? { map, truth: timed.truth } : null);
          this.#scene.update(map, frame, timed.geometry ?? null);
        },
        took: (milliseconds) => this.#judge(milliseconds),
        failed: (thrown) => void this.#recover(thrown),
      },
      parts.now,
    );
  }

  async start(canvas: OffscreenCanvas, options: StageOptions): Promise<void> {
    this.#screen.setView(options.view);
    this.#screen.resize(options.width, options.height);
    await this.#engines.open(options.engine);
    await this.#bringUp(canvas);
    this.#screen.begin();
    void this.#reportForever();
  }

  async listen(listener: (event: StageEvent) => void): Promise<void> {
    this.#listener = listener;
  }

  async loadModel(request: ModelRequest): Promise<EngineReport> {
    this.#inspection.end();
    const report = await this.#engines.load(request, () => this.#segmenter.dropMask(this.#lane));
    this.#lane?.meters.resetUnderstanding();
    this.#tell({ type: 'engine', engine: report });
    this.#lane?.repeat();
    return report;
  }

  async attach(handle: FrameHandle, key: string): Promise<void> {
    this.#inspection.end();
    const lane = new Lane(key, this.parts.readerOf(handle), this.#laneEvents, this.parts.now);
    const old = this.#lane;
    this.#lane = lane;
    this.#scene.restart();
    this.#screen.forgetPicture();
    this.#governor.reset();
    if (old) await this.#release(old);
    this.#segmenter.add(lane);
    lane.setPaused(this.#paused);
    lane.start();
  }

  async detach(): Promise<void> {
    this.#inspection.end();
    const lane = this.#lane;
    this.#lane = null;
    this.#scene.restart();
    if (lane) await this.#release(lane);
  }

  async setView(view: OverlayView): Promise<void> {
    if (view.sync !== this.#screen.view?.sync) {
      this.#governor.reset();
      if (this.#lane) this.#lane.stride = this.#governor.stride;
    }
    this.#screen.setView(view);
  }

  async setIgnoreRegion(region: IgnoreRegion | null): Promise<void> {
    this.#ignore = region;
    this.#lane?.repeat();
  }

  async setSceneCamera(camera: SceneCamera | null): Promise<void> {
    this.#scene.setCamera(camera);
  }

  async resize(width: number, height: number): Promise<void> {
    this.#screen.resize(width, height);
  }

  async setPaused(paused: boolean): Promise<void> {
    this.#paused = paused;
    this.#lane?.setPaused(paused || this.#inspection.open);
    if (!paused) void this.#segmenter.drain();
  }

  async snapshot(withOverlay: boolean): Promise<Blob> {
    return this.#screen.snapshot(withOverlay);
  }

  async inspect(request: InspectionRequest | null): Promise<InspectionReport | null> {
    return this.#inspection.inspect(request);
  }

  async loseDevice(): Promise<void> {
    this.#engines.device?.device.destroy();
  }

  async replaceCanvas(canvas: OffscreenCanvas): Promise<void> {
    this.#screen.replaceCanvas(canvas);
  }

  async dispose(): Promise<void> {
    this.#disposed = true;
    this.#life++;
    await this.detach();
    await this.#engines.close();
    await this.#screen.close();
  }

  readonly #laneEvents = {
    onFrame: (lane: Lane, timed: TimedFrame) => this.#frameArrived(lane, timed),
    onWaiting: () => void this.#segmenter.drain(),
    onEnd: (lane: Lane) => {
      if (lane === this.#lane) this.#tell({ type: 'source-ended' });
    },
    onError: (lane: Lane, error: ErrorReport) => {
      if (lane === this.#lane) this.#tell({ type: 'notice', error });
    },
  };

  /** Draws with the present device, and watches it. */
  async #bringUp(canvas: OffscreenCanvas): Promise<void> {
    const life = ++this.#life;
    const device = this.#engines.device;
    const compositor = await this.#screen.putUp(canvas, device);
    // Without a device, drawing ends with its own context: nobody else would say so.
    if (!device)
      void compositor.lost.then(() => {
        if (this.#screen.compositor === compositor) void this.#recover(new CarriagewayError('drawing-lost'));
      });
    void device?.lost.then(({ message }) => {
      if (life === this.#life) void this.#recover(new CarriagewayError('webgpu-lost', message));
    });
  }

  #frameArrived(lane: Lane, timed: TimedFrame): void {
    if (lane !== this.#lane) return;
    // Without a network there is nothing to wait for: the bare picture plays while it loads or recovers.
    this.#screen.frameArrived(lane, timed, this.#engines.engine === null || this.#recovering);
  }

  /** Steps a tier down when the first inferences were too slow for the present one. */
  #judge(milliseconds: number): void {
    const lower = this.#engines.judge(milliseconds);
    if (!lower) return;
    this.#governor.say(`This machine was too slow for the larger network, so ${lower.model} runs.`);
    // Not awaited: the present network goes on until the smaller one is ready.
    this.loadModel({ kind: 'auto' }).catch((thrown: unknown) =>
      this.#tell({ type: 'notice', error: reportOf(thrown, 'model-load-failed') }),
    );
  }

  /** Rebuilds after a failure, as `Recovery` says; the picture goes on as soon as there is a canvas. */
  async #recover(thrown: unknown): Promise<void> {
    if (this.#recovering || this.#disposed) return;
    this.#inspection.end();
    this.#recovering = true;
    try {
      await rebuildUntilItHolds((failure) => this.#rebuild(failure), thrown);
    } finally {
      this.#recovering = false;
    }
    this.#lane?.repeat();
  }

  /** One try. @throws what failed this time */
  async #rebuild(thrown: unknown): Promise<void> {
    const kind = this.#engines.kind;
    if (onlyDrawingFailed(thrown, kind)) return this.#redraw(thrown);
    const report = reportOf(thrown, kind === 'webgpu' ? 'webgpu-lost' : 'inference-failed');
    this.#tell({ type: 'notice', error: report });
    const step = this.#recovery.failed(kind, this.parts.now());
    this.#life++;
    this.#segmenter.disown();
    this.#segmenter.dropMask(this.#lane);
    await this.#engines.close();
    // A canvas belongs to its device for good; an engine on the processor leaves the canvas, and with it the picture, alone.
    if (kind === 'webgpu') await this.#screen.takeDown();
    if (step.type === 'give-up') return;
    await this.parts.wait(step.delay);
    if (this.#disposed) return;
    if (kind === 'webgpu') {
      if (step.type === 'rebuild') await this.#engines.open('webgpu');
      else
        await this.#engines.openFallback(
          reportOf(new CarriagewayError('webgpu-failed', report.detail), 'webgpu-failed'),
        );
      const canvas = await this.#screen.freshCanvas();
      if (this.#disposed) return;
      await this.#bringUp(canvas);
    }
    await this.#engines.restart();
    if (this.#engines.engine) this.#tell({ type: 'engine', engine: this.#engines.report() });
  }

  /** One try to draw again; the network goes on. @throws what failed this time */
  async #redraw(thrown: unknown): Promise<void> {
    const stage = this;
    await redraw(thrown, this.#redrawing, this.parts, {
      get disposed() {
        return stage.#disposed;
      },
      notice: (error) => this.#tell({ type: 'notice', error }),
      takeDown: () => this.#screen.takeDown(),
      putUp: async () => {
        const canvas = await this.#screen.freshCanvas();
        if (!this.#disposed) await this.#bringUp(canvas);
      },
    });
  }

  async #release(lane: Lane): Promise<void> {
    this.#segmenter.remove(lane);
    await lane[Symbol.asyncDispose]();
  }

  async #reportForever(): Promise<void> {
    for (let count = 0; !this.#disposed; count++) {
      await this.parts.wait(REPORT_INTERVAL);
      const lane = this.#lane;
      const meters = lane?.meters ?? this.#idle;
      const now = this.parts.now();
      if (count % REPORTS_PER_LOOK === 0 && this.#screen.live && !this.#paused) {
        this.#governor.observe(meters.observe(now));
        if (lane) lane.stride = this.#governor.stride;
      }
      this.#tell({
        type: 'report',
        report: {
          ...meters.digest(now),
          scene: lane ? this.#scene.digest() : null,
          governor: this.#governor.said,
          stride: this.#governor.stride,
          liveObjects: this.#liveObjects(lane),
        },
      });
    }
  }

  #liveObjects(lane: Lane | null): { frames: number; buffers: number; textures: number } {
    const none = { frames: 0, buffers: 0, textures: 0 };
    const engine = this.#engines.engine?.liveObjects() ?? none;
    const compositor = this.#screen.compositor?.liveObjects() ?? none;
    return {
      frames: (lane?.held ?? 0) + engine.frames + compositor.frames,
      buffers: engine.buffers + compositor.buffers,
      textures: engine.textures + compositor.textures,
    };
  }

  #tell(event: StageEvent): void {
    this.#listener(event);
  }
}
