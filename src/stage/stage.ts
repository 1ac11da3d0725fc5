/**
 * The stage: everything between sources and canvases, in one worker. Any number of views share one device, one engine
 * and one segmenter, and all of it survives whatever fails.
 */
import { CarriagewayError, type ErrorReport, reportOf } from '../errors';
import { Signal } from '../media/signal';
import type { FrameHandle } from '../media/timed-frame';
import { Drawing } from './drawing';
import { EngineHost } from './engine-host';
import { onFirstMap } from './first-map';
import { Governor } from './governor';
import type { InspectionReport, InspectionRequest } from './inspection';
import { Inspection } from './inspector';
import type { StageParts } from './ports';
import { RecentMaps } from './recent-maps';
import { Recovery } from './recovery';
import { maskMapOf, RemoteMasks } from './remote-masks';
import { Segmenter } from './segmenter';
import {
  type EngineReport,
  FOCUS_WEIGHT,
  type LiveObjects,
  type ModelRequest,
  type SeenMap,
  type StageApi,
  type StageEvent,
  type StageOptions,
  type ViewOptions,
  type ViewReport,
  type ViewSettings,
} from './stage-api';
import { View, type ViewHost } from './view';

/** How often a report is sent, in milliseconds: four times a second reads as live and costs nothing. */
const REPORT_INTERVAL = 250;

/** The same of several views, and where a program draws the page too: figures cost more, and twice a second reads as live. */
const SPARING_INTERVAL = 500;

/** Milliseconds between two looks of the governors. */
const LOOK_INTERVAL = 1000;

/** A view and what is plugged into it. */
interface Entry {
  readonly view: View;
  readonly remote: RemoteMasks;
  readonly recent: RecentMaps;
  /** Null where every frame is to be segmented whatever that does to the picture's rate. */
  readonly governor: Governor | null;
}

/** Runs views. All methods of `StageApi` are called by the page through comlink. */
export class Stage implements StageApi {
  readonly #engines: EngineHost;
  readonly #segmenter: Segmenter;
  readonly #drawing: Drawing;
  readonly #recovery: Recovery;
  readonly #inspection: Inspection;
  readonly #entries = new Map<string, Entry>();
  /** Each view's part of the model's turns, and of what drawing may cost, against the others'. */
  readonly #weights = new Map<View, number>();
  readonly #viewHost: ViewHost;
  #listener: (event: StageEvent) => void = () => {};
  #focused: string | null = null;
  #sharing = false;
  #paused = false;
  #disposed = false;
  #shared = false;
  /** Resolves when it is known what there is to draw with. */
  #started: Promise<void> = Promise.resolve();
  /** Something that nobody should wait for is to be reported. */
  readonly #news = new Signal();

