/**
 * The dashboard: a room's vehicles as tiles, their pictures through one worker. Keeps tiles, streams and the worker in
 * step, and asks the server only for what is looked at.
 */
import type { ErrorReport } from '../../errors';
import { reportOf } from '../../errors';
import type { Vehicle } from '../../live/protocol';
import { drivableOf, type SharedMask } from '../../live/shared-mask';
import { Viewing, type Want } from '../../live/viewing';
import { DEFAULT_VIEW, type OverlayMode, type OverlayView } from '../../overlay/view';
import type { WallEvent } from '../../pipeline/wall-api';
import { History } from './history';
import type { LiveParams } from './params';
import { sessionPorts } from './session-ports';
import { Tile, type TileActions } from './tile';
import type { LinkWall, WallLink } from './wall-link';
import { WallView } from './wall-view';

/** Most tiles of a page: more would be stamps. The room may hold more vehicles. */
const TILES_MAX = 9;

/** Milliseconds for which the tile of a vehicle that left waits for it to come back. */
const LINGER = 20_000;

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
  readonly #tiles: Tile[] = [];
  readonly #lingering = new Map<Tile, ReturnType<typeof setTimeout>>();
  readonly #viewing: Viewing;
  readonly #history = new History();
  /** Tracks by vehicle, for a worker that has to be replaced. They belong to the room. */
  readonly #tracks = new Map<string, MediaStreamTrack>();
  #wall: WallLink | null = null;
  #focused: Tile | null = null;
  #next = 1;
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
    this.#viewing = new Viewing(sessionPorts(params.room, 'view', params.token), {
      state: (state, error) => this.#sessionState(state, error),
      vehicles: (vehicles) => this.#vehicles(vehicles),
      track: (vehicle, track) => this.#attach(vehicle, track),
      score: (vehicle, score) => {
        const tile = this.#tileOf(vehicle);
        if (tile) tile.score = score;
      },
      layer: (vehicle, spatial) => {
        const tile = this.#tileOf(vehicle);
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
        if (event.key === 'Escape' && this.#focused) this.focus(null);
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
    for (const timer of this.#lingering.values()) clearTimeout(timer);
    await this.#viewing.leave();
    for (const tile of this.#tiles) tile.dispose();
    this.#wall?.terminate();
    this.view.dispose();
  }

  /** Breaks the connection as a network would: for tests. */
  drop(): void {
    this.#viewing.session.drop();
  }

  focus(tile: Tile | null): void {
    const next = tile === this.#focused ? null : tile;
    this.#focused = next;
    for (const each of this.#tiles) each.focused = each === next;
    this.view.setFocused(next);
    void this.#wall?.api.focus(next?.key ?? null);
    this.#wantAll();
    (next ?? tile)?.element.focus();
  }

  toggleOverlay(tile: Tile): void {
    tile.setOverlay(!tile.overlay);
    void this.#wall?.api.setTileView(tile.key, this.#viewOf(tile));
  }

  move(tile: Tile, by: -1 | 1): void {
    const at = this.#tiles.indexOf(tile);
    const to = at + by;
    if (to < 0 || to >= this.#tiles.length) return;
    this.#tiles.splice(at, 1);
    this.#tiles.splice(to, 0, tile);
    this.view.order(this.#tiles);
    tile.element.focus();
  }

  dropped(key: string, on: Tile): void {
    const dragged = this.#tiles.find((tile) => tile.key === key);
    if (!dragged || dragged === on) return;
    const to = this.#tiles.indexOf(on);
    this.#tiles.splice(this.#tiles.indexOf(dragged), 1);
    this.#tiles.splice(to, 0, dragged);
    this.view.order(this.#tiles);
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
      const started = wall.api.start(this.params.engine === 'off' ? 'wasm' : this.params.engine);
      for (const tile of this.#tiles) void this.#addToWall(tile);
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
    for (const tile of this.#tiles) {
      const track = this.#tracks.get(tile.vehicle.id);
      if (track) this.#attach(tile.vehicle.id, track);
    }
  }

  #onEvent(event: WallEvent): void {
    switch (event.type) {
      case 'report':
        for (const tile of this.#tiles) {
          const report = event.tiles.find((each) => each.key === tile.key) ?? null;
          tile.update(report);
          if (report) this.#history.report(tile.vehicle.name, report);
        }
        this.view.figures(
          this.#focused,
          event.tiles.find((each) => each.key === this.#focused?.key) ?? null,
          event.tiles.reduce((sum, each) => sum + each.inferenceFps, 0),
        );
        break;
      case 'engine':
        this.view.engine(
          `${event.engine.title} · ${event.engine.kind === 'webgpu' ? 'WebGPU' : 'WebAssembly'}`,
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
        const tile = this.#tiles.find((each) => each.key === event.key);
        if (tile) void this.#wall?.api.replaceCanvas(event.key, tile.freshCanvas());
        break;
      }
      case 'seen': {
        const tile = this.#tiles.find((each) => each.key === event.key);
        if (!tile) break;
        const { width, height, classes, drivable, edges } = event.map;
        const share = drivable.reduce((sum, p) => sum + (p >= 128 ? 1 : 0), 0) / Math.max(1, drivable.length);
        this.#viewing.share({ vehicle: tile.vehicle.id, width, height, classes, share, edges });
        break;
      }
      case 'picture':
        break;
    }
  }

  #remoteMask({ vehicle, width, height, classes, share, edges }: SharedMask): void {
    const tile = this.#tileOf(vehicle);
    if (!tile) return;
    tile.remoteShare = share;
    const drivable = drivableOf(classes);
    void this.#wall?.api.showRemote(tile.key, { width, height, classes, drivable, edges });
  }

  #sessionState(state: Parameters<WallView['session']>[0], error: ErrorReport | null): void {
    this.view.session(state, error);
    const broken = state === 'reconnecting' || state === 'joining';
    for (const tile of this.#tiles) {
      if (broken && tile.state === 'showing') tile.state = 'reconnecting';
      else if (state === 'joined' && tile.state === 'reconnecting') tile.state = 'showing';
    }
  }

  #vehicles(vehicles: readonly Vehicle[]): void {
    for (const tile of [...this.#tiles])
      if (!vehicles.some((vehicle) => vehicle.id === tile.vehicle.id)) this.#leave(tile);
    for (const vehicle of vehicles) {
      if (this.#tileOf(vehicle.id)) continue;
      const waiting = [...this.#lingering.keys()].find((tile) => tile.vehicle.name === vehicle.name);
      if (waiting) this.#comeBack(waiting, vehicle);
      else if (this.#tiles.length < TILES_MAX) this.#add(vehicle);
    }
    this.view.counts(this.#tiles.length, vehicles.length);
    this.#wantAll();
  }

  #add(vehicle: Vehicle): void {
    const tile = new Tile(`tile-${this.#next++}`, vehicle, this);
    this.#tiles.push(tile);
    this.view.order(this.#tiles);
    tile.state = 'waiting';
    if (this.#wall) void this.#addToWall(tile);
  }

  async #addToWall(tile: Tile): Promise<void> {
    await this.#wall?.api.addTile(tile.key, tile.freshCanvas(), tile.pixels(), this.#viewOf(tile));
  }

  /** A vehicle has left: its last picture stays for a while, since most come back. */
  #leave(tile: Tile): void {
    if (this.#lingering.has(tile)) return;
    this.#tracks.delete(tile.vehicle.id);
    tile.state = 'gone';
    tile.score = null;
    this.#lingering.set(
      tile,
      setTimeout(() => this.#remove(tile), LINGER),
    );
  }

  #comeBack(tile: Tile, vehicle: Vehicle): void {
    clearTimeout(this.#lingering.get(tile));
    this.#lingering.delete(tile);
    tile.rename(vehicle);
    tile.state = 'waiting';
  }

  #remove(tile: Tile): void {
    this.#lingering.delete(tile);
    this.#tiles.splice(this.#tiles.indexOf(tile), 1);
    if (this.#focused === tile) this.focus(null);
    tile.dispose();
    void this.#wall?.api.removeTile(tile.key);
    this.view.order(this.#tiles);
    this.view.counts(this.#tiles.length, this.#viewing.vehicles.length);
    // One that found no place before may have it now.
    this.#vehicles(this.#viewing.vehicles);
  }

  #tileOf(vehicle: string): Tile | undefined {
    return this.#tiles.find((tile) => tile.vehicle.id === vehicle && !this.#lingering.has(tile));
  }

  /** Hands a track's frames to the worker; the track can only be read in the window. */
  #attach(vehicle: string, track: MediaStreamTrack): void {
    const tile = this.#tileOf(vehicle);
    const Processor = (globalThis as { MediaStreamTrackProcessor?: TrackProcessorClass })
      .MediaStreamTrackProcessor;
    this.#tracks.set(vehicle, track);
    if (!tile || !this.#wall) return;
    if (!Processor) {
      this.view.notice(reportOf(new Error('no MediaStreamTrackProcessor'), 'live-unsupported'));
      return;
    }
    // A clone of its own for each reader: a track's frames can be taken by one processor only.
    const { readable } = new Processor({ track: track.clone(), maxBufferSize: 1 });
    void this.#wall.api.attach(tile.key, { kind: 'stream', stream: readable, rotation: 0 });
  }

  #wantAll(): void {
    for (const tile of this.#tiles) this.#want(tile);
  }

  #want(tile: Tile): void {
    const hidden = document.hidden || !tile.visible;
    const alone = this.#tiles.length === 1;
    const want: Want = hidden ? 'nothing' : tile === this.#focused || alone ? 'full' : 'thumbnail';
    if (!this.#lingering.has(tile)) this.#viewing.want(tile.vehicle.id, want);
    void this.#wall?.api.setPaused(tile.key, hidden);
  }

  #setMode(mode: OverlayMode): void {
    this.#setBase({ mode });
  }

  #setBase(patch: Partial<OverlayView>): void {
    this.#base = { ...this.#base, ...patch };
    for (const tile of this.#tiles) void this.#wall?.api.setTileView(tile.key, this.#viewOf(tile));
  }

  #viewOf(tile: Tile): OverlayView {
    return tile.overlay ? this.#base : { ...this.#base, opacity: 0, outline: false };
  }

  /** Reads the links' figures, for the tiles and the charts. */
  async #look(): Promise<void> {
    for (const tile of [...this.#tiles]) {
      const figures = await this.#viewing.figures(tile.vehicle.id).catch(() => null);
      if (!figures) continue;
      tile.roundTrip = figures.roundTrip;
      this.#history.link(tile.vehicle.name, figures);
    }
    this.#history.tick();
    this.view.charts();
  }
}
