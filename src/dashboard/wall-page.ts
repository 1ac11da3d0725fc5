/**
 * The dashboard: a room's vehicles as tiles, their pictures through one worker. Keeps tiles, streams and the worker in
 * step, and asks the server only for what is looked at.
 */
import type { ErrorReport } from '../errors';
import { reportOf } from '../errors';
import { drivableOf, type SharedMask } from '../live/shared-mask';
import { Viewing, type Want } from '../live/viewing';
import { DEFAULT_VIEW, type OverlayMode, type OverlayView } from '../overlay/view';
import type { WallEvent } from '../stage/wall-api';
import { History } from './history';
import type { LiveParams } from './params';
import { sessionPorts } from './session-ports';
import type { Tile, TileActions } from './tile';
import { TileBoard } from './tile-board';
import type { LinkWall, WallLink } from './wall-link';
import { WallView } from './wall-view';

/** Milliseconds between two looks at the links. */
const FIGURES_INTERVAL = 1000;

/** Not in TypeScript's DOM library (MediaStreamTrack Insertable Media Processing using Streams). */
type TrackProcessorClass = new (init: {
  track: MediaStreamTrack;
  maxBufferSize: number;
}) => {
  readonly readable: ReadableStream<VideoFrame>;
};

/** A dashboard; `dispose` leaves the room and ends the worker. */
export class WallPage implements TileActions {
  readonly view: WallView;
  readonly #board: TileBoard;
  readonly #viewing: Viewing;
  readonly #history = new History();
  /** Tracks by vehicle, for a worker that has to be replaced. They belong to the room. */
  readonly #tracks = new Map<string, MediaStreamTrack>();
  /** What the worker reads, by tile: clones, which end with the tile or when the next takes its place. */
  readonly #clones = new Map<string, MediaStreamTrack>();
  #wall: WallLink | null = null;
  #base: OverlayView;
  #timer: ReturnType<typeof setInterval> | undefined;
  readonly #lifetime = new AbortController();

