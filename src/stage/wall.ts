/**
 * The wall: many streams, one device, one network. Each tile has a lane that reads at its own pace and a compositor on
 * a canvas of its own; the network serves the lanes in fair turns and the focused one more often.
 */
import { reportOf } from '../errors';
import type { FrameHandle, TimedFrame } from '../media/timed-frame';
import type { OverlayView } from '../overlay/view';
import type { ClassMap } from '../perception/engine';
import { roadEdgesOf } from '../scene/road-edges';
import type { SceneFrame } from '../scene/scene';
import { EngineHost } from './engine-host';
import { Lane } from './lane';
import type { StageParts } from './ports';
import { Segmenter, uprightSize } from './segmenter';
import type { EngineChoice, EngineReport, ModelRequest } from './stage-api';
import { FOCUS_WEIGHT, type SeenMap, type WallApi, type WallEvent } from './wall-api';
import { WallDrawing } from './wall-drawing';
import { WallRecovery } from './wall-recovery';
import { WallTile } from './wall-tile';

/** How often a report is sent, in milliseconds. Nine tiles change more than one; twice a second still reads as live. */
const REPORT_INTERVAL = 500;

/** Runs a wall. All methods of `WallApi` are called by the page through comlink. */
export class Wall implements WallApi {
  readonly #engines: EngineHost;
  readonly #segmenter: Segmenter;
  readonly #drawing: WallDrawing;
  readonly #recovery: WallRecovery;
  readonly #tiles = new Map<string, WallTile>();
  #listener: (event: WallEvent) => void = () => {};
  #focused: string | null = null;
  #sharing = false;
  #paused = false;
  #disposed = false;
  /** Resolves when it is known what there is to draw with. */
  #started: Promise<void> = Promise.resolve();