  constructor(private readonly parts: StageParts) {
    const stage = this;
    const failed = (thrown: unknown) => void this.#recovery.start(thrown);
    this.#engines = new EngineHost(parts, (progress) => this.#tell({ type: 'progress', progress }));
    this.#inspection = new Inspection(this.#engines);
    this.#segmenter = new Segmenter(
      this.#engines,
      {
        get open() {
          return !stage.#paused && !stage.#recovery.running && !stage.#disposed;
        },
        took: (milliseconds) => this.#judge(milliseconds),
        failed,
      },
      parts.now,
    );
    this.#viewHost = {
      get segments() {
        return stage.#engines.engine !== null && !stage.#recovery.running;
      },
      now: () => parts.now(),
      tell: (event) => this.#tell(event),
      frameWaits: () => void this.#segmenter.drain(),
      frameDue: (making) => (this.#drawing.dear && this.#engines.engine?.vacant?.(making)) || null,
    };
    this.#drawing = new Drawing(parts, {
      get disposed() {
        return stage.#disposed;
      },
      get device() {
        return stage.#engines.device;
      },
      get shared() {
        return stage.#shared;
      },
      weights: this.#weights,
      failed,
    });
    this.#recovery = new Recovery(parts, this.#engines, {
      get disposed() {
        return stage.#disposed;
      },
      get drawingLost() {
        return stage.#drawing.lost;
      },
      notice: (error) => this.#notice(error),
      began: () => this.#inspection.end(),
      dropWork: () => {
        this.#segmenter.disown();
        this.#dropMasks();
      },
      takeDown: () => this.#drawing.takeDown(),
      putUp: () => this.#drawing.equipAll(),
      recovered: () => this.#recovered(),
    });
  }

  async start({ engine, tier, because, manyViews, base }: StageOptions): Promise<void> {
    this.#shared = manyViews;
    if (base !== undefined) this.parts.useBase(base);
    this.#started = this.#engines.open(engine, tier, because);
    await this.#started;
    this.#recovery.watch();
    this.#drawing.begin();
    void this.#reportForever();
  }

  async listen(listener: (event: StageEvent) => void): Promise<void> {
    this.#listener = listener;
  }

  async loadModel(request: ModelRequest): Promise<EngineReport> {
    this.#inspection.end();
    await this.#started;
    const report = await this.#engines.load(request, () => this.#dropMasks());
    this.#tell({ type: 'engine', engine: report });
    for (const view of this.#weights.keys()) {
      view.resetUnderstanding();
      view.repeat();
    }
    void this.#segmenter.drain();
    return report;
  }

  async addView(key: string, canvas: OffscreenCanvas, options: ViewOptions): Promise<void> {
    if (this.#entries.has(key) || this.#disposed) return;
    const view = new View(key, options, this.#viewHost);
    const seen = (map: SeenMap) => this.#tell({ type: 'seen', key, map });
    const remote = new RemoteMasks(view, () => (this.#sharing ? seen : null), this.parts.now);
    const governor = options.governed ? new Governor() : null;
    const beganAnew = () => {
      governor?.reset();
      view.setStride(1);
    };
    for (const each of [{ beganAnew }, onFirstMap(() => this.#news.fire())]) view.observe(each);
    if (options.tellsMasks)
      view.observe({
        classMapReady: (_, scene, own) => this.#tell({ type: 'mask', key, mask: maskMapOf(own, scene) }),
      });
    this.#entries.set(key, { view, remote, governor, recent: new RecentMaps(view, this.parts.now) });
    this.#weigh(view);
    view.setResting('stage', this.#paused);
    try {
      view.set(options);
    } catch (thrown) {
      this.#tell({ type: 'notice', key, error: reportOf(thrown, 'camera-model-invalid') });
    }
    await this.#started;
    this.#drawing.fitAll();
    // While a device is being replaced, every view gets its canvas there.
    if (!this.#recovery.running) await this.#drawing.equip(view, canvas);
  }

  async removeView(key: string): Promise<void> {
    const view = this.#viewOf(key);
    if (!view) return;
    this.#inspection.end(view);
    this.#entries.delete(key);
    this.#weights.delete(view);
    this.#segmenter.remove(view);
    await view[Symbol.asyncDispose]();
    this.#drawing.forget(view);
  }

  async replaceCanvas(key: string, canvas: OffscreenCanvas): Promise<void> {
    this.#viewOf(key)?.screen.replaceCanvas(canvas);
  }

  async attach(key: string, handle: FrameHandle, source: string): Promise<void> {
    const reader = this.parts.readerOf(handle);
    const view = this.#viewOf(key);
    if (!view) return reader[Symbol.asyncDispose]();
    this.#inspection.end(view);
    await view.attach(reader, source);
  }

  async detach(key: string): Promise<void> {
    const view = this.#viewOf(key);
    if (!view) return;
    this.#inspection.end(view);
    await view.detach();
  }

  async set(key: string, settings: ViewSettings): Promise<void> {
    const view = this.#viewOf(key);
    if (!view) return;
    try {
      view.set(settings);
    } finally {
      this.#drawing.fit(view);
      if (settings.paused === false) void this.#segmenter.drain();
    }
  }

  async setPaused(paused: boolean): Promise<void> {
    this.#paused = paused;
    for (const view of this.#weights.keys()) view.setResting('stage', paused);
    if (!paused) void this.#segmenter.drain();
  }

  async focus(key: string | null): Promise<void> {
    this.#focused = key;
    for (const view of this.#weights.keys()) this.#weigh(view);
    this.#drawing.fitAll();
  }

  async snapshot(key: string, withOverlay: boolean, blur: boolean): Promise<Blob> {
    const entry = this.#entries.get(key);
    if (!entry) throw new CarriagewayError('snapshot-failed', 'no such view');
    return entry.recent.snapshot(withOverlay, blur);
  }

  async inspect(key: string, request: InspectionRequest | null): Promise<InspectionReport | null> {
    const view = this.#viewOf(key);
    return view ? this.#inspection.inspect(view, request) : null;
  }

  async setSharing(sharing: boolean): Promise<void> {
    this.#sharing = sharing;
  }

  async showRemote(key: string, map: SeenMap): Promise<void> {
    this.#entries.get(key)?.remote.show(map);
  }

  async ping(): Promise<void> {}

  async loseDevice(): Promise<void> {
    this.#engines.device?.device.destroy();
  }

  async dispose(): Promise<void> {
    this.#disposed = true;
    this.#recovery.unwatch();
    for (const key of [...this.#entries.keys()]) await this.removeView(key);
    await this.#engines.close();
  }

  #viewOf(key: string): View | null {
    return this.#entries.get(key)?.view ?? null;
  }

  #weigh(view: View): void {
    const weight = view.key === this.#focused ? FOCUS_WEIGHT : 1;
    this.#weights.set(view, weight);
    this.#segmenter.set(view, weight);
  }

  #dropMasks(): void {
    for (const view of this.#weights.keys()) view.dropMask();
  }

  /** Steps a tier down when the first inferences were too slow for the present one. */
  #judge(milliseconds: number): void {
    const lower = this.#engines.judge(milliseconds);
    if (!lower) return;
    for (const { governor } of this.#entries.values()) governor?.say({ kind: 'smaller', model: lower.model });
    // Not awaited: the present model goes on until the smaller one is ready.
    this.loadModel({ kind: 'auto' }).catch((thrown: unknown) =>
      this.#notice(reportOf(thrown, 'model-load-failed')),
    );
  }

  #recovered(): void {
    if (this.#engines.engine) this.#tell({ type: 'engine', engine: this.#engines.report() });
    for (const view of this.#weights.keys()) {
      view.repeat();
      // Came while the device was being replaced, and was not there when canvases were asked for.
      if (!view.screen.compositor && this.#recovery.draws) void this.#drawing.equipAnew(view);
    }
    void this.#segmenter.drain();
  }

  async #reportForever(): Promise<void> {
    let looked = this.parts.now();
    while (!this.#disposed) {
      const interval = this.#entries.size > 1 || this.#drawing.dear ? SPARING_INTERVAL : REPORT_INTERVAL;
      await Promise.race([this.parts.wait(interval), this.#news.wait()]);
      const now = this.parts.now();
      if (now - looked >= LOOK_INTERVAL) {
        looked = now;
        for (const entry of this.#entries.values()) this.#govern(entry, now);
      }
      const views = [...this.#entries.values()].map((entry) => this.#report(entry, now));
      this.#tell({ type: 'report', views, liveObjects: this.#liveObjects() });
    }
  }

  #govern({ view, governor }: Entry, now: number): void {
    if (!governor || !view.screen.live || this.#paused) return;
    governor.observe(view.rates(now));
    view.setStride(governor.stride);
  }

  #report({ view, remote, governor }: Entry, now: number): ViewReport {
    return { ...view.report(now), governor: governor?.note ?? null, remote: remote.shown() };
  }

  #liveObjects(): LiveObjects {
    const holders = [this.#engines.engine, ...this.#weights.keys()];
    const sum = { frames: 0, buffers: 0, textures: 0 };
    for (const held of holders.flatMap((holder) => holder?.liveObjects() ?? [])) {
      sum.frames += held.frames;
      sum.buffers += held.buffers;
      sum.textures += held.textures;
    }
    return sum;
  }

  #notice(error: ErrorReport): void {
    this.#tell({ type: 'notice', key: null, error });
  }

  #tell(event: StageEvent): void {
    this.#listener(event);
  }
}