  constructor(
    root: HTMLElement,
    private readonly params: LiveParams & { readonly room: string },
    private readonly linkWall: LinkWall,
  ) {
    this.#base = { ...DEFAULT_VIEW, sync: 'live', mode: params.mode };
    this.view = new WallView(root, params, this.#history, {
      setMode: (mode) => this.#setMode(mode),
      setOpacity: (opacity) => this.#setBase({ opacity }),
      unfocus: () => this.focus(null),
    });
    this.#board = new TileBoard(this, {
      added: (tile) => void this.#addToWall(tile),
      left: (tile) => this.#tracks.delete(tile.vehicle.id),
      removed: (tile) => this.#removed(tile),
      arranged: (tiles) => {
        this.view.order(tiles);
        this.view.counts(tiles.length, this.#viewing.vehicles.length);
      },
    });
    this.#viewing = new Viewing(sessionPorts(params.room, 'view', params.token), {
      state: (state, error) => this.#sessionState(state, error),
      vehicles: (vehicles) => {
        this.#board.meet(vehicles);
        this.#wantAll();
      },
      track: (vehicle, track) => this.#attach(vehicle, track),
      unsupported: (vehicle) => {
        const tile = this.#board.of(vehicle);
        if (tile) tile.state = 'unsupported';
      },
      score: (vehicle, score) => {
        const tile = this.#board.of(vehicle);
        if (tile) tile.score = score;
      },
      layer: (vehicle, spatial) => {
        const tile = this.#board.of(vehicle);
        if (tile) tile.element.dataset.layer = spatial === null ? 'none' : String(spatial);
      },
      mask: (mask) => this.#remoteMask(mask),
    });
  }

  /** Starts worker and session. Never rejects: what goes wrong is shown. */
  async start(): Promise<void> {
    const { signal } = this.#lifetime;
    document.addEventListener('visibilitychange', () => this.#wantAll(), { signal });
    addEventListener('online', () => this.#viewing.session.refresh(), { signal });
    addEventListener(
      'keydown',
      (event) => {
        if (event.key === 'Escape' && this.#board.focused) this.focus(null);
      },
      { signal },
    );
    this.#viewing.start();
    this.#timer = setInterval(() => void this.#look(), FIGURES_INTERVAL);
    await this.#startWall();
  }

  async dispose(): Promise<void> {
    this.#lifetime.abort();
    clearInterval(this.#timer);
    await this.#viewing.leave();
    this.#board.dispose();
    for (const clone of this.#clones.values()) clone.stop();
    this.#wall?.terminate();
    this.view.dispose();
  }

  /** Breaks the connection as a network would: for tests. */
  drop(): void {
    this.#viewing.session.drop();
  }

  focus(tile: Tile | null): void {
    const before = this.#board.focused;
    this.#board.focus(tile);
    this.#focusChanged();
    (this.#board.focused ?? before)?.element.focus();
  }

  toggleOverlay(tile: Tile): void {
    tile.setOverlay(!tile.overlay);
    void this.#wall?.api.setTileView(tile.key, this.#viewOf(tile));
  }

  move(tile: Tile, by: -1 | 1): void {
    this.#board.move(tile, by);
    tile.element.focus();
  }

  dropped(key: string, on: Tile): void {
    this.#board.drop(key, on);
  }

  resized(tile: Tile): void {
    const { width, height } = tile.pixels();
    void this.#wall?.api.resizeTile(tile.key, width, height);
  }

  seen(tile: Tile): void {
    this.#want(tile);
  }

  async #startWall(): Promise<void> {
    const wall = this.linkWall();
    this.#wall = wall;
    wall.onDeath((detail) => this.#wallDied(wall, detail));
    try {
      // Not awaited one by one: the worker takes tiles and streams in the order of the calls.
      const started = wall.api.start(this.params.engine === 'off' ? 'cpu' : this.params.engine);
      for (const tile of this.#board.tiles) void this.#addToWall(tile);
      this.#reattach();
      await started;
      await wall.api.listen((event) => this.#onEvent(event));
      if (this.params.engine === 'off') {
        this.view.engine('No network runs here; masks that others share are shown.');
        return;
      }
      const { model } = this.params;
      await wall.api.loadModel(
        model === null
          ? { kind: 'auto' }
          : { kind: 'manifest', url: model.startsWith('/') ? model : `/models/${model}.json` },
      );
      await wall.api.setSharing(true);
    } catch (thrown) {
      this.view.notice(reportOf(thrown, 'model-load-failed'));
    }
  }

  /** A worker that died is replaced whole; the streams are asked for again. */
  #wallDied(wall: WallLink, detail: string): void {
    if (this.#wall !== wall) return;
    wall.terminate();
    this.#wall = null;
    this.view.notice(reportOf(new Error(detail), 'worker-silent'));
    setTimeout(() => {
      if (this.#lifetime.signal.aborted) return;
      void this.#startWall();
    }, 1000);
  }

  #reattach(): void {
    for (const tile of this.#board.tiles) {
      const track = this.#tracks.get(tile.vehicle.id);
      if (track) this.#attach(tile.vehicle.id, track);
    }
  }

  #onEvent(event: WallEvent): void {
    switch (event.type) {
      case 'report':
        for (const tile of this.#board.tiles) {
          const report = event.tiles.find((each) => each.key === tile.key) ?? null;
          tile.update(report);
          if (report) this.#history.report(tile.vehicle.name, report);
        }
        this.view.holds(event.liveObjects);
        this.view.figures(
          this.#board.focused,
          event.tiles.find((each) => each.key === this.#board.focused?.key) ?? null,
          event.tiles.reduce((sum, each) => sum + each.inferenceFps, 0),
        );
        break;
      case 'engine':
        this.view.engine(
          `${event.engine.title} · ${event.engine.kind === 'webgpu' ? 'WebGPU' : 'processor'}`,
        );
        break;
      case 'progress':
        this.view.engine(
          event.progress.phase === 'compile' ? 'Compiling the network…' : 'Loading the network…',
        );
        break;
      case 'notice':
        this.view.notice(event.error);
        break;
      case 'canvas-needed': {
        const tile = this.#board.withKey(event.key);
        if (tile) void this.#wall?.api.replaceCanvas(event.key, tile.freshCanvas());
        break;
      }
      case 'seen': {
        const tile = this.#board.withKey(event.key);
        if (!tile) break;
        const { width, height, classes, drivable, edges } = event.map;
        const share = drivable.reduce((sum, p) => sum + (p >= 128 ? 1 : 0), 0) / Math.max(1, drivable.length);
        this.#viewing.share({ vehicle: tile.vehicle.id, width, height, classes, share, edges });
        break;
      }
      case 'scene-events': {
        const tile = this.#board.withKey(event.key);
        if (tile) this.view.events.add(tile.vehicle.name, event.events, Date.now());
        break;
      }
      case 'picture':
        break;
    }
  }

  #remoteMask({ vehicle, width, height, classes, share, edges }: SharedMask): void {
    const tile = this.#board.of(vehicle);
    if (!tile) return;
    tile.remoteShare = share;
    const drivable = drivableOf(classes);
    void this.#wall?.api.showRemote(tile.key, { width, height, classes, drivable, edges });
  }

  #sessionState(state: Parameters<WallView['session']>[0], error: ErrorReport | null): void {
    this.view.session(state, error);
    const broken = state === 'reconnecting' || state === 'joining';
    for (const tile of this.#board.tiles) {
      if (broken && tile.state === 'showing') tile.state = 'reconnecting';
      else if (state === 'joined' && tile.state === 'reconnecting') tile.state = 'showing';
    }
  }

  async #addToWall(tile: Tile): Promise<void> {
    await this.#wall?.api.addTile(tile.key, tile.freshCanvas(), tile.pixels(), this.#viewOf(tile));
  }

  #removed(tile: Tile): void {
    this.#clones.get(tile.key)?.stop();
    this.#clones.delete(tile.key);
    this.#focusChanged();
    void this.#wall?.api.removeTile(tile.key);
  }

  #focusChanged(): void {
    const { focused } = this.#board;
    this.view.setFocused(focused);
    void this.#wall?.api.focus(focused?.key ?? null);
    this.#wantAll();
  }

  /** Hands a track's frames to the worker; the track can only be read in the window. */
  #attach(vehicle: string, track: MediaStreamTrack): void {
    const tile = this.#board.of(vehicle);
    const Processor = (globalThis as { MediaStreamTrackProcessor?: TrackProcessorClass })
      .MediaStreamTrackProcessor;
    this.#tracks.set(vehicle, track);
    if (!tile || !this.#wall) return;
    if (!Processor) {
      this.view.notice(reportOf(new Error('no MediaStreamTrackProcessor'), 'live-unsupported'));
      return;
    }
    // A clone of its own for each reader: a track's frames can be taken by one processor only.
    const clone = track.clone();
    this.#clones.get(tile.key)?.stop();
    this.#clones.set(tile.key, clone);
    const { readable } = new Processor({ track: clone, maxBufferSize: 1 });
    void this.#wall.api.attach(tile.key, { kind: 'stream', stream: readable, rotation: 0 });
  }

  #wantAll(): void {
    for (const tile of this.#board.tiles) this.#want(tile);
  }

  #want(tile: Tile): void {
    const hidden = document.hidden || !tile.visible;
    const alone = this.#board.tiles.length === 1;
    const want: Want = hidden ? 'nothing' : tile === this.#board.focused || alone ? 'full' : 'thumbnail';
    if (!this.#board.waits(tile)) this.#viewing.want(tile.vehicle.id, want);
    void this.#wall?.api.setPaused(tile.key, hidden);
  }

  #setMode(mode: OverlayMode): void {
    this.#setBase({ mode });
  }

  #setBase(patch: Partial<OverlayView>): void {
    this.#base = { ...this.#base, ...patch };
    for (const tile of this.#board.tiles) void this.#wall?.api.setTileView(tile.key, this.#viewOf(tile));
  }

  #viewOf(tile: Tile): OverlayView {
    if (tile.overlay) return this.#base;
    return { ...this.#base, opacity: 0, outline: false, scene: { ...this.#base.scene, boundary: false } };
  }

  /** Reads the links' figures, for the tiles and the charts. */
  async #look(): Promise<void> {
    for (const tile of [...this.#board.tiles]) {
      const figures = await this.#viewing.figures(tile.vehicle.id).catch(() => null);
      if (!figures) continue;
      tile.roundTrip = figures.roundTrip;
      this.#history.link(tile.vehicle.name, figures);
    }
    this.#history.tick();
    this.view.charts();
  }
}