  constructor(private readonly parts: StageParts) {
    const wall = this;
    this.#engines = new EngineHost(parts, (progress) => this.#tell({ type: 'progress', progress }));
    this.#segmenter = new Segmenter(
      this.#engines,
      {
        ignore: null,
        get open() {
          return !wall.#paused && !wall.#recovery.running && !wall.#disposed;
        },
        compositorOf: (lane) => this.#tileOf(lane)?.compositor ?? null,
        viewOf: (lane) => this.#tileOf(lane)?.view ?? null,
        shows: (lane) => this.#tileOf(lane) !== null,
        presented: (lane, arrival) => this.#tileOf(lane)?.masked(arrival, parts.now()),
        understood: (lane, map, _, frame) => this.#understood(lane, map, frame),
        took: (milliseconds) => this.#judge(milliseconds),
        failed: (thrown) => void this.#recovery.start(thrown),
      },
      parts.now,
    );
    this.#drawing = new WallDrawing(parts, {
      get disposed() {
        return wall.#disposed;
      },
      get device() {
        return wall.#engines.device;
      },
      tiles: this.#tiles,
      weight: (tile) => this.#weight(tile),
      needCanvas: ({ key }) => this.#tell({ type: 'canvas-needed', key }),
      failed: (thrown) => void this.#recovery.start(thrown),
    });
    this.#recovery = new WallRecovery(parts, this.#engines, {
      get disposed() {
        return wall.#disposed;
      },
      get drawingLost() {
        return [...wall.#tiles.values()].some((tile) => tile.drawingLost);
      },
      notice: (error) => this.#tell({ type: 'notice', error }),
      dropWork: () => {
        this.#segmenter.disown();
        this.#dropMasks();
      },
      disposeDrawing: async () => {
        for (const tile of this.#tiles.values()) await tile.disposeCompositor();
      },
      equipAll: async () => {
        await Promise.all([...this.#tiles.values()].map((tile) => this.#drawing.equipAnew(tile)));
      },
      recovered: () => this.#recovered(),
    });
  }

  async start(engine: EngineChoice): Promise<void> {
    this.#started = this.#engines.open(engine);
    await this.#started;
    this.#recovery.watch();
    this.#drawing.begin();
    void this.#reportForever();
  }

  async listen(listener: (event: WallEvent) => void): Promise<void> {
    this.#listener = listener;
  }

  async loadModel(request: ModelRequest): Promise<EngineReport> {
    const report = await this.#engines.load(request, () => this.#dropMasks());
    for (const { lane } of this.#tiles.values()) {
      lane?.meters.resetUnderstanding();
      lane?.repeat();
    }
    this.#tell({ type: 'engine', engine: report });
    void this.#segmenter.drain();
    return report;
  }

  async addTile(
    key: string,
    canvas: OffscreenCanvas,
    size: { readonly width: number; readonly height: number },
    view: OverlayView,
  ): Promise<void> {
    if (this.#tiles.has(key) || this.#disposed) return;
    const tile = new WallTile(
      key,
      view,
      size,
      (events) => this.#tell({ type: 'scene-events', key, events }),
      this.parts.now,
    );
    this.#tiles.set(key, tile);
    await this.#started;
    this.#drawing.fitAll();
    // While a device is being replaced, every tile gets its canvas there.
    if (this.#recovery.running) return;
    await this.#drawing.equip(tile, canvas);
  }

  async attach(key: string, handle: FrameHandle): Promise<void> {
    const reader = this.parts.readerOf(handle);
    const tile = this.#tiles.get(key);
    if (!tile) return reader[Symbol.asyncDispose]();
    const lane = new Lane(key, reader, this.#laneEvents, this.parts.now);
    const old = tile.lane;
    tile.setLane(lane, this.parts.now());
    tile.picture = '';
    if (old) await this.#release(old, tile);
    this.#segmenter.add(lane, this.#weight(tile));
    lane.setPaused(this.#paused || tile.paused);
    lane.start();
  }

  async removeTile(key: string): Promise<void> {
    const tile = this.#tiles.get(key);
    if (!tile) return;
    this.#tiles.delete(key);
    const { lane } = tile;
    tile.setLane(null, this.parts.now());
    if (lane) await this.#release(lane, tile);
    await tile.disposeCompositor();
    this.#drawing.fitAll();
  }

  async resizeTile(key: string, width: number, height: number): Promise<void> {
    const tile = this.#tiles.get(key);
    if (!tile) return;
    tile.size = { width, height };
    this.#drawing.fit(tile);
  }

  async setTileView(key: string, view: OverlayView): Promise<void> {
    const tile = this.#tiles.get(key);
    if (!tile) return;
    tile.view = view;
    tile.compositor?.setView(view);
  }

  async replaceCanvas(key: string, canvas: OffscreenCanvas): Promise<void> {
    this.#tiles.get(key)?.takeCanvas(canvas);
  }

  async focus(key: string | null): Promise<void> {
    this.#focused = key;
    for (const tile of this.#tiles.values())
      if (tile.lane) this.#segmenter.add(tile.lane, this.#weight(tile));
    this.#drawing.fitAll();
  }

  async setPaused(key: string | null, paused: boolean): Promise<void> {
    if (key === null) this.#paused = paused;
    else {
      const tile = this.#tiles.get(key);
      if (tile) tile.paused = paused;
    }
    for (const tile of this.#tiles.values()) tile.lane?.setPaused(this.#paused || tile.paused);
    if (!paused) void this.#segmenter.drain();
  }

  async setSharing(sharing: boolean): Promise<void> {
    this.#sharing = sharing;
  }

  async showRemote(key: string, map: SeenMap): Promise<void> {
    const tile = this.#tiles.get(key);
    const now = this.parts.now();
    if (tile?.wantsRemote(now)) tile.showRemote(map, now);
  }

  async loseDevice(): Promise<void> {
    this.#engines.device?.device.destroy();
  }

  async dispose(): Promise<void> {
    this.#disposed = true;
    this.#recovery.unwatch();
    for (const key of [...this.#tiles.keys()]) await this.removeTile(key);
    await this.#engines.close();
  }

  readonly #laneEvents = {
    onFrame: (lane: Lane, timed: TimedFrame) => this.#frameArrived(lane, timed),
    onWaiting: () => void this.#segmenter.drain(),
    // The page hears from the room whether a vehicle has left; a stream that ends says nothing more than that.
    onEnd: () => {},
    onError: () => {},
  };

  #tileOf(lane: Lane): WallTile | null {
    const tile = this.#tiles.get(lane.key);
    return tile?.lane === lane ? tile : null;
  }

  #frameArrived(lane: Lane, timed: TimedFrame): void {
    const tile = this.#tileOf(lane);
    if (!tile) return;
    const [width, height] = uprightSize(timed);
    const size = `${width}x${height}`;
    if (size !== tile.picture) {
      tile.picture = size;
      this.#tell({ type: 'picture', key: tile.key, width, height });
    }
    // Without a network there is nothing to wait for: the bare picture plays while it loads or recovers.
    const bare = this.#engines.engine === null || this.#recovery.running;
    if (tile.view.sync !== 'live' && !bare) return;
    tile.compositor?.show(timed.frame, timed.rotation);
    tile.showed(this.parts.now());
  }

  /** A tile's part of the network's turns, and of what drawing may cost, against the others'. */
  #weight({ key }: WallTile): number {
    return key === this.#focused ? FOCUS_WEIGHT : 1;
  }

  #dropMasks(): void {
    for (const tile of this.#tiles.values()) this.#segmenter.dropMask(tile.lane);
  }

  async #release(lane: Lane, tile: WallTile): Promise<void> {
    this.#segmenter.remove(lane);
    // The segmenter finds the compositor through the tile, whose lane is another by now.
    tile.compositor?.present(null);
    await lane[Symbol.asyncDispose]();
  }

  #judge(milliseconds: number): void {
    if (!this.#engines.judge(milliseconds)) return;
    this.loadModel({ kind: 'auto' }).catch((thrown: unknown) =>
      this.#tell({ type: 'notice', error: reportOf(thrown, 'model-load-failed') }),
    );
  }

  /** The class map of a mask that is on its way to the screen. */
  #understood(lane: Lane, map: ClassMap, frame: SceneFrame): void {
    const tile = this.#tileOf(lane);
    if (!tile) return;
    tile.scene.update(map, frame);
    const { state } = tile.scene;
    const edges = state ? roadEdgesOf(state) : [];
    tile.compositor?.showEdges(edges, map.width / map.height);
    if (!this.#sharing || !tile.takesSeen(this.parts.now())) return;
    const { width, height, classes, drivable } = map;
    this.#tell({ type: 'seen', key: tile.key, map: { width, height, classes, drivable, edges } });
  }

  #recovered(): void {
    if (this.#engines.engine) this.#tell({ type: 'engine', engine: this.#engines.report() });
    for (const tile of this.#tiles.values()) {
      tile.lane?.repeat();
      // Came while the device was being replaced, and was not there when canvases were asked for.
      if (!tile.compositor && this.#recovery.draws) void this.#drawing.equipAnew(tile);
    }
    void this.#segmenter.drain();
  }

  async #reportForever(): Promise<void> {
    while (!this.#disposed) {
      await this.parts.wait(REPORT_INTERVAL);
      const now = this.parts.now();
      const tiles = [...this.#tiles.values()].flatMap((tile) => tile.report(now) ?? []);
      this.#tell({ type: 'report', tiles, liveObjects: this.#liveObjects() });
    }
  }

  #liveObjects(): { frames: number; buffers: number; textures: number } {
    const sum = this.#engines.engine?.liveObjects() ?? { frames: 0, buffers: 0, textures: 0 };
    let { frames, buffers, textures } = sum;
    for (const { lane, compositor } of this.#tiles.values()) {
      const drawn = compositor?.liveObjects();
      frames += (lane?.held ?? 0) + (drawn?.frames ?? 0);
      buffers += drawn?.buffers ?? 0;
      textures += drawn?.textures ?? 0;
    }
    return { frames, buffers, textures };
  }

  #tell(event: WallEvent): void {
    this.#listener(event);
  }
}
